/** The elements that are open while a page is read from its tags: enough to say where a text stands, without a tree. */

/** Elements that stand within a line of text; all others begin and end a block. */
const inlineNames = new Set(
  "a,abbr,acronym,b,bdi,bdo,big,cite,code,data,del,dfn,em,font,i,ins,kbd,mark,meter,nobr,output,q,rp,rt,ruby,s,samp,small,span,strike,strong,sub,sup,time,tspan,tt,u,var,wbr,img,br".split(
    ",",
  ),
);
const voidNames = new Set("area,base,basefont,bgsound,br,col,embed,frame,hr,img,input,keygen,link,meta,param,source,track,wbr".split(","));
/** Elements that people know a part of a page by. */
const landmarkNames = new Set("head,header,main,nav,aside,footer,article,section,form,table,dialog,template,svg".split(","));
/** Elements that end where the next of their kind begins, as authors leave out their end tags. */
const selfClosedBy = new Set("p,li,dt,dd,tr,td,th,option".split(","));

export const isInline = (name: string): boolean => inlineNames.has(name);
export const isVoid = (name: string): boolean => voidNames.has(name);

interface Open {
  readonly name: string;
  /** The nearest block around it, itself included. */
  readonly block: string;
  readonly landmark: string;
  readonly isTemplate: boolean;
  /** Within what is struck out. */
  readonly isStruck: boolean;
  readonly isForeign: boolean;
}

const struckNames: ReadonlySet<string> = new Set(["del", "s", "strike"]);

const outermost: Open = { name: "", block: "", landmark: "", isTemplate: false, isStruck: false, isForeign: false };

/** Drawings and formulas, up to where they hold HTML again. */
const isForeignIn = (name: string, around: Pick<Open, "isForeign">): boolean =>
  name === "svg" || name === "math" || (around.isForeign && name !== "foreignobject" && name !== "desc");

/** End tags close what they name and everything within it; those that name nothing open are ignored, and none reaches out of a template. */
export class OpenElements {
  readonly #open: Open[] = [];
  /** How many of each name are open, for each template that is open and for what is outside: end tags are looked up without a search. */
  readonly #counts: Map<string, number>[] = [new Map()];
  #depthMax = 0;

  get depth(): number {
    return this.#open.length;
  }

  /** The deepest nesting so far. */
  get depthMax(): number {
    return this.#depthMax;
  }

  get top(): Open {
    return this.#open.at(-1) ?? outermost;
  }

  enter(name: string, isSample: boolean): void {
    if (selfClosedBy.has(name) && this.top.name === name) this.#pop();
    const around = this.top;
    this.#open.push({
      name,
      block: isInline(name) ? around.block : name,
      landmark: landmarkNames.has(name) ? name : around.landmark,
      isTemplate: around.isTemplate || isSample || name === "template",
      isStruck: around.isStruck || struckNames.has(name),
      isForeign: isForeignIn(name, around),
    });
    const counts = this.#counts.at(-1);
    counts?.set(name, (counts.get(name) ?? 0) + 1);
    if (name === "template") this.#counts.push(new Map());
    this.#depthMax = Math.max(this.#depthMax, this.#open.length);
  }

  leave(name: string): void {
    if (name === "template") {
      if (this.#counts.length === 1) return;
      this.#counts.pop();
      while (this.#open.length > 0 && this.#pop() !== name);
      return;
    }
    if ((this.#counts.at(-1)?.get(name) ?? 0) === 0) return;
    while (this.#open.length > 0 && this.#pop() !== name);
  }

  #pop(): string {
    const { name } = this.#open.pop() ?? outermost;
    const counts = this.#counts.at(-1);
    counts?.set(name, (counts.get(name) ?? 0) - 1);
    return name;
  }
}

/** Follows a script's tokens closely enough to call a literal by the constant, property or function that it is given to. */

interface Level {
  readonly sign: string;
  /** Of the object, list or call itself. */
  readonly name: string;
  /** What the value that comes next is given to, within the level. */
  given: string;
  index: number;
}

const nameMax = 200;
const depthMax = 2000;
/** Words after which a value, not an operator, comes. */
const operators = new Set(
  "return,typeof,instanceof,in,of,new,delete,void,throw,case,do,else,yield,await,const,let,var,export,default,import,from,extends".split(
    ",",
  ),
);

export class ScriptNames {
  readonly #levels: Level[] = [{ sign: "", name: "", given: "", index: 0 }];
  /** The last name with what stands before its dots: `window.TRIP.start`. */
  #chain = "";
  #before = "";
  #beforeThat = "";
  /** The last token ends a value: an operator follows, or a new statement. */
  isAfterValue = false;

  get isInTemplate(): boolean {
    return this.#top.sign === "`";
  }

  /** A string here may be a property's name. */
  get mayBeKey(): boolean {
    return this.#top.sign === "{" && (this.#before === "{" || this.#before === ",");
  }

  get #top(): Level {
    return this.#levels.at(-1) ?? { sign: "", name: "", given: "", index: 0 };
  }

  /** What a value here is given to. */
  current(): string {
    const { sign, name, given, index } = this.#top;
    if (sign === "[") return name === "" ? "" : `${name}[${index}]`.slice(0, nameMax);
    return (name === "" || given === "" ? name || given : `${name}.${given}`).slice(0, nameMax);
  }

  word(name: string): void {
    if (operators.has(name)) {
      this.#statement();
      this.#step(name, false);
      return;
    }
    this.#statement();
    this.#chain = (this.#before === "." || this.#before === "?.") && this.#chain !== "" ? `${this.#chain}.${name}`.slice(-nameMax) : name;
    this.#step("word", true);
  }

  /** Two values in a row: a line ended without a semicolon. */
  #statement(): void {
    if (this.isAfterValue && this.#top.sign !== "(") this.#top.given = "";
  }

  beforeValue(): void {
    this.#statement();
  }

  value(said: string = ""): void {
    this.#chain = said;
    this.#step("value", true);
  }

  interrupt(): void {
    this.#open("`", this.current());
  }

  resume(): void {
    this.#levels.pop();
    this.isAfterValue = false;
  }

  sign(sign: string): void {
    if (sign === "{" || sign === "[" || sign === "(") this.#open(sign, this.#nameOf(sign));
    else if (sign === "}" || sign === "]" || sign === ")") this.#close(sign);
    else this.#between(sign);
  }

  #close(sign: string): void {
    if (this.#levels.length > 1 && !this.isInTemplate) this.#levels.pop();
    this.#chain = "";
    this.#step(sign, true);
  }

  #between(sign: string): void {
    const top = this.#top;
    if (sign === "=" || (sign === ":" && this.#isAfterKey)) top.given = this.#chain;
    if (sign === "," || sign === ";") {
      top.given = "";
      top.index += 1;
    }
    const isDot = sign === "." || sign === "?.";
    if (!isDot || this.#before !== "word") this.#chain = "";
    this.#step(sign, false);
  }

  get #isAfterKey(): boolean {
    return this.#top.sign === "{" && (this.#beforeThat === "{" || this.#beforeThat === ",");
  }

  /** What stands inside is called by what it is given to; by the function that is called where it is given to nothing. */
  #nameOf(sign: string): string {
    const current = this.current();
    if (sign === "(") return current !== "" || this.#before !== "word" ? current : `${this.#chain}()`;
    if (sign === "[" && this.isAfterValue) return "";
    return sign === "{" && (this.isAfterValue || this.#before === "=>" || this.#before === ";") ? "" : current;
  }

  #open(sign: string, name: string): void {
    // Deeper scripts are generated; their names are lost, their strings are not.
    if (this.#levels.length < depthMax || sign === "`") this.#levels.push({ sign, name, given: "", index: 0 });
    this.#step(sign, false);
  }

  #step(token: string, isValue: boolean): void {
    this.#beforeThat = this.#before;
    this.#before = token;
    this.isAfterValue = isValue;
  }
}

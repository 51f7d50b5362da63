/** Where tags, comments and code stand in a text that is HTML. */

interface Attribute {
  readonly name: string;
  /** UTF-16 offsets of the value between its quotes. */
  readonly from: number;
  readonly to: number;
  readonly quote: string;
}

export interface Tag {
  /** In small letters; empty for a comment. */
  readonly name: string;
  readonly isEnd: boolean;
  readonly from: number;
  readonly to: number;
  readonly attributes: readonly Attribute[];
}

/** What is written in events. Anything else between such brackets (`<jonah@example.org>`) is text. */
const elements: ReadonlySet<string> = new Set(
  (
    "a abbr address article b big blockquote body br caption center code col colgroup dd del div dl dt em font footer h1 h2 h3 h4 h5 h6 head " +
    "header hr html i img ins kbd li link main mark meta nobr ol p pre q s script section small span strike strong style sub sup table tbody " +
    "td template tfoot th thead time title tr tt u ul var wbr"
  ).split(" "),
);

/** Elements whose text nobody reads. */
const code: ReadonlySet<string> = new Set(["script", "style", "template"]);
const begin = /<(?<end>\/?)(?<name>[a-zA-Z][a-zA-Z0-9:-]{0,40})/uy;

/** In order, without overlap. What only looks like a tag (`< 4:30`, `<4`) is none. One pass over the text. */
export function tagsIn(text: string): readonly Tag[] {
  const tags: Tag[] = [];
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at)) {
    const tag = text.startsWith("<!", at) || text.startsWith("<?", at) ? declarationAt(text, at) : tagAt(text, at);
    if (tag === undefined) at += 1;
    else {
      tags.push(tag);
      ({ to: at } = tag);
    }
  }
  return tags;
}

function declarationAt(text: string, from: number): Tag {
  const mark = text.startsWith("<!--", from) ? "-->" : ">";
  const end = text.indexOf(mark, from + 2);
  return { name: "", isEnd: false, from, to: end < 0 ? text.length : end + mark.length, attributes: [] };
}

function tagAt(text: string, from: number): Tag | undefined {
  begin.lastIndex = from;
  const found = begin.exec(text);
  const name = found?.groups?.["name"]?.toLowerCase();
  if (!found || name === undefined || !(elements.has(name) || name.includes(":")) || !/[\s/>]/u.test(text.charAt(begin.lastIndex)))
    return undefined;
  const isEnd = found.groups?.["end"] === "/";
  const { attributes, to } = attributesAt(text, from + found[0].length);
  if (isEnd || !code.has(name)) return { name, isEnd, from, to, attributes };
  const end = endOf(text, name, to);
  return { name, isEnd, from, to: end, attributes: [] };
}

/** Behind the end tag of an element of code. */
function endOf(text: string, name: string, from: number): number {
  const found = text.slice(from).search(new RegExp(`</${name}`, "iu"));
  const close = found < 0 ? -1 : text.indexOf(">", from + found);
  return close < 0 ? text.length : close + 1;
}

const attribute = /[\s/]*(?:(?<name>[^\s"'<>/=]{1,60})(?:\s*=\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|[^\s"'<>]+))?)?/duy;

function attributesAt(text: string, from: number): Pick<Tag, "attributes" | "to"> {
  const attributes: Attribute[] = [];
  let at = from;
  for (;;) {
    attribute.lastIndex = at;
    const found = attribute.exec(text);
    const { name, double } = found?.groups ?? {};
    if (found === null || name === undefined) {
      const close = text.indexOf(">", at);
      return { attributes, to: close < 0 ? text.length : close + 1 };
    }
    const span = found.indices?.groups?.["double"] ?? found.indices?.groups?.["single"];
    if (span) attributes.push({ name: name.toLowerCase(), from: span[0], to: span[1], quote: double === undefined ? "'" : '"' });
    at += found[0].length;
  }
}

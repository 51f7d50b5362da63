/** Whether a text that reads like a known name or description is one: addresses, code and ordinary words are not. */

import type { Segment } from "../document.ts";
import type { FieldType } from "../value.ts";

/** `isOpen`: it may be meant all the same, and only a person can tell. */
interface NotMeant {
  readonly why: string;
  readonly isOpen: boolean;
}

/** Attributes that lead somewhere, or that only programs read. */
const codeAttributes: ReadonlySet<string> = new Set(
  (
    "href,src,srcset,imagesrcset,action,formaction,poster,cite,data,background,ping,manifest,longdesc,usemap,profile,codebase," +
    "class,id,for,name,form,list,headers,rel,type,target,lang,role,slot,part,style,itemprop,itemtype,itemid,itemref,property," +
    "http-equiv,aria-labelledby,aria-describedby,aria-controls,aria-owns,autocomplete,pattern,accept,media,sizes"
  ).split(","),
);

/** Given names, boats and the like that are words of their own: alone they name nobody in running text. */
const commonWords: ReadonlySet<string> = new Set(
  (
    "january february march april may june july august september october november december monday tuesday wednesday thursday friday " +
    "saturday sunday amber angel art autumn basil bay bill bliss bob brook buck can carol cash chance charity chase chip christian chuck clay cliff " +
    "colt coral crystal daisy dale dawn dean destiny dolly drew duke dusty earl eve faith fern flora ford forest frank gale gene ginger glen grace " +
    "grant guy harmony harry haven hazel heather holly honor hope hunter iris ivy jack jade jay jean jewel joy junior king lance lane lark laurel " +
    "liberty lily love marina mark marsh mason max mayor melody mercy merry mike miles misty noble noel norm ocean olive opal page pansy parker pat " +
    "patience pearl peg penny petal pierce piper pip poppy prince rain ray reed rich river rob robin rock rod rose ruby rusty sage sandy " +
    "sky skip sol star sterling stone storm stormy sue summer sunny sunrise sunset tab temple tiger trip trinity van victor violet wade ward will willow " +
    "winter wolf woody wren young guest captain crew skipper private charter welcome contact home"
  ).split(" "),
);

/** Before these a word is part of a place's name: Santa Ana, Port Grace. */
const placeWords = /(?:^|[^\p{L}])(?:san|santa|santo|saint|st|st\.|mount|mt|mt\.|fort|port|lake|cape|new|upper|lower)\s+$/iu;
/** Beside these a common word is a name. */
const personWords = /(?:^|[^\p{L}])(?:mr|mrs|ms|miss|mx|dr|capt|captain|skipper|dear|hi|hello|guest|host|herr|frau)\.?,?\s+$/iu;
const schemes = /(?:^|[^\p{L}])(?:mailto|tel|sms|data|javascript|urn|webcal|https?|ftp|file):$/iu;
const runEnds = /[\s"'<>()[\]{}|,;`]/u;
/** An address is looked at so far on either side. */
const runMax = 200;

const isNamed = (type: FieldType): boolean => type === "person" || type === "people" || type === "place" || type === "text";

interface Span {
  readonly from: number;
  readonly to: number;
}

/** `undefined` where the text from `from` to `to` is what it reads like. Keys, links, addresses and numbers always are. */
export function whyNotMeant(segment: Pick<Segment, "text" | "place">, span: Span, type: FieldType): NotMeant | undefined {
  const { text } = segment;
  if (!isNamed(type)) return undefined;
  const address = inAddress(segment, span);
  if (address !== undefined) return settled(address);
  const raw = text.slice(span.from, span.to);
  const isSingle = !/\s/u.test(raw);
  if (/^\p{Ll}/u.test(raw) && isSingle) return settled("in small letters, as an ordinary word");
  if (/^\p{Ll}/u.test(raw) && (type === "person" || type === "people")) return { why: "is in small letters", isOpen: true };
  return isSingle && text.replaceAll(/^[\s.,:;!?]+|[\s.,:;!?]+$/gu, "") !== raw ? whyNoneAlone(text, span) : undefined;
}

/** Why a text is a part of an address or of code, where it is. */
export function inAddress({ text, place }: Pick<Segment, "text" | "place">, span: Span): string | undefined {
  if (place.medium === "attribute" && codeAttributes.has(place.name)) return "part of an address, or a name in code";
  return isInAddress(text, span, place.medium === "script" || place.medium === "attribute") ? "part of an address" : undefined;
}

const settled = (why: string): NotMeant => ({ why, isOpen: false });

/** One word among others: what stands beside it tells whether it is a word of the language, or a part of another name. */
function whyNoneAlone(text: string, { from, to }: Span): NotMeant | undefined {
  const before = text.slice(Math.max(0, from - 24), from);
  if (commonWords.has(text.slice(from, to).toLowerCase()) && !personWords.test(before)) return settled("a word of the language");
  if (placeWords.test(before)) return settled("part of a place's name");
  // A town and its state: Ana, CA.
  if (/^, \p{Lu}{2}(?!\p{L})/u.test(text.slice(to, to + 5))) return { why: "may be part of a place's name", isOpen: true };
  return /^ (?=\p{Lu}[\p{L}\p{M}'’-])/u.test(text.slice(to, to + 4)) ? { why: "may be part of a longer name", isOpen: true } : undefined;
}

/** The characters that touch it, up to a space, a quote or a bracket, are a link, a path, a handle or a query. */
function isInAddress(text: string, { from, to }: Span, isCode: boolean): boolean {
  let start = from;
  while (start > 0 && from - start < runMax && !runEnds.test(text.charAt(start - 1))) start -= 1;
  let end = to;
  while (end < text.length && end - to < runMax && !runEnds.test(text.charAt(end))) end += 1;
  const [before, after] = [text.slice(start, from), text.slice(to, end)];
  return before + after !== "" && (beginsAddress(before) || isPath(before, after, isCode));
}

const beginsAddress = (before: string): boolean =>
  /[@#\\]$|:\/\/|^\.{0,2}\/|^www\./u.test(before) || schemes.test(before) || /[?&].*=|=.*[?&]/u.test(before);

function isPath(before: string, after: string, isCode: boolean): boolean {
  const slashes = before.split("/").length + after.split("/").length - 2;
  if (slashes === 0) return /^(?::\/\/|\\)/u.test(after);
  return isCode || slashes > 1 || /\.[a-z\d]{1,5}$/iu.test(after);
}

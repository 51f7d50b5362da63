/** Fields that a page names by their own name: `data-code="PTR4LU"`, "Code: PTR4LU". Only for keys and links, whose values show what they are. */

import type { Place } from "../document.ts";
import type { Field, RecordKind, RecordSystem } from "../kind.ts";

/** Name of a field as it compares with the name of a place: `guest_code`, `guestCode` and `GUEST-CODE` are one. */
export const plainName = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");

const isOwn = ({ type }: Field): boolean => type === "key" || type === "link";
const namesOf = ({ name, words }: Field): readonly string[] => [name, ...words];

/** The field whose name, or one of whose words, a place of a page has. */
export function fieldCalled({ medium, name }: Place, { fields }: RecordKind, { medium: system }: RecordSystem): Field | undefined {
  if (system !== "pages" && system !== "web-page") return undefined;
  if (medium === "attribute" ? !name.startsWith("data-") : !named.has(medium)) return undefined;
  const last = plainName((medium === "attribute" ? name.slice("data-".length) : name).split(".").at(-1) ?? "");
  return last === "" ? undefined : fields.find((field) => isOwn(field) && namesOf(field).some((one) => plainName(one) === last));
}

const named: ReadonlySet<string> = new Set(["meta", "json-ld", "microdata", "script"]);

/** Every spelling of those names that a page may have in its code, so that a reading of parts of a page does not pass over them. */
export function ownNames({ fields }: Pick<RecordKind, "fields">): readonly string[] {
  const spelled = fields
    .filter(isOwn)
    .flatMap(namesOf)
    .flatMap((name) => {
      const words = name
        .replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, " ")
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u)
        .filter((word) => word !== "");
      const capital = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
      const all = [words.join("_"), words.join("-"), words.join(""), [words[0] ?? "", ...capital.slice(1)].join(""), capital.join("")];
      return [name, ...all, ...all.map((one) => one.toUpperCase())].flatMap((one) => [one, `@data-${one}`]);
    });
  const links = fields.some(({ type, words }) => type === "link" && words.length > 0) ? ["@href", "@src"] : [];
  return [...new Set([...spelled, ...links])];
}

const code = /^#?[\p{L}\p{N}](?:[\p{L}\p{N}_-]{2,38})[\p{L}\p{N}]$/u;

/** At least four characters, with a digit or all in capitals: `PTR4LU`, `kiln-7a`. */
const isCodeLike = (text: string): boolean => code.test(text) && (/\p{N}/u.test(text) || !/\p{Ll}/u.test(text));

const address = /^(?:https?:\/\/|\/\/|\.{0,2}\/)[^\s<>"']+$/iu;

/** Whether a text can be the value of a field that is known by its name alone. */
export function isOwnValue({ type }: Field, text: string, { medium }: Pick<Place, "medium">): boolean {
  if (type === "link") return address.test(text.trim());
  // Programs have names in capitals for much: ENOENT.
  return isCodeLike(text.trim()) && (medium !== "script" || /\p{N}/u.test(text));
}

/** Codes of other things. */
const otherCodes =
  /(?<![\p{L}])(?:promo|promotion(?:al)?|discount|coupon|gift|dress|zip|postal|post|area|country|dial(?:l?ing)?|bar|qr|source|error|status|wi-?fi|door|gate|access|entry|entrance|parking|lock|pin|verification|security|tax|colou?r|airport|hex|sort|swift|bank|language|currency|morse|building|fire|highway|referral|rabatt|gutschein)[\s-]*$/iu;

export interface OwnMention {
  /** UTF-16 offsets of the code. */
  readonly from: number;
  readonly to: number;
}

/** How a field's own name is looked for: its first word in lower case, and the whole of it with a code behind it. */
interface NamePattern {
  readonly first: string;
  readonly pattern: RegExp;
}

const namePatterns = new Map<string, NamePattern | undefined>();
/** Names come from belay.yaml, so there are few. */
const namePatternsMax = 1000;

function namePatternOf(name: string): NamePattern | undefined {
  if (namePatterns.has(name)) return namePatterns.get(name);
  const words = name
    .replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, " ")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  const pattern = new RegExp(
    String.raw`(?<![\p{L}\p{N}_-])(?<label>${words.join(String.raw`[\s_-]?`)})(?<joint>\s{0,3}[:=–—(]\s{0,3}|\s{1,3}(?:is\s{1,3}|no\.?\s{1,3}|nr\.?\s{1,3})?)(?<said>#?[\p{L}\p{N}][\p{L}\p{N}_-]{2,38}[\p{L}\p{N}])(?![\p{L}\p{N}_@/-]|[.:][\p{L}\p{N}])`,
    "giu",
  );
  const found = words.length === 0 ? undefined : { first: (words[0] ?? "").toLowerCase(), pattern };
  if (namePatterns.size < namePatternsMax) namePatterns.set(name, found);
  return found;
}

const noCodes: readonly OwnMention[] = [];

/** Codes behind the field's own name in a sentence: "Code: PTR4LU", "your code is PTR4LU". "Code of conduct" and "promo code SAVE20" are none. */
export function codesNamed(text: string, { name }: Field): readonly OwnMention[] {
  const sought = namePatternOf(name);
  if (!sought || !text.toLowerCase().includes(sought.first)) return noCodes;
  return [...text.matchAll(sought.pattern)].flatMap(({ index, groups = {} }): OwnMention[] => {
    const { label = "", joint = "", said = "" } = groups;
    const isMarked = /[:=–—(]/u.test(joint);
    // In a line of capitals every word is one; a bare number behind a word counts things.
    const isSure = label === label.toUpperCase() || (!isMarked && /^\d+$/u.test(said)) ? /\p{L}/u.test(said) && /\p{N}/u.test(said) : true;
    if (!isCodeLike(said) || !isSure || otherCodes.test(text.slice(Math.max(0, index - 24), index))) return [];
    const from = index + label.length + joint.length;
    return [{ from, to: from + said.length }];
  });
}

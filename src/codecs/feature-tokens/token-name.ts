import type { TermKind } from "../../core/page-terms.ts";
import type { FeatureToken } from "../../core/site.ts";

const fillers = new Set(
  "a,an,and,at,by,for,from,in,of,on,or,our,the,to,us,we,with,your,http,https,www,data,html,com,org,net,js,css,src,true,false".split(","),
);
const wordsMax = 4;

export interface NameSource {
  readonly text: string;
  readonly kind: TermKind;
  readonly rule: FeatureToken["rule"];
}

/** A SCREAMING_SNAKE name made from a text's most telling words, with an underscore in it, unlike every name that is taken. */
export function tokenName({ text, kind, rule }: NameSource, taken: ReadonlySet<string>): string {
  const words = text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/([a-z\d])([A-Z])/gu, "$1 $2")
    .replaceAll(/&[a-z]+;/gu, " ")
    .split(/[^A-Za-z\d]+/u)
    .filter((word) => word !== "" && !fillers.has(word.toLowerCase()));
  const stem = words.slice(0, wordsMax).join("_").toUpperCase();
  const suffix = rule === "absent" ? "GONE" : kind.toUpperCase();
  const parts = [stem, rule === "absent" || !stem.includes("_") ? suffix : ""].filter(Boolean).join("_");
  const name = /^[A-Z]\w*_/u.test(parts) ? parts : `PAGE_${parts}`;
  if (!taken.has(name)) return name;
  for (let count = 2; ; count += 1) if (!taken.has(`${name}_${count}`)) return `${name}_${count}`;
}

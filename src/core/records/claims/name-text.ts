/** What a person's name looks like in a sentence, and how a list of names is taken apart. */

import { asSaid, isLastFirst } from "./last-first.ts";

/** Letters of every script that has no capitals (`\p{Lo}`) begin a name as well. */
const word = String.raw`(?!(?:Jr|Sr|II|III|IV|PhD|MD|DDS|Esq|AND|UND)(?![\p{L}\p{M}]))(?:[dlDL]['’])?[\p{Lu}\p{Lt}\p{Lo}][\p{L}\p{M}'’‘ʼ·-]*`;
const initial = String.raw`\p{Lu}\.(?:-?\p{Lu}\.)*`;
/** Before a name; its full stop ends no sentence. */
const titles =
  "Dr|Drs|Dra|Prof|Mr|Mrs|Ms|Mx|Messrs|Capt|Cpt|Rev|Fr|Sr|Sra|Srta|St|Ste|Lt|Sgt|Col|Maj|Gen|Adm|Cmdr|Hon|Msgr|Ing|Dipl|Mag|Hr|Mme|Mlle|med|dent|phil|habil|vet|rer|nat";
const title = String.raw`(?:${titles})\.(?:-(?:${titles})\.)*`;
/** Behind a name, with or without a comma before it. */
const suffix = String.raw`(?:Jr|Sr|Ph\.?\s?D|M\.?D|D\.?D\.?S|D\.?O|R\.?N|Esq|II|III|IV)(?![\p{L}\p{M}])\.?`;
const particles =
  "de|la|las|los|el|le|du|des|dos|das|do|van|von|vom|zu|zum|zur|der|den|ten|ter|het|del|della|da|di|al|bin|ibn|ben|bint|af|av|of|the";
const gap = String.raw`[^\S\n]+`;
const end = String.raw`(?![\p{L}\p{M}])`;
const part = String.raw`(?:${title}|${initial}|${word}${end})`;

const coupled = "Mr|Mrs|Ms|Mx|Dr|Prof|Capt|Rev|Herr|Frau|M|Mme|Monsieur|Madame|Sr|Sra|Señor|Señora";
/** Two people of one name: "Mr. and Mrs. Smith". */
const couple = String.raw`(?:(?:${coupled})\.?${gap}(?:and|AND|&|\+|und|UND|et|y)${gap}(?=(?:${coupled})(?:\.|${gap})))`;

/** At most six capitalised words of one line, joined by spaces, initials, titles and particles; a full stop behind a whole word ends the sentence. */
export const namePattern: string = String.raw`${couple}?${part}(?:${gap}(?:(?:${particles})${gap})*${part}){0,5}(?:,?${gap}${suffix})?`;

const joints = "and|AND|und|UND|et|y|og|och|e";
/** A new line goes on with a name only where that is no label. */
const between = String.raw`(?:[^\S\n]*[,;/&+][^\S\n]*\n?[^\S\n]*(?:(?:${joints}|&)${gap})?|${gap}(?:${joints})${gap}|[^\S\n]*\n[^\S\n]*(?=[^\n:]{1,60}(?:\n|$)))`;

/** Names of one or more people. */
export const namesPattern: string = String.raw`${namePattern}(?:${between}${namePattern}(?![^\S\n]*:)){0,11}`;

const isSuffix = new RegExp(`^${suffix}$`, "u");
const abbreviation = new RegExp(String.raw`(?:^|[\s.-])(?:\p{Lu}|${titles}|Jr|Ph\.?\s?D|M\.?D|D\.?D\.?S|R\.?N|Esq)\.$`, "u");

/** A name without the full stop of its sentence; `Jr.` and `B.` keep theirs. */
export function withoutStop(raw: string): string {
  const text = raw.trimEnd();
  return text.endsWith(".") && !abbreviation.test(text) ? text.replace(/[\s.]+$/u, "") : text;
}

const joint = /\s*(?:[,;/&+\n]|(?<![\p{L}\p{M}\p{N}])(?:and|AND|und|UND|et|y|og|och)(?![\p{L}\p{M}\p{N}'’-]))\s*/gu;
const isTitle = new RegExp(`^(?:${coupled})\\.?$`, "u");

/**
 * `Ana, Ben & Cy`; a name to a line; `Max Ruiz, Jr.` is one, and so are `Mr. and Mrs. Smith`. Where semicolons stand between them,
 * `O'Brien, Pat; Lee, Ann` are two.
 */
export function namesIn(text: string): string[] {
  const ordered = familiesFirst(text);
  if (ordered) return ordered;
  const names: string[] = [];
  let at = 0;
  let before = "";
  for (const { 0: mark, index } of [...text.matchAll(joint), { 0: "", index: text.length }]) {
    const name = text.slice(at, index).replaceAll(/\s+/gu, " ").trim();
    const last = names.at(-1);
    if (name !== "" && last !== undefined && isTitle.test(last)) names[names.length - 1] = `${last}${before}${name}`;
    else if (name !== "" && last !== undefined && isSuffix.test(name)) names[names.length - 1] = `${last}, ${name}`;
    else if (name !== "") names.push(name);
    at = index + mark.length;
    before = mark;
  }
  return names;
}

/** Each with its given name first, where all of them stand with the family name before a comma. */
function familiesFirst(text: string): string[] | undefined {
  const pieces = text.split(/[;\n]/u).flatMap((piece) => (piece.trim() === "" ? [] : [piece.replaceAll(/\s+/gu, " ").trim()]));
  return pieces.length > 1 && pieces.every((piece) => isLastFirst(piece)) ? pieces.map((piece) => asSaid(piece)) : undefined;
}

/** From lists with placeholders to rows about one project. */

import { type AttackPlaces, filled } from "./attack-places.ts";
import { type AttackRow, type Family, harmlessFamilies } from "./attack.ts";
import { fileAttacks } from "./file-attacks.ts";
import { harmlessCalls } from "./harmless-calls.ts";
import { selfAttacks } from "./self-attacks.ts";
import { singleAttacks } from "./single-attacks.ts";
import { baseCommands, transformed } from "./transformations.ts";

export interface Corpus {
  readonly rows: readonly AttackRow[];
  /** How many templates are about a kind of place that this project has not. */
  readonly leftOut: number;
}

export const isHarmless = (family: Family): boolean => harmlessFamilies.some((one) => one === family);

/** `families`: only these; all where it is empty. */
export function corpusFor(places: AttackPlaces, families: readonly Family[] = []): Corpus {
  const commands = baseCommands.flatMap(([id, command]): [string, string][] => {
    const call = filled({ kind: "shell", command }, places);
    return call?.kind === "shell" ? [[id, call.command]] : [];
  });
  const all = [...singleAttacks, ...transformed(commands), ...selfAttacks, ...fileAttacks, ...harmlessCalls].filter(
    ({ family }) => families.length === 0 || families.includes(family),
  );
  const rows = all.flatMap((template): AttackRow[] => {
    const call = filled(template.call, places);
    return call === undefined ? [] : [{ ...template, call, mustStop: !isHarmless(template.family) }];
  });
  return { rows, leftOut: all.length - rows.length };
}

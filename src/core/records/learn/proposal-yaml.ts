/** A proposed kind as text for belay.yaml: each guess with its evidence in a comment, and `# ?` where a person has to look. */

import { counted } from "./example.ts";
import { spelledMinutes } from "../spelled-minutes.ts";
import type { FieldGuess, Guess, KindGuess } from "./guess.ts";

export interface NamedSystem {
  readonly name: string;
  /** As belay.yaml spells it. */
  readonly store: string;
}

export interface ProposalFacts {
  readonly systems: readonly NamedSystem[];
  /** The target that the pages were read from, or are deployed to. */
  readonly target: string;
  readonly pages: number;
  readonly items: number;
}

/** Stands where nothing tells the table's name; a fit name, so that the proposal can be read as it is. */
const unknownTable = "dynamodb:NAME-OF-THE-TABLE";
const commentMax = 220;

/** Lines of text, ready to stand in belay.yaml, without a line end behind the last. */
export function proposalYaml(kind: KindGuess, facts: ProposalFacts): string {
  const lines = [
    `# Proposed by \`belay records learn\` from ${counted(facts.pages, "page")} and ${counted(facts.items, "item")}. Correct it: "# ?" marks what is a guess.`,
    "records:",
    `  ${kind.name}:`,
    line(4, `zone: ${scalar(kind.zone.zone)}`, kind.zone),
    "    fields:",
    ...kind.fields.map((field) => line(6, `${field.name}: ${fieldValue(field)}`, field)),
    ...identityLines(kind),
    "    systems:",
    ...tableLines(kind, facts),
    ...pagesLines(kind, facts),
    ...otherLines(kind, facts),
    ...(kind.pointers.length === 0 || kind.pages === undefined
      ? []
      : [
          "    pointers:",
          ...kind.pointers.map((one) => line(6, `- ${scalar(`${tableName(facts)}.${one.attribute} -> ${pagesName(facts)}`)}`, one)),
        ]),
    ...kind.left.map((says) => `    # ${comment([says])}`),
  ];
  return lines.join("\n");
}

const line = (indent: number, text: string, { because, isSure }: Guess): string =>
  `${" ".repeat(indent)}${text}  # ${isSure ? "" : "? "}${comment(because)}`;

/** One line, without anything that a terminal obeys. */
const comment = (clauses: readonly string[]): string => {
  const told = clauses.join("; ").replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
  return told.length > commentMax ? `${told.slice(0, commentMax)}…` : told;
};

function fieldValue({ type, derivation, words }: FieldGuess): string {
  const list = words.length === 0 ? "" : `words: [${words.map(scalar).join(", ")}]`;
  if (derivation === undefined) return list === "" ? type : `{ type: ${type}, ${list} }`;
  const isOffset = derivation.kind === "offset";
  const rule = isOffset ? offset(derivation) : derivation.from;
  if (isOffset && list === "" && type === "datetime") return rule;
  if (isOffset && list === "") return rule;
  return `{ ${isOffset ? "derive" : "moves-with"}: ${rule}${list === "" ? "" : `, ${list}`} }`;
}

const offset = ({ from, minutes }: { readonly from: string; readonly minutes: number }): string =>
  `${from} ${minutes < 0 ? "-" : "+"} ${spelledMinutes(Math.abs(minutes))}`;

function identityLines({ keys, match }: KindGuess): string[] {
  if (keys.length === 0 && match.length === 0) return ["    # ? Nothing tells records apart here: add a field of type key."];
  const note = keys.length === 0 ? "  # ? no code stands in both pages and items" : "";
  return [`    identity: { keys: [${keys.join(", ")}], match: [${match.join(", ")}] }${note}`];
}

const isTable = ({ store }: NamedSystem): boolean => store.startsWith("dynamodb:");
const isPages = ({ store }: NamedSystem): boolean => store.startsWith("s3://") || store.startsWith("dir:");
const tableName = ({ systems }: ProposalFacts): string => systems.find(isTable)?.name ?? "record";

function tableLines({ fields, tableKey }: KindGuess, facts: ProposalFacts): string[] {
  if (facts.items === 0) return [];
  const table = facts.systems.find(isTable);
  const key = tableKey ?? { attribute: "NAME-OF-ITS-KEY", because: ["no attribute looks like a key"], isSure: false };
  return [
    `      ${tableName(facts)}:`,
    table === undefined
      ? line(8, `store: ${unknownTable}`, { because: ["which table the items are from"], isSure: false })
      : `        store: ${scalar(table.store)}`,
    line(8, `key: ${scalar(key.attribute)}`, key),
    "        fields:",
    ...fields.flatMap(({ name, inItems }) => (inItems === undefined ? [] : [`          ${name}: ${place(inItems)}`])),
  ];
}

const place = (inItems: NonNullable<FieldGuess["inItems"]>): string =>
  typeof inItems === "string" ? scalar(inItems) : `{ date: ${scalar(inItems.date)}, time: ${scalar(inItems.time)} }`;

const pagesName = ({ systems, target }: ProposalFacts): string => (target === "" ? (systems.find(isPages)?.name ?? "pages") : "pages");

function pagesLines({ pages, fields }: KindGuess, facts: ProposalFacts): string[] {
  if (pages === undefined) return [];
  // Where the examples were read from is where they live; a folder or bucket that was named besides is a system of its own.
  const store = facts.target === "" ? facts.systems.find(isPages) : undefined;
  const own = fields.flatMap(({ name, onPages }) => (onPages === undefined ? [] : [`${name}: ${scalar(onPages)}`]));
  return [
    `      ${pagesName(facts)}:`,
    store === undefined ? `        target: ${scalar(facts.target)}` : `        store: ${scalar(store.store)}`,
    line(8, `match: ${flow(pages.match)}`, pages),
    ...(pages.templates.length === 0 ? [] : [`        templates: [${pages.templates.map(quoted).join(", ")}]`]),
    ...(pages.paths.length === 0 ? [] : [`        paths: [${pages.paths.map(quoted).join(", ")}]  # the examples link these`]),
    ...(own.length === 0 ? [] : [`        fields: { ${own.join(", ")} }`]),
  ];
}

const flow = (texts: readonly string[]): string => (texts.length === 1 ? quoted(texts[0] ?? "") : `[${texts.map(quoted).join(", ")}]`);

/** Systems that were named and of which there is no example. */
const otherLines = (kind: KindGuess, { systems, items, target }: ProposalFacts): string[] =>
  systems
    .filter((one) => (isTable(one) ? items === 0 : isPages(one) ? kind.pages === undefined || target !== "" : true))
    .map(
      (one) =>
        `      ${one.name}: { store: ${quoted(one.store)}${isPages(one) ? `, match: ${quoted("**/*.html")}` : ""} }  # ? no example was read: say what it keeps where`,
    );

const quoted = (text: string): string => JSON.stringify(text);

/** Plain where YAML reads a text as itself, else in quotes. */
const scalar = (text: string): string =>
  /^[A-Za-z][\w./+-]*(?::[\w./-]+)?$/u.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/iu.test(text) ? text : quoted(text);

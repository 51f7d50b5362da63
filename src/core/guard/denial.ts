/** The words of a refusal, for an agent and for whoever reads along: at most six lines, and never a way round. */

import { cutLine, plainLine } from "./plain-line.ts";
import type { Objection } from "./verdict.ts";

export interface DenialFacts {
  /** How often this session was refused the same before. */
  readonly timesBefore: number;
  /** What this machine knows of live, as one clause; without the network, so perhaps old, and it says how old. */
  readonly known?: string;
  /** It is put to a person as a question instead of refused. */
  readonly isQuestion?: boolean;
  /** Absolute working folder: paths below and beside it are shown from there. */
  readonly folder?: string;
}

export const denialLinesMax = 6;
export const denialColumnsMax = 100;

const sentences: Readonly<Record<Objection["rule"], string>> = {
  D1: "D1: what this session has not seen live is not changed. It is looked at first.",
  D2: "D2: a change goes to staging first, and production takes what was verified there, through belay.",
  D4: "D4: a warning holds until a pull settles it, or a person does.",
  D5: "D5: what is overwritten or deleted can be brought back; a write past belay keeps nothing.",
  D8: "D8: live may hold work that this copy has never seen. Nothing writes over that.",
  R9: "R9: what exists is edited, not made a second time.",
  guard: "What guards the site is changed by a person, not by an agent.",
};

/** Where a rule has several reasons, the sentence that fits this one. */
const sentencesByCode: Readonly<Partial<Record<Objection["code"], string>>> = {
  "unresolved-destination": "Where it writes cannot be told without running it. The command with a literal target can be judged.",
  "opaque-code": "Nobody can read what it would run. Write it out, or run it as two calls: it is read in between.",
  "planted-script": "A script that writes past belay is no safer for being run later.",
  "state-touched": "Belay's own state is written by belay alone: it is what tells one version from another.",
  "credentials-touched": "Who one is towards AWS is decided by a person.",
  "persons-command": "This command is a person's: it stands for their look.",
  "unreadable-input": "What cannot be read is not let through.",
  "too-large": "What cannot be read whole is not let through.",
};

/** What is guarded and no target's is a place of records: there the rule is their own. */
function whyOf({ rule, code }: Objection): string {
  if (rule === "guard" && code === "guarded-write") return recordsSentence;
  return sentencesByCode[code] ?? sentences[rule];
}

const recordsSentence = "A record says the same in every system that holds it. Belay corrects it in all of them at once.";

/** Lines of at most `denialColumnsMax` columns, joined; what was said by others stands in quotation marks already. */
export function renderDenial(objection: Objection, facts: DenialFacts): string {
  const head = facts.isQuestion === true ? "belay leaves this to a person" : "Refused by belay";
  const said = (text: string): string => sentence(shortPaths(plainLine(text), facts.folder));
  const what = `${head} (${objection.rule}): ${said(objection.what)}`;
  const rest = [
    ...(facts.known === undefined ? [] : [fittingLine(`Known here: ${said(facts.known)}`)]),
    ...insteadLines(objection.instead),
    ...(objection.person === undefined ? [] : [fittingLine(`A person can: ${said(objection.person)}`)]),
    ...(facts.isQuestion === true ? [] : firmLine(objection, facts.timesBefore)),
  ];
  const why = whyOf(objection);
  const room = denialLinesMax - Math.min(rest.length, denialLinesMax - 1);
  const first = wrapped(what, Math.min(3, room));
  const lines = first.length < room ? [...first, why, ...rest] : [...first, ...rest];
  return lines.slice(0, denialLinesMax).join("\n");
}

const sentence = (text: string): string => (/[.!?…”)]$/u.test(text) ? text : `${text}.`);

/** The exact command, on lines that a shell takes back as they stand; left out where it cannot be shown whole. */
function insteadLines(instead: string | undefined): readonly string[] {
  if (instead === undefined) return [];
  const command = instead
    .split("\n")
    .map(plainLine)
    .filter((line) => line !== "")
    .join(" && ");
  const label = "Instead: ";
  if (command.length + label.length <= denialColumnsMax) return [`${label}${command}`];
  const parts = broken(command, denialColumnsMax - label.length - 2);
  return parts === undefined ? [] : parts.map((part, at) => `${at === 0 ? label : "  "}${part}${at < parts.length - 1 ? " \\" : ""}`);
}

/** In as few parts as can be, between two commands or else at blanks outside of quotation marks; `undefined` where three are not enough. */
function broken(command: string, max: number, partsMax = 3): readonly string[] | undefined {
  if (command.length <= max) return [command];
  if (partsMax === 1) return undefined;
  let quote: string | undefined;
  let last = -1;
  let between = -1;
  for (let at = 0; at < Math.min(command.length, max + 1); at += 1) {
    const mark = command.charAt(at);
    if (quote !== undefined) quote = mark === quote ? undefined : quote;
    else if (mark === "'" || mark === '"') quote = mark;
    else if (mark === " ") {
      last = at;
      if (command.startsWith("&& ", at - 2)) between = at;
    }
  }
  const ways = [between, last].flatMap((at) => {
    const rest = at > 0 ? broken(command.slice(at + 1), max, partsMax - 1) : undefined;
    return rest === undefined ? [] : [[command.slice(0, at), ...rest]];
  });
  return ways.toSorted((one, other) => one.length - other.length)[0];
}

function firmLine({ rule, instead }: Objection, timesBefore: number): readonly string[] {
  if (timesBefore === 0) return [];
  // What has to be looked at first is open once it was.
  if (rule === "D1" && instead !== undefined)
    return [
      `Refused ${timesBefore === 1 ? "once" : `${timesBefore} times`} before: the command above opens it, and no other wording does.`,
    ];
  if (timesBefore === 1) return ["Refused before in this session: other words for the same write are refused as well."];
  return [`Refused ${timesBefore} times before. No wording passes: leave it, and tell the person what it was for.`];
}

/** At most so many lines, broken at blanks; clauses that do not fit are left out. */
function wrapped(text: string, linesMax: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > denialColumnsMax && lines.length < linesMax - 1) {
    const end = rest.lastIndexOf(" ", denialColumnsMax);
    // Only one endless word is left.
    if (end <= indent.length) break;
    lines.push(rest.slice(0, end));
    rest = `${indent}${rest.slice(end).trimStart()}`;
  }
  return [...lines, fittingLine(rest)];
}

const indent = "  ";

/** Whole where it fits; else without its last clauses, and at worst cut between two words. */
function fittingLine(text: string): string {
  if (text.length <= denialColumnsMax) return text;
  let end = denialColumnsMax;
  while (end > denialColumnsMax / 2) {
    end = Math.max(...[", ", "; ", ": "].map((mark) => text.lastIndexOf(mark, end - 1)));
    const clause = text.slice(0, Math.max(end, 0));
    if (end > denialColumnsMax / 2 && isBalanced(clause)) return `${clause}.`;
  }
  const blank = text.lastIndexOf(" ", denialColumnsMax - 2);
  return blank > denialColumnsMax / 2 ? `${text.slice(0, blank)} …` : cutLine(text, denialColumnsMax);
}

/** A command in backticks and words of others in quotation marks are not torn. */
const isBalanced = (text: string): boolean => text.split("`").length % 2 === 1 && text.split("“").length === text.split("”").length;

const wordMax = 60;

/** Paths from the working folder where they lie below or beside it; of a longer one its beginning and its end. */
function shortPaths(text: string, folder = ""): string {
  const near = folder.length < 2 ? text : fromFolder(text, folder);
  return near
    .split(" ")
    .map((word) => (word.length > wordMax && word.includes("/") ? `${word.slice(0, wordMax / 4)}…${word.slice(-wordMax / 2)}` : word))
    .join(" ");
}

function fromFolder(text: string, folder: string): string {
  const parent = folder.slice(0, folder.lastIndexOf("/"));
  const below = startingAt(text, `${folder}/`, "");
  return parent === "" ? below : startingAt(below, `${parent}/`, "../");
}

/** Only where a path begins: behind another character it is part of something else. Hidden things beside the folder keep their whole name. */
function startingAt(text: string, start: string, short: string): string {
  return text.split(start).reduce((before, after) => {
    const isWhole = !/[\w./:…-]$/u.test(before) && (short === "" ? /^[\w….]/u : /^[\w…]/u).test(after);
    return `${before}${isWhole ? short : start}${after}`;
  });
}

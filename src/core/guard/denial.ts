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
  "opaque-code": "What it would run cannot be read, so nobody can tell what it writes.",
  "planted-script": "A script that writes past belay is no safer for being run later.",
  "state-touched": "Belay's own state is written by belay alone: it is what tells one version from another.",
  "credentials-touched": "Who one is towards AWS is decided by a person.",
  "persons-command": "This command is a person's: it stands for their look.",
  "unreadable-input": "What cannot be read is not let through.",
  "too-large": "What cannot be read whole is not let through.",
};

/** Lines of at most `denialColumnsMax` columns, joined; what was said by others stands in quotation marks already. */
export function renderDenial(objection: Objection, facts: DenialFacts): string {
  const head = facts.isQuestion === true ? "belay leaves this to a person" : "Refused by belay";
  const what = `${head} (${objection.rule}): ${sentence(plainLine(objection.what))}`;
  const rest = [
    ...(facts.known === undefined ? [] : [cutLine(`Known here: ${sentence(plainLine(facts.known))}`, denialColumnsMax)]),
    ...insteadLines(objection.instead),
    ...(objection.person === undefined ? [] : [cutLine(`A person can: ${sentence(plainLine(objection.person))}`, denialColumnsMax)]),
    ...(facts.isQuestion === true ? [] : firmLine(facts.timesBefore)),
  ];
  const why = sentencesByCode[objection.code] ?? sentences[objection.rule];
  const room = denialLinesMax - Math.min(rest.length, denialLinesMax - 1);
  const first = wrapped(what, Math.min(2, room));
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

/** In two, at a blank outside of quotation marks: `undefined` where that is not enough. */
function broken(command: string, max: number): readonly [string, string] | undefined {
  let quote: string | undefined;
  let last = -1;
  for (let at = 0; at < Math.min(command.length, max + 1); at += 1) {
    const mark = command.charAt(at);
    if (quote !== undefined) quote = mark === quote ? undefined : quote;
    else if (mark === "'" || mark === '"') quote = mark;
    else if (mark === " ") last = at;
  }
  if (last <= 0) return undefined;
  const parts = [command.slice(0, last), command.slice(last + 1)] as const;
  return parts[1].length <= max ? parts : undefined;
}

function firmLine(timesBefore: number): readonly string[] {
  if (timesBefore === 0) return [];
  if (timesBefore === 1) return ["Refused before in this session: other words for the same write are refused as well."];
  return [`Refused ${timesBefore} times before. No wording passes: leave it, and tell the person what it was for.`];
}

/** At most so many lines; what does not fit is cut. */
function wrapped(text: string, linesMax: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > denialColumnsMax && lines.length < linesMax - 1) {
    const blank = rest.lastIndexOf(" ", denialColumnsMax);
    const end = blank > denialColumnsMax / 2 ? blank : denialColumnsMax;
    lines.push(rest.slice(0, end));
    rest = `  ${rest.slice(end).trimStart()}`;
  }
  return [...lines, cutLine(rest, denialColumnsMax)];
}

/** What a verb is made of: its words, and the arguments and options that several verbs share. */

import type { Session } from "../session.ts";
import type { Words } from "../words.ts";

export type RunVerb = (session: Session, words: Words) => Promise<number>;

export interface Argument {
  readonly name: string;
  /** What completion offers in its place. */
  readonly kind: "target" | "path" | "file" | "word";
  readonly isRequired: boolean;
  readonly isList: boolean;
  readonly description: string;
}

export interface Option {
  /** As commander spells them: `-y, --yes`, `--take <side>`. */
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  /** May be given several times; its value is a list. */
  readonly isList?: boolean;
  /** Completion offers files for its value. */
  readonly isFile?: boolean;
}

export interface Verb {
  /** One word, or two: `warn add`. */
  readonly name: string;
  readonly summary: string;
  readonly group: string;
  readonly arguments: readonly Argument[];
  readonly options: readonly Option[];
  /** Options that are not listed are fields of a kind in belay.yaml: `--guest NAME`. They stand among the operands, as they were typed. */
  readonly takesFields?: true;
  readonly load: () => Promise<RunVerb>;
}

export const groups = {
  start: "Start:",
  daily: "Every day:",
  back: "The way back:",
  rules: "What binds:",
  records: "Records:",
  agents: "Agents:",
  more: "More:",
} as const;

export const target: Argument = {
  name: "TARGET",
  kind: "target",
  isRequired: true,
  isList: false,
  description: "where it is live, as belay.yaml names it",
};
export const someTarget: Argument = { ...target, isRequired: false };
export const paths: Argument = {
  name: "PATH",
  kind: "path",
  isRequired: false,
  isList: true,
  description: "files or folders of the site; all of it where none is named",
};
export const word = (name: string, description: string): Argument => ({ name, kind: "word", isRequired: true, isList: false, description });

export const change: Option = { flags: "--change <title>", description: "name the change; with paths, they are one change" };
export const confirming: readonly Option[] = [
  { flags: "-y, --yes", description: "go ahead without asking; not for production" },
  { flags: "--confirm <plan-id>", description: "go ahead if the plan is still this one" },
];
/** `-` is stdout. */
export const htmlReport: Option = { flags: "--html <file>", description: "write it as one page to look at, - for stdout", isFile: true };
export const markdownReport: Option = {
  flags: "--markdown [file]",
  description: "write it for a pull request, to stdout unless told",
  isFile: true,
};
export const signing: readonly Option[] = [
  { flags: "--key <file>", description: "the SSH key to sign with; git's, or the one of yours that may, unless told", isFile: true },
  { flags: "--expires <time>", description: "how long it stays good: 90m, 4h, 2d; a day unless told" },
];
export const why: Option = { flags: "--why <text>", description: "the reason, for whoever reads the log" };

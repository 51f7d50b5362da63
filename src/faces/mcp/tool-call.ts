/** One call of a tool: a session of the command line whose terminal is nobody, whose actor is an agent, and whose stdout is kept. */

import { Readable, Writable } from "node:stream";
import type { Progress } from "../../operations/workbench.ts";
import { BelayError } from "../../core/belay-error.ts";
import type { RunVerb } from "../cli/catalogue/verb.ts";
import type { Screen } from "../cli/screen.ts";
import { openSession, type Session } from "../cli/session.ts";
import type { FixedConfig } from "./fixed-config.ts";

export interface ServerSetup {
  /** Of the command that started the server. */
  readonly session: Session;
  readonly config: FixedConfig;
  readonly log: (line: string) => void;
}

export interface ToolCall {
  readonly session: Session;
  /** What a verb of the command line answers with `--json`, and its exit status. */
  readonly answer: (run: RunVerb, words: VerbWords) => Promise<VerbAnswer>;
}

/** As a person would type them, so that a remedy can repeat them. */
export interface VerbWords {
  readonly verb: string;
  readonly operands: readonly (string | undefined)[];
  /** By their long name in camelCase. */
  readonly options?: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

export interface VerbAnswer {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly exit: number;
}

export interface CallAbout {
  readonly site: string | undefined;
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/** belay.yaml is read once for each call, and must be the one that the server began with. */
export async function openCall(setup: ServerSetup, about: CallAbout): Promise<ToolCall> {
  const told = openTelling(setup.log);
  const call = sessionFor(setup, about, told);
  await setup.config.require(await call([]).config());
  return {
    session: call([]),
    answer: async (run, words) => {
      const exit = await run(call(typedWords(words)), { operands: definedIn(words.operands), options: words.options ?? {} });
      return { fields: told.document(), exit };
    },
  };
}

interface Telling {
  readonly print: (lines: string | readonly string[]) => void;
  readonly tell: (lines: string | readonly string[]) => void;
  /** What was printed, as one document. */
  readonly document: () => Readonly<Record<string, unknown>>;
}

const linesOf = (lines: string | readonly string[]): readonly string[] => (typeof lines === "string" ? [lines] : lines);

function openTelling(log: ServerSetup["log"]): Telling {
  const printed: string[] = [];
  return {
    print: (lines) => void printed.push(...linesOf(lines)),
    tell: (lines) => linesOf(lines).forEach(log),
    document: () => {
      const value: unknown = JSON.parse(printed.join("\n"));
      if (typeof value === "object" && value !== null) return { ...value };
      throw new Error("belay bug: an answer is a JSON object");
    },
  };
}

const noColour = { columns: 100, isVerbose: false };

/** Sessions that share one reading of belay.yaml would share one bench too; each call needs exactly one of both. */
function sessionFor({ session, config }: ServerSetup, about: CallAbout, told: Telling): (argv: readonly string[]) => Session {
  const { setup, globals, screen } = session;
  const view = { ...screen.data, ...noColour, nowMs: setup.now() };
  const mine: Screen = {
    print: told.print,
    tell: told.tell,
    ask: () => undefined,
    report: about.report,
    data: view,
    prose: view,
    nameSite: () => undefined,
  };
  const alone = {
    ...setup,
    // Nothing that stands in the environment makes a person of whoever calls.
    env: { ...setup.env, AI_AGENT: "mcp" },
    stdin: Readable.from([]),
    stdout: sink(),
    stderr: sink(),
  };
  const first = openSession({
    setup: alone,
    globals: { ...globals, isJson: true, site: about.site ?? globals.site, config: config.file ?? globals.config },
    screen: mine,
    signal: about.signal,
    startsWriting: () => undefined,
  });
  return (argv) => ({ ...first, setup: { ...alone, argv } });
}

/** What a stream of its own would be written to; verbs print through their screen. */
const sink = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

const definedIn = (words: readonly (string | undefined)[]): string[] => words.filter((word) => word !== undefined);

/** The command that the call stands for, in the words of the command line. Confirmations are left out: they are not to be repeated. */
function typedWords({ verb, operands, options = {} }: VerbWords): string[] {
  const flags = Object.entries(options).flatMap(([name, value]): string[] => {
    const flag = `--${name.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === undefined || value === false || name === "yes" || name === "confirm") return [];
    if (value === true) return [flag];
    return (typeof value === "string" ? [value] : value).flatMap((text) => [flag, text]);
  });
  return [...verb.split(" "), ...definedIn(operands), ...flags];
}

/** Throws where a call names what only a person may do. */
export const personsAlone = (message: string, command: string): BelayError => new BelayError("person-needed", message, command);

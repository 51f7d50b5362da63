/** One command, from words to an exit status. */

import { CommanderError } from "commander";
import { BelayError, type ErrorCode } from "../../core/belay-error.ts";
import { errorFields, failureLines, printJson } from "./answer.ts";
import { buildProgram } from "./build-program.ts";
import type { CliSetup } from "./cli-setup.ts";
import { exitOfError, exits } from "./exit-codes.ts";
import { watchInterrupts, type Interruption } from "./interruption.ts";
import { openScreen, type Screen } from "./screen.ts";
import { openSession, type Globals, type Session } from "./session.ts";
import { usageProblem } from "./usage-problem.ts";

/** Never throws: what went wrong is told on stderr, or in the JSON document, and in the exit status. */
export async function runCli(setup: CliSetup): Promise<number> {
  const { argv } = setup;
  if (argv[0] === "__complete") return (await import("./complete-words.ts")).completeWords(setup, argv.slice(1));
  const switches = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  const isJson = switches.includes("--json");
  const { stdout, stderr, env, now } = setup;
  const isVerbose = switches.includes("--verbose");
  const screen = openScreen({ stdout, stderr, env, now, isVerbose, wantsColour: !switches.includes("--no-color") });
  const interruption = watchInterrupts(setup, screen);
  try {
    return await runVerb(setup, screen, interruption);
  } catch (error) {
    return answerError(error, { screen, isJson, isInterrupted: interruption.signal.aborted });
  } finally {
    interruption.stop();
  }
}

async function runVerb(setup: CliSetup, screen: Screen, interruption: Interruption): Promise<number> {
  let exit: number = exits.done;
  const sessionWith = (globals: Globals): Session => openSession({ setup, globals, screen, ...interruption });
  const program = buildProgram({
    version: setup.version,
    columns: screen.data.columns,
    print: (text) => screen.print(text.replace(/\n$/u, "")),
    act: async (verb, words, options) => {
      const run = await verb.load();
      exit = await run(sessionWith(globalsFrom(options)), words);
    },
  });
  try {
    await program.parseAsync([...setup.argv], { from: "user" });
    return exit;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exits.done;
    // `belay warn` alone shows what there is below it.
    if (error.code === "commander.help") return exits.usage;
    throw await usageProblem(error, sessionWith(globalsFrom(program.opts())));
  }
}

function globalsFrom(options: Readonly<Record<string, unknown>>): Globals {
  const text = (name: string): string | undefined => {
    const value = options[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    isJson: options["json"] === true,
    site: text("site"),
    config: text("config"),
    by: text("by"),
    waitMs: waitFrom(text("wait")),
  };
}

function waitFrom(seconds: string | undefined): number {
  if (seconds === undefined) return 0;
  const count = Number(seconds);
  if (seconds.trim() !== "" && Number.isFinite(count) && count >= 0) return count * 1000;
  throw new BelayError("usage", `--wait takes a number of seconds, and “${seconds}” is none.`, "For example: --wait 60");
}

interface Failing {
  readonly screen: Screen;
  readonly isJson: boolean;
  readonly isInterrupted: boolean;
}

interface Failure {
  readonly code: ErrorCode | "bug";
  readonly message: string;
  readonly remedy: string;
}

function answerError(error: unknown, { screen, isJson, isInterrupted }: Failing): number {
  const failure = failureOf(error, isInterrupted);
  if (isJson) printJson(screen, errorFields(failure));
  screen.tell(isJson ? [] : failureLines(failure, screen.prose));
  if (failure.code !== "bug") return exitOfError[failure.code];
  screen.tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return exits.bug;
}

function failureOf(error: unknown, isInterrupted: boolean): Failure {
  const isAbort = error instanceof Error && error.name === "AbortError";
  if (isInterrupted && isAbort) {
    return { code: "interrupted", message: "Stopped before the command was done.", remedy: "belay status" };
  }
  if (error instanceof BelayError) return { code: error.code, message: error.message, remedy: error.remedy };
  return {
    code: "bug",
    message: "belay has failed in a way that it should not: this is a bug.",
    remedy: "Please report it, with the lines below and what you did. belay status shows where things stand.",
  };
}

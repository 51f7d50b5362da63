/** What may stand next on a command line, for the completion scripts. Prints nothing where the shell's own file names fit. */

import { catalogue, families, globalOptions, type Option, type Verb } from "./catalogue.ts";
import type { CliSetup } from "./cli-setup.ts";
import { exits } from "./exit-codes.ts";
import { openScreen } from "./screen.ts";
import { openSession } from "./session.ts";

const shells: readonly string[] = ["bash", "zsh", "fish"];

/** `typed` are the words behind `belay`; the last one is being typed and may be empty. */
export async function completeWords(setup: CliSetup, typed: readonly string[]): Promise<number> {
  const current = typed.at(-1) ?? "";
  const found = (await candidates(setup, typed.slice(0, -1), current)).filter((word) => word.startsWith(current));
  if (found.length > 0) setup.stdout.write(`${found.join("\n")}\n`);
  return exits.done;
}

async function candidates(setup: CliSetup, before: readonly string[], current: string): Promise<readonly string[]> {
  const { verb, family, operands, open } = readWords(before);
  if (open) return open.choices ?? [];
  if (current.startsWith("-")) return [...(verb?.options ?? []), ...globalOptions, help].flatMap(longName);
  if (!verb) return family === undefined ? firstWords() : secondWords(family);
  const argument = verb.arguments[Math.min(operands, verb.arguments.length - 1)];
  if (!argument || (operands >= verb.arguments.length && !argument.isList)) return [];
  if (argument.kind === "target") return targetNames(setup);
  return argument.name === "SHELL" ? shells : [];
}

const help: Option = { flags: "-h, --help", description: "" };
const longName = ({ flags }: Option): string[] => flags.match(/--[\w-]+/u) ?? [];
const takesValue = ({ flags }: Option): boolean => flags.includes("<");

interface Read {
  readonly verb: Verb | undefined;
  readonly family: string | undefined;
  readonly operands: number;
  /** The option whose value is being typed. */
  readonly open: Option | undefined;
}

function readWords(before: readonly string[]): Read {
  let verb: Verb | undefined;
  let family: string | undefined;
  let operands = 0;
  let open: Option | undefined;
  for (const word of before) {
    if (open) {
      open = undefined;
      continue;
    }
    if (word.startsWith("-")) {
      const option = [...(verb?.options ?? []), ...globalOptions].find(({ flags }) => flags.split(/[ ,]+/u).includes(word));
      open = option && takesValue(option) ? option : undefined;
    } else if (verb) {
      const longer = operands === 0 ? catalogue.find((one) => one.name === `${verb?.name} ${word}`) : undefined;
      if (longer) verb = longer;
      else operands += 1;
    } else {
      const name = family === undefined ? word : `${family} ${word}`;
      verb = catalogue.find((one) => one.name === name);
      if (!verb && families[word]) family = word;
    }
  }
  return { verb, family, operands, open };
}

const firstWords = (): string[] => [...new Set([...catalogue.map(({ name }) => name.split(" ")[0] ?? ""), "help"])];
const secondWords = (family: string): string[] =>
  catalogue.flatMap(({ name }) => (name.startsWith(`${family} `) ? [name.slice(family.length + 1)] : []));

/** Nothing where belay.yaml cannot be read: a half-typed line is no place for errors. */
async function targetNames(setup: CliSetup): Promise<string[]> {
  const { stdout, stderr, env, now } = setup;
  const screen = openScreen({ stdout, stderr, env, now, isVerbose: false, wantsColour: false });
  const globals = { isJson: false, site: undefined, config: undefined, by: undefined, waitMs: 0 };
  const session = openSession({ setup, globals, screen, signal: new AbortController().signal, startsWriting: () => undefined });
  const sites = await session.config().then(
    (config) => config.sites,
    () => [],
  );
  return [...new Set(sites.flatMap((site) => site.targets.map(({ name }) => name)))];
}

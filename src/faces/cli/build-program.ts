/** From the catalogue to a parser. Commander splits words and writes help; it prints and exits nothing by itself. */

import { Command, Option as CommanderOption } from "commander";
import { catalogue, families, globalOptions, groups, type Argument, type Option, type Verb } from "./catalogue.ts";
import type { Words } from "./words.ts";

export interface ProgramSetup {
  readonly version: string;
  readonly columns: number;
  readonly print: (text: string) => void;
  /** Called with the verb that was named and its words; `globals` are the options before and behind it. */
  readonly act: (verb: Verb, words: Words, globals: Readonly<Record<string, unknown>>) => Promise<void>;
}

export function buildProgram({ version, columns, print, act }: ProgramSetup): Command {
  const program = new Command("belay");
  program
    .description("Never overwrite what you have not seen: guarded deploys for live content.")
    .usage("VERB [TARGET] [PATH…] [options]")
    .version(version, "-V, --version", "the version of belay")
    .helpOption("-h, --help", "help, here or for a verb")
    .commandsGroup(groups.more)
    .helpCommand("help [VERB]", "help for a verb")
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureHelp({ helpWidth: columns, showGlobalOptions: true, subcommandTerm: (command) => command.name() })
    .configureOutput({ writeOut: print, writeErr: print, outputError: () => undefined })
    .action(() => program.outputHelp());
  for (const option of globalOptions) program.addOption(optionFrom(option));
  const parents = new Map<string, Command>();
  for (const verb of catalogue) {
    const [first = "", second] = verb.name.split(" ");
    const parent = second === undefined ? program : familyOf(program, parents, first);
    const command = parent.command(second ?? first).description(verb.summary);
    if (second === undefined) command.helpGroup(verb.group);
    // A verb may gather others: `tasks` lists them, `tasks done` closes one.
    if (second === undefined) parents.set(first, command);
    for (const argument of verb.arguments) command.argument(spelled(argument), argument.description);
    for (const option of verb.options) command.addOption(optionFrom(option));
    if (verb.takesFields) command.allowUnknownOption(true);
    command.action(async (...given: readonly unknown[]) => {
      const operands = given
        .slice(0, verb.arguments.length)
        .flat()
        .filter((word) => typeof word === "string");
      await act(verb, { operands, options: command.opts() }, program.opts());
    });
  }
  // Last, since verbs would inherit it. Without it a mistyped verb were a surplus word of the program's own action.
  program.allowExcessArguments(true).hook("preAction", (_, command) => {
    const [stray] = command.args;
    if (command === program && stray !== undefined) unknownVerb(program, stray);
  });
  return program;
}

function unknownVerb(program: Command, name: string): never {
  return program.error(`error: unknown command '${name}'`, { code: "commander.unknownCommand" });
}

function familyOf(program: Command, parents: Map<string, Command>, name: string): Command {
  const known = parents.get(name);
  if (known) return known;
  const family = families[name];
  const command = program
    .command(name)
    .description(family?.summary ?? "")
    .helpCommand(false);
  if (family) command.helpGroup(family.group);
  parents.set(name, command);
  return command;
}

function spelled({ name, isRequired, isList }: Argument): string {
  const shown = isList ? `${name}...` : name;
  return isRequired ? `<${shown}>` : `[${shown}]`;
}

function optionFrom({ flags, description, choices, isList }: Option): CommanderOption {
  const option = new CommanderOption(flags, description);
  if (choices) option.choices([...choices]);
  // Each value is joined to those before it; a list that took several words at once would swallow paths.
  if (isList) option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
  return option;
}

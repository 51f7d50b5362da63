/** What the parser could not take, in belay's words, with the command that was probably meant. */

import { BelayError } from "../../core/belay-error.ts";
import { catalogue, families, globalOptions } from "./catalogue.ts";
import { nearest } from "./nearest.ts";
import { plain } from "./plain-text.ts";
import { commandLine, type Session } from "./session.ts";

interface ParserError {
  /** For example `commander.unknownOption`. */
  readonly code: string;
  readonly message: string;
}

export async function usageProblem(error: ParserError, session: Session): Promise<BelayError> {
  const verb = verbNamed(session.setup.argv);
  const subject = /'([^']*)'/u.exec(error.message)?.[1] ?? "";
  switch (error.code) {
    case "commander.unknownCommand":
      return unknownVerb(session, subject);
    case "commander.unknownOption":
      return unknownOption(session, verb, subject);
    case "commander.missingArgument":
      return missingArgument(session, verb, subject);
    case "commander.excessArguments":
      return excessArguments(session, verb);
    default: {
      const message = plain(error.message.replace(/^error: /u, "").split("\n", 1)[0] ?? "");
      return new BelayError("usage", `${message.charAt(0).toUpperCase()}${message.slice(1)}`, helpFor(verb));
    }
  }
}

const helpFor = (verb: string | undefined): string => (verb === undefined ? "belay help" : `belay ${verb} --help`);

/** The verb that stands on a command line, as the catalogue names it. */
function verbNamed(argv: readonly string[]): string | undefined {
  const words = argv.filter((word) => !word.startsWith("-"));
  for (const [at, word] of words.entries()) {
    const two = `${word} ${words[at + 1] ?? ""}`;
    const found = catalogue.find(({ name }) => name === two) ?? catalogue.find(({ name }) => name === word);
    if (found) return found.name;
    if (families[word]) return word;
  }
  return undefined;
}

function unknownVerb({ setup }: Session, word: string): BelayError {
  const family = setup.argv.find((one) => families[one] !== undefined);
  const below = catalogue.filter(({ name }) => name.startsWith(`${family ?? ""} `)).map(({ name }) => name.split(" ")[1] ?? "");
  const known = family === undefined ? [...catalogue.map(({ name }) => name.split(" ")[0] ?? ""), "help"] : below;
  const near = nearest(word, known);
  const called =
    family === undefined
      ? `There is no verb “${plain(word)}”.`
      : `belay ${family} has no verb “${plain(word)}”: it takes ${below.join(", ")}.`;
  return new BelayError("usage", called, near === undefined ? helpFor(family) : commandLine(setup, { replaced: word, by: near }));
}

function unknownOption({ setup }: Session, verb: string | undefined, option: string): BelayError {
  const own = catalogue.find(({ name }) => name === verb)?.options ?? [];
  const known = [...own, ...globalOptions].flatMap(({ flags }) => flags.match(/--[\w-]+/u) ?? []);
  const near = nearest(option.replace(/=.*$/u, ""), known);
  const message = `belay ${verb ?? ""}`.trim();
  return new BelayError(
    "usage",
    `${message} takes no option ${plain(option)}.`,
    near === undefined ? helpFor(verb) : commandLine(setup, { replaced: option, by: near }),
  );
}

async function missingArgument(session: Session, verb: string | undefined, argument: string): Promise<BelayError> {
  if (argument !== "TARGET") return new BelayError("usage", `belay ${verb ?? ""} needs a ${argument}.`, helpFor(verb));
  const targets = await targetNames(session);
  const [first] = targets;
  const message = `belay ${verb ?? ""} needs a TARGET${first === undefined ? "" : `: ${targets.join(", ")}`}.`;
  return new BelayError("usage", message, first === undefined ? helpFor(verb) : commandLine(session.setup, { added: [first] }));
}

/** The usual surplus word is a second target. */
async function excessArguments(session: Session, verb: string | undefined): Promise<BelayError> {
  const targets = await targetNames(session);
  const named = session.setup.argv.filter((word) => targets.includes(word));
  const [one, other] = named;
  if (one === undefined || other === undefined)
    return new BelayError("usage", `belay ${verb ?? ""} takes fewer words than that.`, helpFor(verb));
  const message = `${one} and ${other} are two targets, and rule D2 says: one command, one target, staging first.`;
  return new BelayError("usage", message, commandLine(session.setup, { without: [other] }));
}

/** Empty where belay.yaml cannot be read: the usage error is the nearer problem. */
async function targetNames(session: Session): Promise<string[]> {
  try {
    const { sites } = await session.config();
    const site = sites.find(({ name }) => name === session.globals.site) ?? sites[0];
    return site?.targets.map(({ name }) => name) ?? [];
  } catch (error) {
    if (error instanceof BelayError) return [];
    throw error;
  }
}

/** A program that nobody knows, with a command among its words: most likely it runs that. */

import type { Reader, Reading } from "../reading.ts";
import { programName } from "../shell/paths.ts";
import { isKnown, mayBe, type Word } from "../word.ts";
import { harmlessPrograms } from "./known-harmless.ts";
import { commandOf } from "./options.ts";
import { shellNames } from "./shells.ts";

/** Clients that write to stores, beside whatever else they do. */
const clients: readonly string[] = ["aws", "rclone", "s5cmd", "s3cmd", "s4cmd", "mc", "gsutil"];

const startable: ReadonlySet<string> = new Set(
  [...clients, ...shellNames].concat(
    [
      "awslocal",
      "aws-cli",
      "aws2",
      "mcli",
      "gcloud",
      "s3deploy",
      "s3-cli",
      "terraform",
      "tofu",
      "terragrunt",
      "pulumi",
      "cdk",
      "sst",
      "serverless",
      "sls",
      "hugo",
    ],
    [
      "python",
      "python3",
      "node",
      "bun",
      "deno",
      "ruby",
      "perl",
      "php",
      "curl",
      "wget",
      "make",
      "npm",
      "npx",
      "pnpm",
      "yarn",
      "env",
      "sudo",
      "xargs",
      "cp",
      "rsync",
    ],
  ),
);

/** `$AWS s3 rm …`: read as each client that the word may be. */
function guessed(words: readonly Word[], read: (argv: readonly Word[]) => Reading | undefined): Reading | undefined {
  const [program = "", ...args] = words;
  const name = programName(program);
  for (const client of clients.filter((each) => mayBe(name, each))) {
    const reading = read([client, ...args]);
    const effects = (reading?.effects ?? []).filter(
      ({ verb, destination }) => verb !== "read" && ["bucket", "distribution", "table"].includes(destination.kind),
    );
    if (effects.length > 0) return { effects, nested: [] };
  }
  return guessedCode(args, name);
}

/** `$PYTHON -c …`, `$RUNNER deploy.sh`. */
function guessedCode(args: readonly Word[], name: string): Reading | undefined {
  const [first = "", second = ""] = args;
  if (/^-[a-z]*c$/.test(first)) return commandOf([/\bimport\b|\bprint\(/.test(second) ? "python3" : "bash", ...args], name);
  if (/^(?:-e|--eval|-p)$/.test(first)) return commandOf(["node", ...args], name);
  const isScript = first !== "" && isKnown(first) && /\.[a-z]{1,4}$/.test(first) && !first.startsWith("-");
  return isScript
    ? { effects: [], nested: [{ kind: "file", path: first, args: args.slice(1), through: "a program that only running would tell" }] }
    : undefined;
}

/** `read`: the readers of what is known. */
export const unknownProxy =
  (read: Reader): Reader =>
  (invocation, facts) => {
    const { argv } = invocation;
    const [program = ""] = argv;
    const asked = (words: readonly Word[]): Reading | undefined =>
      words.length === 0 ? undefined : read({ ...invocation, argv: words }, facts);
    const guess = isKnown(programName(program)) ? undefined : guessed(argv, asked);
    if (guess !== undefined) return guess;
    if (harmlessPrograms.has(programName(program))) return undefined;
    const at = argv.findIndex((word, index) => index > 0 && index < 40 && startable.has(programName(word)) && !word.startsWith("-"));
    const text = argv.find((_, index) => takesCommand.test(argv[index - 1] ?? ""));
    if (text !== undefined && startsProgram(text))
      return { effects: [], nested: [{ kind: "shell", text, at: {}, through: programName(program) }] };
    const words = at < 0 ? [] : argv.slice(at);
    const reading = asked(words);
    const does = reading !== undefined && (reading.nested.length > 0 || reading.effects.some(isWrite));
    return does ? commandOf(words, programName(program)) : undefined;
  };

/** Options whose value is a command in most programs that have one. */
const takesCommand = /^(?:-[cex]|--(?:command|cmd|exec|execute|run|shell))$/;

const startsProgram = (text: Word): boolean => /\s/.test(text) && startable.has(programName(text.trim().split(/\s+/)[0] ?? ""));

/** A shell without anything to do, named among words, is a name and no command. */
const isWrite: (effect: Reading["effects"][number]) => boolean = ({ verb, destination }) =>
  verb !== "read" && !(verb === "delegate" && destination.kind === "opaque");

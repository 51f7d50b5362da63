/** `act`: runs of a repository's workflows on this machine. */

import { ciScripts } from "../edits/ci-scripts.ts";
import type { ReaderFacts, Reading } from "../reading.ts";
import { nothing } from "../reading.ts";
import { resolvePath } from "../shell/paths.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { joinReadings, parseOptions, shellOf, type Wrapped } from "./options.ts";

const values =
  "j W w s e E P C job workflows secret eventpath env env-file secret-file platform actor directory matrix var input input-file";
const asks: readonly string[] = ["l", "n", "h", "list", "dryrun", "help", "version"];

/** `act [EVENT] [-j JOB] [-W FILE]`: runs of workflows on this machine. */
export function readAct({ program, args, invocation, facts }: Wrapped): Reading {
  const { options, rest } = parseOptions(args, values);
  if (asks.some((name) => options.has(name))) return nothing;
  const event = rest[0] ?? "push";
  const job = options.get("j") ?? options.get("job");
  const texts = workflowTexts(options.get("W") ?? options.get("workflows") ?? ".github/workflows", invocation.cwd, facts);
  const run = texts
    .filter(
      (yaml) =>
        job !== undefined ||
        !isKnown(event) ||
        new RegExp(String.raw`\b${event.replaceAll(/\W/g, ".")}\b`).test(yaml.split(/^jobs:/m)[0] ?? ""),
    )
    .flatMap((yaml) => ciScripts(job === undefined || !isKnown(job) ? yaml : jobOf(yaml, job)));
  return joinReadings(
    run.map((text) => shellOf(text.replaceAll(/\$\{\{[^{}]*\}\}/g, hole), `${program} ${job ?? event}`, { cwd: invocation.cwd })),
  );
}

function workflowTexts(place: Word, cwd: Word, facts: ReaderFacts): readonly string[] {
  const path = resolvePath(cwd, place);
  if (!isKnown(path)) return [];
  const names = facts.listFolder(path).filter((name) => /\.ya?ml$/.test(name));
  const paths = names.length === 0 ? [path] : names.slice(0, 40).map((name) => resolvePath(path, name));
  return paths.flatMap((each) => {
    const file = facts.readFile(each);
    return file?.kind === "text" ? [file.text] : [];
  });
}

/** The lines of one job, by their indentation. */
function jobOf(yaml: string, job: string): string {
  const lines = yaml.split(/\r?\n/);
  const jobs = lines.findIndex((line) => line.startsWith("jobs:"));
  const start = lines.findIndex((line, at) => at > jobs && /^\s+/.test(line) && line.trim().replaceAll(/["']/g, "") === `${job}:`);
  if (jobs < 0 || start < 0) return "";
  const depth = (lines[start] ?? "").search(/\S/);
  const end = lines.findIndex((line, at) => at > start && line.trim() !== "" && line.search(/\S/) <= depth);
  return lines.slice(start, end < 0 ? undefined : end).join("\n");
}

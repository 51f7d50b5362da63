/** What `install` and `uninstall` say. */

import type { ManagedText } from "../../core/agents/agent-setup.ts";
import { setups } from "../../core/agents/setups.ts";
import type { AgentName } from "../../core/guard/agent-call.ts";
import { type AgentPlan, isChanged, type PlannedFile } from "../../operations/agents/install-bench.ts";
import { fileDiff } from "../../operations/agents/file-diff.ts";
import type { AgentInUse } from "../../operations/agents/look-at-agents.ts";
import type { Hindrance } from "../../operations/agents/not-in-force.ts";
import { plain, plainLine } from "./plain-text.ts";
import type { View } from "./screen.ts";
import { aligned, cutTo, wrap } from "./text-width.ts";

const shownFile = ({ level, path }: Pick<PlannedFile, "level" | "path">): string => plain(level === "user" ? `~/${path}` : path);

const states: Readonly<Record<PlannedFile["state"], string>> = {
  intact: "as it should be",
  missing: "missing",
  drifted: "differs",
  rival: "somebody else's",
};

/** One line for each file, with what stands there now. */
export const fileLines = (files: readonly PlannedFile[]): string[] =>
  aligned(files.map((file) => [`  ${shownFile(file)}`, states[file.state], file.what]));

const actionOf = (file: PlannedFile): "keep" | "write" | "remove" =>
  isChanged(file) ? (file.after === undefined ? "remove" : "write") : "keep";

const actions = { keep: "stays", write: "write", remove: "remove" } as const;

/** One line for each file, with what would become of it. */
export const actionLines = (files: readonly PlannedFile[]): string[] =>
  aligned(files.map((file) => [`  ${shownFile(file)}`, actions[actionOf(file)], file.what]));

/** What would be written, and how it differs from what is there. */
export function planLines(files: readonly PlannedFile[], view: View): string[] {
  return [...actionLines(files), ...files.filter(isChanged).flatMap((file) => ["", ...diffLines(file, view)])];
}

const diffLinesMax = 400;

function diffLines(file: PlannedFile, { columns, paint }: View): string[] {
  const name = shownFile(file);
  const diff = fileDiff(file, name);
  const lines = diff.replace(/\n$/u, "").split("\n");
  const shown = lines.slice(0, diffLinesMax).map((line) => {
    const text = cutTo(plainLine(line), columns);
    if (line.startsWith("+")) return paint.green(text);
    return line.startsWith("-") ? paint.red(text) : text;
  });
  return lines.length > diffLinesMax ? [...shown, `… and ${lines.length - diffLinesMax} more lines`] : shown;
}

export const noteLines = (notes: readonly string[], { columns }: View): string[] =>
  [...new Set(notes)].flatMap((note) => {
    // A command is never broken: it is there to be pasted.
    if (note.includes("sh -c")) return [`  ${plain(note)}`];
    return wrap(plain(note), { width: columns - 2 }).map((line) => `  ${line}`);
  });

export function agentsLines(agents: readonly AgentInUse[], view: View): string[] {
  const rows = agents.map(({ agent, traces, guarded, hindrances }) => [
    agent,
    setups[agent].title,
    guarded.length > 0
      ? `${hindrances.length > 0 ? "not in force" : "guarded"} (${guarded.join(", ")})`
      : traces.length > 0
        ? "in use, not guarded"
        : "not seen here",
    cutTo(plain(traces.join(", ")), 40),
  ]);
  return aligned(rows).map((line) => cutTo(line, view.columns));
}

/** What keeps the guard from being in force, and what a person does about it. */
export const hindranceLines = (hindrances: readonly Hindrance[], { paint, columns }: View): string[] =>
  uniqueTexts(hindrances).map((text) => cutTo(`${paint.red("✖")} ${plain(text)}`, columns));

const uniqueTexts = (hindrances: readonly Hindrance[]): readonly string[] => [
  ...new Set(hindrances.map(({ path, what, kind }) => `${path} ${what}${kind === "hooks" ? "; a person takes that out" : ""}`)),
];

export function managedLines(agent: AgentName, texts: readonly ManagedText[]): string[] {
  return texts.flatMap(({ path, text }) => [`# ${setups[agent].title}: ${path}`, ...text.replace(/\n$/u, "").split("\n"), ""]);
}

export const planFields = ({ files, notes }: AgentPlan): Record<string, unknown> => ({
  files: files.map((file) => ({
    path: file.path,
    level: file.level,
    agents: file.agents,
    what: file.what,
    state: file.state,
    action: actionOf(file),
  })),
  notes: [...new Set(notes)],
});

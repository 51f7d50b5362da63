/** Fields of a hook's input: looked up by name, checked by kind. */

import { isAbsolute, join, resolve } from "node:path";
import type { AgentName, AgentSession } from "../../core/guard/agent-call.ts";
import { type Around, type HookInput, MalformedHook } from "./agent-face.ts";

export const isFields = (value: unknown): value is HookInput => typeof value === "object" && value !== null && !Array.isArray(value);

/** The first of the fields that holds a text. */
export function textIn(input: HookInput, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = input[name];
    if (typeof value === "string") return value;
  }
  return undefined;
}

/** Throws where none of the fields holds a text. */
export function neededText(input: HookInput, ...names: readonly string[]): string {
  const found = textIn(input, ...names);
  if (found === undefined) throw new MalformedHook(`its input has no ${names[0] ?? "text"}`);
  return found;
}

/** Throws where the field is there and no object. */
export function fieldsIn(input: HookInput, name: string): HookInput {
  const value = input[name];
  if (value === undefined || value === null) return {};
  if (isFields(value)) return value;
  throw new MalformedHook(`its ${name} is no object`);
}

export const listIn = (input: HookInput, name: string): readonly unknown[] => {
  const value = input[name];
  return Array.isArray(value) ? value : [];
};

/** Throws where no folder can be told: then no belay.yaml can be looked for. */
export function sessionOf(
  agent: AgentName,
  { id, cwd }: { readonly id: string | undefined; readonly cwd: string | undefined },
  around: Around,
): AgentSession {
  const folder = cwd !== undefined && isAbsolute(cwd) ? cwd : around.cwd;
  if (folder === undefined) throw new MalformedHook("neither it nor this process has a working folder");
  return { agent, id: id ?? "", cwd: resolve(folder) };
}

/** Absolute, as a shell or an editor would take it. */
export function pathFrom(path: string, cwd: string, { homeFolder }: Around): string {
  if (path === "~" || path.startsWith("~/")) return join(homeFolder, path.slice(1));
  return resolve(cwd, path);
}

/** Folders from the environment and the input that are absolute. */
export const foldersFrom = (...folders: readonly unknown[]): string[] =>
  folders.flatMap((folder) => (typeof folder === "string" && isAbsolute(folder) ? [resolve(folder)] : []));

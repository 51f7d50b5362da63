/** Inputs of file tools, in all agents' spellings, as what becomes of which file. */

import type { FileChange } from "../../core/guard/agent-call.ts";
import { patchBegins } from "../../operations/guard/patch/read-patch.ts";
import { patchChanges } from "../../operations/guard/patch/patch-changes.ts";
import { type Around, type HookInput, MalformedHook } from "./agent-face.ts";
import { isFields, listIn, pathFrom, textIn } from "./hook-fields.ts";

const pathNames = ["file_path", "filePath", "path", "notebook_path", "target_file", "absolute_path", "filename"] as const;
const oldNames = ["old_string", "oldString", "old_str", "old_text"] as const;
const newNames = ["new_string", "newString", "new_str", "new_text"] as const;
const patchNames = ["patchText", "patch", "input", "command"] as const;

/** What a write, an edit or several edits make of a file. Throws `MalformedHook` where no file is named. */
export function changesOfFileTool(input: HookInput, cwd: string, around: Around): FileChange[] {
  const edits = listIn(input, "edits").filter(isFields);
  const path = textIn(input, ...pathNames);
  if (path === undefined) {
    // Several files in one call: each edit names its own.
    const named = edits.filter((edit) => textIn(edit, ...pathNames) !== undefined);
    if (named.length === 0 || named.length < edits.length) throw new MalformedHook("its input names no file");
    return named.flatMap((edit) => changesOfFileTool(edit, cwd, around));
  }
  const file = pathFrom(path, cwd, around);
  const after = textAfter(input, edits, () => around.readText(file));
  return [{ path: file, verb: "write", ...(after === undefined ? {} : { after }) }];
}

/** Throws `MalformedHook` where no file is named. */
export function deletionOf(input: HookInput, cwd: string, around: Around): FileChange[] {
  const path = textIn(input, ...pathNames);
  if (path === undefined) throw new MalformedHook("its input names no file");
  return [{ path: pathFrom(path, cwd, around), verb: "delete" }];
}

function textAfter(input: HookInput, edits: readonly HookInput[], present: () => string | undefined): string | undefined {
  const whole = textIn(input, "content", "contents", "file_text");
  if (whole !== undefined) return whole;
  const steps = edits.length > 0 ? edits : [input];
  let text: string | undefined;
  for (const [at, step] of steps.entries()) {
    const old = textIn(step, ...oldNames);
    const fresh = textIn(step, ...newNames);
    if (old === undefined || fresh === undefined) return undefined;
    // An empty old text makes a new file.
    const before = at === 0 ? (present() ?? (old === "" ? "" : undefined)) : text;
    text = before === undefined ? undefined : replaced(before, { old, fresh, isAll: isAll(step) });
    if (text === undefined) return undefined;
  }
  return text;
}

const isAll = (step: HookInput): boolean =>
  step["replace_all"] === true ||
  step["replaceAll"] === true ||
  step["allow_multiple"] === true ||
  (typeof step["expected_replacements"] === "number" && step["expected_replacements"] > 1);

/** `undefined` where the old text is not there: the tool refuses it too, or looks for it by rules of its own. */
function replaced(
  text: string,
  { old, fresh, isAll: all }: { readonly old: string; readonly fresh: string; readonly isAll: boolean },
): string | undefined {
  if (old === "") return text === "" ? fresh : undefined;
  const at = text.indexOf(old);
  if (at < 0) return undefined;
  return all ? text.replaceAll(old, () => fresh) : `${text.slice(0, at)}${fresh}${text.slice(at + old.length)}`;
}

/** Throws `MalformedHook` where there is no patch, or one that names no file. */
export function changesOfPatch(input: HookInput, cwd: string, around: Around): FileChange[] {
  const command = input["command"];
  // As a list of words: `["apply_patch", "*** Begin Patch…"]`.
  const listed = Array.isArray(command) ? command.find((word) => typeof word === "string" && word.includes(patchBegins)) : undefined;
  const text: unknown = listed ?? textIn(input, ...patchNames);
  const changes = typeof text === "string" ? changesInPatch(text, cwd, around) : [];
  if (changes.length === 0) throw new MalformedHook("its input holds no patch that names a file");
  return changes;
}

/** What the patches inside a text would change: `apply_patch <<'EOF'` in a shell is a file tool too. */
export function changesInPatch(text: string, cwd: string, around: Around): FileChange[] {
  return patchChanges(text, { resolve: (path) => pathFrom(path, cwd, around), readText: around.readText });
}

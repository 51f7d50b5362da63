import type { FileChange } from "../../../core/guard/agent-call.ts";
import { patchedText } from "./patched-text.ts";
import { readPatch, type PatchSection } from "./read-patch.ts";

export interface PatchGround {
  /** Makes a path of the patch absolute. */
  readonly resolve: (path: string) => string;
  /** The file's present text; `undefined` where it has none that can be read. */
  readonly readText: (path: string) => string | undefined;
}

/** What a patch does to which file; a move writes one and deletes another. */
export function patchChanges(text: string, ground: PatchGround): FileChange[] {
  return readPatch(text).flatMap((section) => changesOf(section, ground));
}

function changesOf(section: PatchSection, { resolve, readText }: PatchGround): FileChange[] {
  const path = resolve(section.path);
  switch (section.kind) {
    case "add":
      return [{ path, verb: "write", after: section.text }];
    case "delete":
      return [{ path, verb: "delete" }];
    case "update": {
      const before = readText(path);
      const after = before === undefined ? undefined : patchedText(before, section.hunks);
      const written = section.movedTo === undefined ? path : resolve(section.movedTo);
      const change: FileChange = { path: written, verb: "write", ...(after === undefined ? {} : { after }) };
      return written === path ? [change] : [{ path, verb: "delete" }, change];
    }
  }
}

import { unifiedDiff } from "../../codecs/text-diff/unified-diff.ts";
import type { PlannedFile } from "./install-bench.ts";

/** What would change in one file, as a unified diff for eyes; `name` stands in its head. */
export function fileDiff({ before, after }: Pick<PlannedFile, "before" | "after">, name: string): string {
  return unifiedDiff({ before: bytesOf(before), after: bytesOf(after), beforeName: name, afterName: name, endings: "shown" });
}

const bytesOf = (text: string | undefined): Uint8Array | undefined => (text === undefined ? undefined : new TextEncoder().encode(text));

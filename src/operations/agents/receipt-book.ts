/** The receipts of a project, and of the user's own settings. */

import type { Level } from "../../core/agents/agent-setup.ts";
import { type Receipt, receiptsIn, receiptsText } from "../../core/agents/receipt.ts";
import { parseJsonc } from "../../codecs/jsonc/tree.ts";
import { BelayError } from "../../core/belay-error.ts";
import type { InstallBench } from "./install-bench.ts";

/** Where a level's paths count from. Throws `config-missing` for a project where there is none. */
export function rootOf({ folder, home }: Pick<InstallBench, "folder" | "home">, level: Level): string {
  if (level === "user") return home;
  if (folder === undefined)
    throw new BelayError("config-missing", "There is no belay.yaml here or above, so there is no project to guard.", "belay init");
  return folder;
}

export const pathIn = (bench: Pick<InstallBench, "folder" | "home">, level: Level, path: string): string =>
  `${rootOf(bench, level)}/${path}`;

const bookPath: Readonly<Record<Level, string>> = { project: ".belay/agents.json", user: ".config/belay/installed.json" };

export async function readReceipts(bench: InstallBench, level: Level): Promise<readonly Receipt[]> {
  const text = await bench.files.read(pathIn(bench, level, bookPath[level]));
  return receiptsIn(parseJsonc(text ?? "")?.value);
}

/** `undefined` takes a file's receipt away. Several installs at once: the last one that read what stands there wins, after some tries. */
export async function writeReceipts(bench: InstallBench, level: Level, changes: ReadonlyMap<string, Receipt | undefined>): Promise<void> {
  if (changes.size === 0) return;
  const path = pathIn(bench, level, bookPath[level]);
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const before = await bench.files.read(path);
    const kept = receiptsIn(parseJsonc(before ?? "")?.value).filter((receipt) => !changes.has(receipt.path));
    const all = [...kept, ...[...changes.values()].filter((receipt) => receipt !== undefined)];
    const after = all.length === 0 ? undefined : receiptsText(all);
    if (after === before) return;
    const written =
      after !== undefined
        ? await bench.files.write(path, after, before)
        : before === undefined
          ? undefined
          : await bench.files.remove(path, before);
    if (written?.kind !== "moved") return;
  }
}

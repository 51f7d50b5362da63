/** Writes what was planned, each file only as it was read. */

import type { Level } from "../../core/agents/agent-setup.ts";
import { BelayError } from "../../core/belay-error.ts";
import type { Receipt } from "../../core/agents/receipt.ts";
import { type AgentPlan, type InstallBench, isChanged, type PlannedFile } from "./install-bench.ts";
import { pathIn, readReceipts, rootOf, writeReceipts } from "./receipt-book.ts";

/**
 * Receipts are written with each file, so that an interruption leaves none without. Throws `input-changed` at the first file that somebody
 * else has changed since: what was written before it stands, and the same command goes on from there.
 */
export async function applyAgentPlan(bench: InstallBench, { files }: AgentPlan): Promise<readonly PlannedFile[]> {
  const changed = files.filter(isChanged);
  const made = new Map<Level, readonly string[]>();
  for (const { level } of changed) if (!made.has(level)) made.set(level, madeIn(await readReceipts(bench, level)));
  for (const file of changed) await carryOut(bench, file, made.get(file.level) ?? []);
  return changed;
}

const madeIn = (receipts: readonly Receipt[]): readonly string[] => receipts.flatMap(({ made }) => made ?? []);

/** The outermost folder that was made for this file or for another one in it. */
const outermost = (path: string, made: readonly string[]): string | undefined =>
  made.filter((folder) => path.startsWith(`${folder}/`)).toSorted((left, right) => left.length - right.length)[0];

async function carryOut(bench: InstallBench, file: PlannedFile, madeFolders: readonly string[]): Promise<void> {
  const { level, path, before, after } = file;
  const at = pathIn(bench, level, path);
  const known = (await readReceipts(bench, level)).find((receipt) => receipt.path === path);
  const root = rootOf(bench, level);
  const folder = outermost(path, madeFolders);
  const written =
    after === undefined
      ? await bench.files.remove(at, before ?? "", folder === undefined ? undefined : `${root}/${folder}`)
      : await bench.files.write(at, after, before);
  if (written.kind === "moved")
    throw new BelayError("input-changed", `${at} was changed meanwhile: it is left as it is.`, "Run the same command again.");
  const made = written.made?.startsWith(`${root}/`) === true ? written.made.slice(root.length + 1) : known?.made;
  await writeReceipts(bench, level, new Map([[path, receiptOf(file, made)]]));
}

function receiptOf({ path, receipt }: PlannedFile, made: string | undefined): Receipt | undefined {
  return receipt === undefined ? undefined : { path, ...receipt, ...(made === undefined ? {} : { made }) };
}

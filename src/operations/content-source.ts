import { BelayError } from "../core/belay-error.ts";
import type { Body } from "../core/body.ts";
import type { Change, Content } from "../core/plan/plan.ts";
import { openRemembered } from "./plan-shelf.ts";
import { isRemembered } from "./seen-bytes.ts";
import type { Context, Workbench } from "./workbench.ts";

/** The bytes that a plan sends: the file if it still holds them, else what was kept of them. Never any others. */
export async function openContent(bench: Workbench, path: string, content: Content, context: Context): Promise<Body> {
  const here = await openLocal(bench, path, content, context);
  if (here) return here;
  const kept = (await openRemembered(bench.seenBytes, content.digest, context)) ?? (await bench.vault.open(content.digest, context));
  if (kept) return kept;
  throw new BelayError(
    "input-changed",
    `${path} was changed after the plan was made; the bytes that the plan shows are not here any more.`,
    "Run the same command again: it makes a new plan from what the file holds now.",
  );
}

/** The working copy's file, if it holds exactly this content. */
export async function openLocal(bench: Workbench, path: string, content: Content, context: Context): Promise<Body | undefined> {
  const reading = await bench.folder.read(path, context);
  return reading?.body.digest === content.digest ? reading.body : undefined;
}

/**
 * Remembers what is about to be live, so that an interrupted apply can be finished although the file was edited since.
 * Returns the bytes where they came from the working copy: what was just read need not be read again to be sent.
 */
export async function rememberContent(bench: Workbench, change: Change, context: Context): Promise<Body | undefined> {
  if (change.kind === "delete" || !isRemembered(change.at.key, change.content.sizeBytes)) return undefined;
  const here = await openLocal(bench, change.at.key, change.content, context);
  await bench.seenBytes.keep(here ?? (await openContent(bench, change.at.key, change.content, context)), context);
  return here;
}

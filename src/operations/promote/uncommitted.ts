/** Which staged bytes no commit holds: production takes committed bytes only, where the site is under version control. */

import { bytesOf } from "../../core/body.ts";
import { concurrently } from "../concurrently.ts";
import type { PendingPath } from "./pending-changes.ts";
import type { Context, Workbench } from "../workbench.ts";

/** How far back a file's history is asked. */
const versionsMax = 500;

/** `view` is a workbench whose folder is the stage. A release from a clean checkout names the commit that its bytes are from. */
export async function uncommittedOf(view: Workbench, paths: readonly PendingPath[], context: Context): Promise<string[]> {
  const doubtful = paths.filter(({ owner }) => owner.commit === undefined).map(({ path }) => path);
  if (doubtful.length === 0 || !(await view.history.head(context))) return [];
  const versions = await view.history.versionsOf(doubtful, versionsMax, context);
  const lacking = await concurrently(doubtful, view.concurrency, async (path): Promise<string[]> => {
    const known = versions.get(path);
    const reading = known && (await view.folder.read(path, context));
    if (!known || !reading) return [path];
    const contentId = view.history.contentId(await bytesOf(reading.body));
    return known.some((version) => version.contentId === contentId) ? [] : [path];
  });
  return lacking.flat();
}

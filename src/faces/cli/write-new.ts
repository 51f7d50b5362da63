/** Files that belay hands out: a file that is there with other content was somebody's, and stays. */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { BelayError } from "../../core/belay-error.ts";
import { plain } from "./plain-text.ts";

/** Looks at all of them before it writes one. Gives their paths; throws `input-changed` where one is there and differs. */
export async function writeNew(cwd: string, folder: string, files: ReadonlyMap<string, string>): Promise<string[]> {
  const into = resolve(cwd, folder);
  const wanted = [...files].map(([name, text]) => ({ path: join(into, name), text }));
  const missing: typeof wanted = [];
  for (const file of wanted) {
    const found = await readFile(file.path, "utf8").catch(() => undefined);
    if (found === undefined) missing.push(file);
    else if (found !== file.text) {
      const message = `${plain(file.path)} is there and says something else: it is left as it is.`;
      throw new BelayError("input-changed", message, "Look at it, move it away, or name another folder: --out FOLDER");
    }
  }
  await mkdir(into, { recursive: true });
  // `wx`: what came meanwhile is not overwritten either.
  for (const { path, text } of missing) await writeFile(path, text, { flag: "wx" });
  return wanted.map(({ path }) => path);
}

import { randomBytes } from "node:crypto";
import { readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { parseConfig } from "../../config/load-config.ts";
import { BelayError } from "../../core/belay-error.ts";
import type { Session } from "./session.ts";

/** Changes the text of belay.yaml in place, whole or not at all, and only into one that is valid. */
export async function editConfig(session: Session, edit: (text: string) => string): Promise<void> {
  const { file } = await session.config();
  const path = await realpath(file);
  const before = await readFile(path, "utf8");
  const after = edit(before);
  if (after === before) return;
  parseConfig(after, file);
  const temporary = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    await writeFile(temporary, after, { flag: "wx", mode: (await stat(path)).mode });
    // Somebody may have saved it in an editor meanwhile; belay, too, overwrites only what it has seen.
    if ((await readFile(path, "utf8")) !== before)
      throw new BelayError("input-changed", `${file} was changed meanwhile.`, "Run the same command again.");
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** The files that `belay init` lays beside a site. */

import { copyFile, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { localStateFolder } from "../../config/config.ts";
import { schemaCopy } from "../../config/write-config.ts";
import type { CliSetup } from "./cli-setup.ts";

export interface Laid {
  /** Whether `.belay/` was added to .gitignore. */
  readonly ignored: boolean;
}

export interface Laying {
  readonly file: string;
  readonly text: string;
  readonly folder: string;
}

/** belay.yaml (never over another), a copy of its schema for editors, and a line in .gitignore inside a git work tree. */
export async function layFiles({ packageFolder }: Pick<CliSetup, "packageFolder">, { file, text, folder }: Laying): Promise<Laid> {
  await writeFile(file, text, { flag: "wx" });
  await mkdir(join(folder, localStateFolder), { recursive: true });
  // Editors do without it; a package that was built without its schema must not stop anybody.
  await copyFile(join(packageFolder, "schema", "belay.schema.json"), join(folder, schemaCopy)).catch(() => undefined);
  return { ignored: (await isInGit(folder)) && (await ignoreState(folder)) };
}

async function isInGit(folder: string): Promise<boolean> {
  const isHere = await stat(join(folder, ".git")).then(
    () => true,
    () => false,
  );
  const above = dirname(folder);
  return isHere || (above !== folder && isInGit(above));
}

async function ignoreState(folder: string): Promise<boolean> {
  const path = join(folder, ".gitignore");
  const text = await readFile(path, "utf8").catch(() => "");
  if (
    text
      .split(/\r?\n/u)
      .some((line) => [`${localStateFolder}/`, localStateFolder, `/${localStateFolder}/`, `/${localStateFolder}`].includes(line.trim()))
  )
    return false;
  await writeFile(path, `${text === "" || text.endsWith("\n") ? text : `${text}\n`}${localStateFolder}/\n`);
  return true;
}

import { constants } from "node:fs";
import { access, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join, relative } from "node:path";
import { quoted } from "./narrator.ts";

const namesTriedMax = 99;

/** Where a person goes on from: a folder with a belay.yaml for their own pages. */
export interface NextSteps {
  readonly folder: string;
  /** False where the folder next to the pages could not be made, and a temporary one serves. */
  readonly isBeside: boolean;
}

/**
 * Makes a new folder beside the pages and writes a belay.yaml that publishes them to a folder inside it.
 * Nothing is written into the pages' own folder, and no existing folder is used.
 */
export async function leaveConfig(pages: string): Promise<NextSteps> {
  const beside = await newFolder(dirname(pages), `${basename(pages) || "site"}-belay`);
  const folder = beside ?? (await mkdtemp(join(tmpdir(), "belay-start-")));
  const root = beside === undefined ? pages : relative(folder, pages);
  await writeFile(join(folder, "belay.yaml"), startText(root), { flag: "wx" });
  await mkdir(join(folder, "live", "staging"), { recursive: true });
  return { folder, isBeside: beside !== undefined };
}

async function newFolder(parent: string, name: string): Promise<string | undefined> {
  for (let number = 1; number <= namesTriedMax; number += 1) {
    const folder = join(parent, number === 1 ? name : `${name}-${number}`);
    try {
      await mkdir(folder);
      return folder;
    } catch {
      const isTaken = await access(folder).then(
        () => true,
        () => false,
      );
      if (!isTaken) return undefined;
    }
  }
  return undefined;
}

/** The line that makes `belay` a command in a person's shell; `undefined` where it is one already. */
export async function aliasLine(belay: readonly string[]): Promise<string | undefined> {
  // Folders that npm puts on the path for a script are not on the person's own.
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules"));
  for (const folder of folders) {
    const isThere = await access(join(folder, "belay"), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return undefined;
  }
  return `alias belay=${quoted(belay.map(quoted).join(" "))}`;
}

const startText = (root: string): string => `# Your pages, with a folder to practise on as the live site. When you are
# ready, put the folder of your real site in its place.
version: 1
state: .belay
site:
  root: ${JSON.stringify(root)}
  targets:
    staging:
      store: dir:live/staging
`;

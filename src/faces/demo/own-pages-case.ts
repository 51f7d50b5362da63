import { readFile, stat } from "node:fs/promises";
import { isUtf8 } from "node:buffer";
import { BelayError } from "../../core/belay-error.ts";
import { isPage } from "../../core/paths/key.ts";
import type { DemoCase } from "./demo-case.ts";
import type { FolderScan, FoundFile } from "./folder-scan.ts";
import { scanFolder, scanLimits } from "./folder-scan.ts";
import type { LaterVersions } from "./later-versions.ts";
import { laterVersions } from "./later-versions.ts";

const pageBytesMax = 2 * 1024 * 1024;
/** Pages that are tried, biggest first, before the demo says that none will do. */
const pagesTriedMax = 50;
/** Below this a page has no room for two hands: another page is better, if there is one. */
const roomyFeatures = 3;

/** Incident 1 told with a person's own pages; `scan` is what was taken of the folder. */
export interface OwnPagesCase {
  readonly demoCase: DemoCase;
  readonly scan: FolderScan;
}

/** Chooses the page of the story and makes its later versions in memory. Nothing is written. */
export async function ownPagesCase(folder: string): Promise<OwnPagesCase> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) throw new BelayError("usage", `There is no folder ${folder}.`, "belay demo FOLDER, with a folder of HTML pages");
  if (!found.isDirectory())
    throw new BelayError("usage", `${folder} is not a folder.`, "belay demo FOLDER, with the folder that this page is in");
  const scan = await scanFolder(folder, scanLimits).catch((cause: unknown) => {
    throw new BelayError("usage", `The folder ${folder} cannot be read.`, "Give yourself permission to read it, or name another folder.", {
      cause,
    });
  });
  const pages = scan.files.filter((file) => isPage(file.key));
  if (pages.length === 0) {
    const more = scan.isPartial ? " among its first files" : "";
    throw new BelayError(
      "usage",
      `There is no HTML page in ${folder}${more}.`,
      "Name the folder that holds index.html, or run `belay demo` alone.",
    );
  }
  const chosen = await choosePage(pages);
  if (chosen === undefined) {
    throw new BelayError(
      "usage",
      `No page in ${folder} is UTF-8 text of at most 2 MiB with words to edit.`,
      "Name another folder, or run `belay demo` alone.",
    );
  }
  const files = scan.files.filter((file) => file !== chosen.file);
  return { demoCase: { page: chosen.file.key, files, ...chosen.later }, scan };
}

interface Chosen {
  readonly file: FoundFile;
  readonly later: LaterVersions;
}

/** The front page if it will do, otherwise the biggest page with room, otherwise any page at all. */
async function choosePage(pages: readonly FoundFile[]): Promise<Chosen | undefined> {
  const bySize = pages.toSorted((left, right) => right.sizeBytes - left.sizeBytes);
  const front = pages.filter((file) => /^index\.html?$/iu.test(file.key));
  let best: Chosen | undefined;
  for (const file of [...front, ...bySize].slice(0, pagesTriedMax)) {
    if (file.sizeBytes > pageBytesMax) continue;
    const bytes = await readFile(file.path).catch(() => undefined);
    if (bytes === undefined || !isUtf8(bytes)) continue;
    const later = laterVersions(bytes.toString("utf8"));
    if (later === undefined) continue;
    best ??= { file, later };
    if (later.features.length >= roomyFeatures) return { file, later };
  }
  return best;
}

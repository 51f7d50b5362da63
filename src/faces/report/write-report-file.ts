import { randomBytes } from "node:crypto";
import { lstat, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { BelayError } from "../../core/belay-error.ts";
import { isPrivate } from "../../core/paths/publishable.ts";
import type { Site } from "../../core/site.ts";
import { plain } from "../cli/plain-text.ts";
import { reportMark } from "./report-page.ts";
import { markdownMark } from "./render-markdown.ts";

export interface ReportFile {
  /** As it was typed. */
  readonly file: string;
  readonly text: string;
}

/** How far into a file its mark is looked for. */
const headBytes = 4_096;

/**
 * Writes a report whole or not at all, over nothing but an empty file or an earlier report, and never where it would be
 * published. Answers with the absolute path. Throws `usage` where the place will not do.
 */
export async function writeReportFile(cwd: string, site: Pick<Site, "root">, { file, text }: ReportFile): Promise<string> {
  const typed = resolve(cwd, file);
  const folder = await realpath(dirname(typed)).catch(() =>
    refuse(file, "its folder is not there", "Name a file in a folder that exists."),
  );
  const path = join(folder, basename(typed));
  await refusePublished(site, file, path);
  await refuseOccupied(file, path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString("hex")}`);
  try {
    await writeFile(temporary, text, { flag: "wx" });
    await rename(temporary, path);
  } catch (cause) {
    throw new BelayError(
      "usage",
      `The report could not be written to ${plain(file)}: ${causeOf(cause)}.`,
      "Name a file that can be written.",
      {
        cause,
      },
    );
  } finally {
    await rm(temporary, { force: true });
  }
  return path;
}

function refuse(file: string, why: string, remedy: string): never {
  throw new BelayError("usage", `The report is not written to ${plain(file)}: ${why}.`, remedy);
}

/** A report tells of plans and people: it is no page of the site. */
async function refusePublished({ root }: Pick<Site, "root">, file: string, path: string): Promise<void> {
  const published = await realpath(root).catch(() => root);
  const within = relative(published, path);
  if (within === "" || within === ".." || within.startsWith(`..${sep}`)) return;
  if (isPrivate(within.split(sep).join("/"))) return;
  refuse(file, "it lies in the folder that is published, and the next deploy would take it along", `Name a file outside ${plain(root)}.`);
}

async function refuseOccupied(file: string, path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found || (found.isFile() && found.size === 0)) return;
  const remedy = "Name another file, or move that one away.";
  if (found.isDirectory()) return refuse(file, "it is a folder", "Name a file.");
  if (!found.isFile()) return refuse(file, "it is no plain file", remedy);
  const head = (await readFile(path)).subarray(0, headBytes).toString("utf8");
  if (!head.includes(reportMark) && !head.startsWith(markdownMark))
    refuse(file, "what stands there is no report of belay's, and belay overwrites nothing that it does not know", remedy);
}

const causeOf = (cause: unknown): string => (cause instanceof Error ? plain(cause.message) : "unknown");

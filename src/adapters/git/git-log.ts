import type { SourceVersion } from "../../ports/source-history.ts";

/** Four fields per commit, divided by NUL, which neither a name nor a subject can hold. */
export const logFormat = "%H%x00%aI%x00%an%x00%s";
const headerFields = 4;

// A symbolic link or a submodule at this path is not a version of the file's bytes.
const rawLine = /^\n?:+\d{6} (?<mode>\d{6}) [0-9a-f]+ (?<id>[0-9a-f]+) [A-Z]\d*$/u;
const isFile = (mode: string): boolean => mode === "100644" || mode === "100755";

/** One commit's outcome at the path: the blob, or `undefined` where there was no file after it. */
interface Outcome {
  readonly version: Omit<SourceVersion, "contentId">;
  readonly contentId: string | undefined;
}

/**
 * Versions of one file, newest first, from `git log -z --raw --format=<logFormat>`. A commit that left the bytes as they
 * were brings no version; a deletion parts the versions around it, even where the bytes are the same.
 */
export function parseVersions(output: string): SourceVersion[] {
  const outcomes = parseOutcomes(output);
  const found: SourceVersion[] = [];
  for (const [at, { version, contentId }] of outcomes.entries()) {
    // The older of two equal neighbours brought the bytes.
    if (contentId !== undefined && outcomes[at + 1]?.contentId !== contentId) found.push({ ...version, contentId });
  }
  return found;
}

function parseOutcomes(output: string): Outcome[] {
  const fields = output.split("\0");
  const outcomes: Outcome[] = [];
  let at = 0;
  while (at + headerFields <= fields.length) {
    const [commit = "", writtenAt = "", author = "", subject = ""] = fields.slice(at, at + headerFields);
    at += headerFields;
    let line = rawLine.exec(fields[at] ?? "");
    while (line) {
      const { mode = "", id } = line.groups ?? {};
      outcomes.push({ version: { commit, at: writtenAt, author, subject }, contentId: isFile(mode) ? id : undefined });
      // Each raw line is followed by the path that it speaks of.
      at += 2;
      line = rawLine.exec(fields[at] ?? "");
    }
  }
  return outcomes;
}

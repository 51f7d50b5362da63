import type { SourceVersion } from "../../ports/source-history.ts";

/**
 * How git must be asked for what `parseVersions` reads. Git's own shape of a log is the only one that says which parent a
 * merge is set against; whatever a user's settings would add to it is switched off. Merges are shown against each parent,
 * because what a merge put together is a version like any other, and may have been live.
 */
export const logArgs: readonly string[] = [
  ["log", "-z", "-m", "--full-history", "--parents", "--date-order", "--raw", "--no-abbrev", "--no-renames"],
  ["--no-color", "--no-decorate", "--no-notes", "--no-mailmap", "--encoding=UTF-8", "--pretty=medium", "--date=iso-strict"],
].flat();

const commitLine = /^commit (?<names>[0-9a-f ]+?)(?: \(from (?<from>[0-9a-f]+)\))?$/mu;
const authorLine = /^Author: (?<author>.*) <.*>$/mu;
const dateLine = /^Date: +(?<at>\S+)$/mu;
// A message is indented, and its first paragraph is the subject.
const subjectLines = /\n\n(?<subject>(?: {4}.+\n?)+)/u;

// A symbolic link or a submodule at this path is not a version of the file's bytes.
const rawLine = /^:\d{6} (?<mode>\d{6}) [0-9a-f]+ (?<id>[0-9a-f]+) [A-Z]\d*$/u;
const isFile = (mode: string): boolean => mode === "100644" || mode === "100755";

/** By key: the blob that a commit left there, or `undefined` where there was no file after it. */
type Differences = Map<string, string | undefined>;

interface Commit {
  readonly version: Omit<SourceVersion, "contentId">;
  /** The nearest ancestors that the log lists as well. */
  readonly parents: readonly string[];
  /** By parent, or by no name where there is none. A parent without differences may be left out. */
  readonly differences: Map<string, Differences>;
}

/** One commit's outcome at a path. */
interface Outcome {
  readonly version: Commit["version"];
  readonly contentId: string | undefined;
}

export interface ParseRequest {
  /** The site's folder within the repository, with a trailing slash, or empty. */
  readonly prefix: string;
  readonly paths: readonly string[];
  /** Of versions a path. */
  readonly limit: number;
}

/**
 * Versions of each path, newest first, from what git says to `logArgs` and all of them. A commit that left the bytes as they were brings no version; a deletion parts the versions around it, even where
 * the bytes are the same. A path without versions is left out.
 */
export function parseVersions(output: string, { prefix, paths, limit }: ParseRequest): Map<string, readonly SourceVersion[]> {
  const outcomes = outcomesOf(parseCommits(output, prefix), new Set(paths));
  const found = new Map<string, readonly SourceVersion[]>();
  for (const [path, own] of outcomes) {
    const versions = own.flatMap(({ version, contentId }, at) =>
      // The older of two equal neighbours brought the bytes.
      contentId === undefined || own[at + 1]?.contentId === contentId ? [] : [{ ...version, contentId }],
    );
    if (versions.length > 0) found.set(path, versions.slice(0, limit));
  }
  return found;
}

/**
 * Follows each path through the commits as git does for one path alone: where a merge left it as one parent had it, only
 * that parent's history is the path's own. A side branch whose outcome the merge threw away proves nothing.
 */
function outcomesOf(commits: readonly Commit[], wanted: ReadonlySet<string>): Map<string, Outcome[]> {
  const outcomes = new Map([...wanted].map((path): [string, Outcome[]] => [path, []]));
  // Children come before their parents, and the first commit is the one from which all others are reached.
  const reaching = new Map<string, ReadonlySet<string>>();
  const reach = (commit: string, paths: ReadonlySet<string>): void => {
    const others = reaching.get(commit);
    reaching.set(commit, others && others !== paths ? new Set([...others, ...paths]) : paths);
  };
  const [newest] = commits;
  if (newest) reach(newest.version.commit, wanted);
  for (const { version, parents, differences } of commits) {
    const paths = reaching.get(version.commit) ?? new Set();
    reaching.delete(version.commit);
    const before = parents.length === 0 ? [""] : parents;
    for (const [path, contentId] of differences.get(before[0] ?? "") ?? []) {
      if (paths.has(path) && before.every((parent) => differences.get(parent)?.has(path))) outcomes.get(path)?.push({ version, contentId });
    }
    for (const [parent, handed] of handedOn(paths, parents, differences)) reach(parent, handed);
  }
  return outcomes;
}

/** For each parent, the paths whose history goes on there. */
function handedOn(
  paths: ReadonlySet<string>,
  parents: readonly string[],
  differences: Commit["differences"],
): Map<string, ReadonlySet<string>> {
  if (parents.length < 2 || paths.size === 0) return new Map(parents.map((parent) => [parent, paths]));
  const handed = new Map(parents.map((parent) => [parent, new Set<string>()]));
  for (const path of paths) {
    const kept = parents.find((parent) => !differences.get(parent)?.has(path));
    for (const [parent, set] of handed) if (kept === undefined || kept === parent) set.add(path);
  }
  return handed;
}

function parseCommits(output: string, prefix: string): Commit[] {
  const fields = output.split("\0");
  const commits: Commit[] = [];
  let differences: Differences = new Map();
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] ?? "";
    if (field.startsWith("commit ")) differences = beginDifferences(commits, field);
    // The first raw line of a commit ends the field of its message; no line of a message begins with a colon.
    const { mode = "", id } = rawLine.exec(field.slice(field.lastIndexOf("\n:") + 1))?.groups ?? {};
    if (id === undefined) continue;
    // Each raw line is followed by the path that it speaks of.
    at += 1;
    differences.set(keyOf(fields[at] ?? "", prefix), isFile(mode) ? id : undefined);
  }
  return commits;
}

/** A merge is told once for each parent that it differs from, one after the other. */
function beginDifferences(commits: Commit[], header: string): Differences {
  const [commit = "", ...parents] = partOf(header, commitLine, "names").split(" ");
  const differences: Differences = new Map();
  let last = commits.at(-1);
  if (last?.version.commit !== commit) {
    const [at, author] = [partOf(header, dateLine, "at"), partOf(header, authorLine, "author")];
    const subject = partOf(header, subjectLines, "subject").trim().replaceAll(/\n +/gu, " ");
    last = { version: { commit, at, author, subject }, parents, differences: new Map() };
    commits.push(last);
  }
  last.differences.set(partOf(header, commitLine, "from") || (parents[0] ?? ""), differences);
  return differences;
}

const partOf = (header: string, pattern: RegExp, name: string): string => pattern.exec(header)?.groups?.[name] ?? "";

const keyOf = (path: string, prefix: string): string => path.normalize("NFC").slice(prefix.normalize("NFC").length);

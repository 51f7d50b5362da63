import { createHash } from "node:crypto";
import { BelayError } from "../../core/belay-error.ts";
import { bodyOf, type Body } from "../../core/body.ts";
import { isPrivate } from "../../core/paths/publishable.ts";
import type { SourceHistory, SourceVersion } from "../../ports/source-history.ts";
import type { CallOptions } from "../../ports/store.ts";
import { sha256 } from "../shared/sha256.ts";
import { logArgs, parseVersions } from "./git-log.ts";
import { OutputTooLong, runGit, type GitRun } from "./git-run.ts";

export interface GitSetup {
  /** The site's root: an absolute path, anywhere inside the repository. */
  readonly folder: string;
  readonly run?: GitRun;
}

interface Repository {
  readonly folder: string;
  readonly run: GitRun;
  readonly objectFormat: "sha1" | "sha256";
  readonly shallow: boolean;
  /** The site's folder within the repository, with a trailing slash; empty where it is the whole of it. */
  readonly prefix: string;
}

const none: SourceHistory = {
  head: async () => undefined,
  isClean: async () => false,
  versionsOf: async () => new Map(),
  contentId: (bytes) => blobId("sha1", bytes),
  read: async (version) => await Promise.reject(unreadable(version.contentId, "there is no git repository here")),
  isAncestor: async () => false,
  changedSince: async (commit) => await Promise.reject(unknownCommit(commit)),
};

/**
 * The git history of the site, read through the `git` executable and never written to. Learns once what kind of
 * repository this is; without git or outside a repository it is a history without versions.
 */
export async function openGitHistory({ folder, run = runGit }: GitSetup, options: CallOptions): Promise<SourceHistory> {
  const repository = await learn({ folder, run }, options);
  if (!repository) return none;
  return {
    head: async (call) => await head(repository, call),
    isClean: async (call) => await isClean(repository, call),
    versionsOf: async (paths, limit, call) => await versionsOf(repository, { paths, limit }, call),
    contentId: (bytes) => blobId(repository.objectFormat, bytes),
    read: async (version, call) => await read(repository, version, call),
    isAncestor: async (commit, call) => await isAncestor(repository, commit, call),
    changedSince: async (commit, call) => await changedSince(repository, commit, call),
  };
}

async function learn({ folder, run }: Required<GitSetup>, options: CallOptions): Promise<Repository | undefined> {
  const ended = await run(
    folder,
    ["rev-parse", "--is-inside-work-tree", "--is-shallow-repository", "--show-object-format", "--show-prefix"],
    options,
  );
  if (ended.kind === "missing") return undefined;
  if (ended.exit !== 0 && ended.stderr.includes("dubious ownership")) {
    const root = /repository at '([^']+)'/u.exec(ended.stderr)?.[1] ?? folder;
    throw new BelayError(
      "input-invalid",
      `git does not read the repository at ${root}: it belongs to another user, so nothing can be proven from its history.`,
      `Run \`git config --global --add safe.directory ${root}\` if you trust it, then run the same command again.`,
    );
  }
  const [isInside, isShallow, objectFormat, prefix = ""] = ended.stdout.toString("utf8").split("\n");
  if (ended.exit !== 0 || isInside !== "true") return undefined;
  return { folder, run, prefix, shallow: isShallow === "true", objectFormat: objectFormat === "sha256" ? "sha256" : "sha1" };
}

/** What git calls these bytes: the digest of a header and the bytes, with no conversion of line endings. */
function blobId(objectFormat: Repository["objectFormat"], bytes: Uint8Array): string {
  return createHash(objectFormat).update(`blob ${bytes.byteLength}\0`).update(bytes).digest("hex");
}

const isObjectName = (text: string): boolean => /^([0-9a-f]{40}|[0-9a-f]{64})$/u.test(text);

function unreadable(contentId: string, why: string): BelayError {
  return new BelayError(
    "input-invalid",
    `The committed version ${contentId} cannot be read: ${why}.`,
    "Run `git fsck` in the site's folder.",
  );
}

function unknownCommit(commit: string): BelayError {
  return new BelayError(
    "input-invalid",
    `Commit ${commit} is not in this copy of the repository.`,
    "Fetch it (`git fetch --unshallow`; in CI, check out with `fetch-depth: 0`), then run the same command again.",
  );
}

/** Output of a run that must succeed; `undefined` where HEAD has no commit yet. */
async function outputOf({ folder, run }: Repository, args: readonly string[], options: CallOptions): Promise<Buffer | undefined> {
  const ended = await run(folder, args, options);
  if (ended.kind === "missing") return undefined;
  if (ended.exit === 0) return ended.stdout;
  if (/does not have any commits yet|bad default revision 'HEAD'/u.test(ended.stderr)) return undefined;
  const [why = ""] = ended.stderr.split("\n");
  throw new BelayError(
    "input-invalid",
    `\`git ${args[0]}\` failed in ${folder}: ${why}`,
    "Run `git fsck` in the site's folder, and try again.",
  );
}

async function head(repository: Repository, options: CallOptions): ReturnType<SourceHistory["head"]> {
  const output = await outputOf(repository, ["log", "-1", "-z", "--encoding=UTF-8", "--no-color", "--format=%H%x00%s"], options);
  const [commit, subject] = output?.toString("utf8").split("\0") ?? [];
  return commit === undefined || subject === undefined ? undefined : { commit, subject, shallow: repository.shallow };
}

/**
 * A file that git ignores counts like any untracked one, since no commit holds what it would publish; only what belay
 * never publishes by itself (dotfiles, `node_modules`) may lie ignored in the site.
 */
async function isClean(repository: Repository, options: CallOptions): Promise<boolean> {
  const args = ["status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--ignored=matching"];
  const output = await outputOf(repository, args, options);
  if (!output) return false;
  return fieldsOf(output).every((field) => {
    const [mark, path] = [field.slice(0, 2), field.slice(3)];
    if (mark !== "??" && mark !== "!!") return false;
    return !path.startsWith(repository.prefix) || (mark === "!!" && isPrivate(path.slice(repository.prefix.length)));
  });
}

interface Wanted {
  readonly paths: readonly string[];
  readonly limit: number;
}

/** Paths of one run of git: each is an argument, and each is held against every entry of the trees that differ. */
const pathsMax = 500;
const nameBytesMax = 256 * 1024;

/** One run of git for every few hundred paths; only a history too long to be read at once takes more. */
async function versionsOf(
  repository: Repository,
  { paths, limit }: Wanted,
  options: CallOptions,
): Promise<ReadonlyMap<string, readonly SourceVersion[]>> {
  const found = new Map<string, readonly SourceVersion[]>();
  for (const portion of portionsOf(paths)) {
    for (const [path, versions] of await versionsIn(repository, { paths: portion, limit }, options)) found.set(path, versions);
  }
  return found;
}

function portionsOf(paths: readonly string[]): string[][] {
  const portions: string[][] = [];
  let nameBytes = 0;
  for (const path of new Set(paths)) {
    const own = namesOf(path).reduce((sum, name) => sum + Buffer.byteLength(name) + 1, 0);
    const last = portions.at(-1);
    if (last && last.length < pathsMax && nameBytes + own <= nameBytesMax) {
      last.push(path);
      nameBytes += own;
    } else {
      portions.push([path]);
      nameBytes = own;
    }
  }
  return portions;
}

/** A key is in NFC; the repository may hold the name as macOS once wrote it. */
const namesOf = (path: string): string[] => [...new Set([path, path.normalize("NFD")])];

async function versionsIn(
  repository: Repository,
  { paths, limit }: Wanted,
  options: CallOptions,
): Promise<ReadonlyMap<string, readonly SourceVersion[]>> {
  const args = [...logArgs, "--", ...paths.flatMap(namesOf)];
  try {
    const output = await outputOf(repository, args, options);
    return output ? parseVersions(output.toString("utf8"), { prefix: repository.prefix, paths, limit }) : new Map();
  } catch (error) {
    if (!(error instanceof OutputTooLong) || paths.length === 1) throw error;
    const half = Math.ceil(paths.length / 2);
    const first = await versionsIn(repository, { paths: paths.slice(0, half), limit }, options);
    return new Map([...first, ...(await versionsIn(repository, { paths: paths.slice(half), limit }, options))]);
  }
}

async function read({ folder, run, objectFormat }: Repository, { contentId }: SourceVersion, options: CallOptions): Promise<Body> {
  if (!isObjectName(contentId)) throw unreadable(contentId, "it is no name of a git object");
  const ended = await run(folder, ["cat-file", "blob", contentId], options);
  if (ended.kind === "missing") throw unreadable(contentId, "git is not installed any more");
  if (ended.exit !== 0) throw unreadable(contentId, ended.stderr.split("\n")[0] ?? "git says no more");
  const bytes = new Uint8Array(ended.stdout);
  if (blobId(objectFormat, bytes) !== contentId) throw unreadable(contentId, "git handed over other bytes");
  return bodyOf(bytes, sha256(bytes));
}

async function isAncestor({ folder, run }: Repository, commit: string, options: CallOptions): Promise<boolean> {
  if (!isObjectName(commit)) return false;
  // Exit 1 says no and 128 that the commit is not known here; neither proves descent.
  const ended = await run(folder, ["merge-base", "--is-ancestor", commit, "HEAD"], options);
  return ended.kind === "ended" && ended.exit === 0;
}

/** Both answers are of the site's folder only: a commit that touched nothing in it is not listed. */
async function changedSince(repository: Repository, commit: string, options: CallOptions): ReturnType<SourceHistory["changedSince"]> {
  if (!isObjectName(commit)) throw unknownCommit(commit);
  const { folder, run } = repository;
  const [diff, log] = await Promise.all([
    run(folder, ["diff-tree", "-r", "-z", "--name-only", "--no-renames", "--relative", commit, "HEAD"], options),
    run(folder, ["log", "-z", "--encoding=UTF-8", "--no-color", "--format=%H%x00%s", `${commit}..HEAD`, "--", "."], options),
  ]);
  if (diff.kind === "missing" || log.kind === "missing" || diff.exit !== 0 || log.exit !== 0) throw unknownCommit(commit);
  const paths = fieldsOf(diff.stdout).map((path) => path.normalize("NFC"));
  const fields = fieldsOf(log.stdout);
  const commits = fields.flatMap((name, at) => (at % 2 === 0 ? [{ commit: name, subject: fields[at + 1] ?? "" }] : []));
  return { paths: [...new Set(paths)], commits };
}

/** The fields of an output in which every one ends with a NUL. */
const fieldsOf = (output: Buffer): string[] => output.toString("utf8").split("\0").slice(0, -1);

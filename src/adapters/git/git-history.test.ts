import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bytesOf } from "../../core/body.ts";
import type { SourceHistory, SourceVersion } from "../../ports/source-history.ts";
import type { CallOptions } from "../../ports/store.ts";
import { gitActor } from "./git-actor.ts";
import { openGitHistory } from "./git-history.ts";
import { runGit, type GitRun } from "./git-run.ts";

const calm: CallOptions = { signal: new AbortController().signal };
const encoder = new TextEncoder();

function hasGit(): boolean {
  try {
    execFileSync("git", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** A git that is not there. */
const missing: GitRun = async () => ({ kind: "missing" });
/** A git that says one thing. */
const nothingKnown = {
  head: undefined,
  isClean: false,
  versions: new Map(),
  isAncestor: false,
  id: "ce013625030ba8dba906f756967f9e9ca394464a",
};

const versionsAt = async (history: SourceHistory, path: string, limit: number): Promise<readonly SourceVersion[]> =>
  (await history.versionsOf([path], limit, calm)).get(path) ?? [];

async function answersOf(history: SourceHistory): Promise<object> {
  return {
    head: await history.head(calm),
    isClean: await history.isClean(calm),
    versions: await history.versionsOf(["index.html"], 5, calm),
    isAncestor: await history.isAncestor("a".repeat(40), calm),
    id: history.contentId(encoder.encode("hello\n")),
  };
}

describe.skipIf(!hasGit())("git history (needs git)", () => {
  let root: string;
  let site: string;
  let minute: number;

  function git(...args: string[]): string {
    minute += 1;
    const at = `2026-05-20T10:${String(minute).padStart(2, "0")}:00+02:00`;
    const env = {
      ...process.env,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_SYSTEM: "/dev/null",
      GIT_AUTHOR_DATE: at,
      GIT_COMMITTER_DATE: at,
    };
    return execFileSync("git", args, { cwd: root, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
  }

  function write(path: string, text: string): void {
    mkdirSync(join(site, path, ".."), { recursive: true });
    writeFileSync(join(site, path), text);
  }

  function commit(subject: string, files: Readonly<Record<string, string>> = {}): string {
    for (const [path, text] of Object.entries(files)) write(path, text);
    git("add", "-A");
    git("commit", "-q", "--allow-empty", "-m", subject);
    return git("rev-parse", "HEAD");
  }

  function begin(...args: string[]): void {
    root = mkdtempSync(join(tmpdir(), "belay-git-"));
    site = join(root, "public");
    minute = 0;
    mkdirSync(site);
    git("init", "-q", "-b", "main", ...args);
    git("config", "user.name", "Ana Törn");
    git("config", "user.email", "ana@example.com");
  }

  const open = async (): Promise<SourceHistory> => await openGitHistory({ folder: site }, calm);
  const subjects = async (path: string, limit = 50): Promise<string[]> =>
    (await versionsAt(await open(), path, limit)).map((version) => version.subject);

  beforeEach(() => begin());
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("before the first commit there is no head and there are no versions", async () => {
    const history = await open();
    expect(await history.head(calm)).toBeUndefined();
    expect(await history.versionsOf(["index.html"], 10, calm)).toEqual(new Map());
    expect(await history.isAncestor("a".repeat(40), calm)).toBe(false);
  });

  it("head names the newest commit", async () => {
    commit("first", { "index.html": "1" });
    const newest = commit("second: “quoted” | piped", { "index.html": "2" });
    expect(await (await open()).head(calm)).toEqual({ commit: newest, subject: "second: “quoted” | piped", shallow: false });
  });

  it.each([
    "index.html",
    "with space.html",
    "quo\"te's.html",
    "-leading-dash.html",
    "fähre/törn ⛵.html",
    ":(top)magic.html",
    "star*[1].html",
    "sub/-x",
  ])("versions of %j come newest first, each with its commit, author, time and bytes", async (path) => {
    const first = commit("first", { [path]: "one\r\n", "star-1.html": "decoy" });
    commit("elsewhere", { "other.html": "x", "star-1.html": "decoy 2" });
    const second = commit("second", { [path]: "two\n" });
    const history = await open();
    const versions = await versionsAt(history, path, 10);
    expect(versions.map((version) => version.commit)).toEqual([second, first]);
    expect(versions[1]).toMatchObject({
      author: "Ana Törn",
      subject: "first",
      at: expect.stringMatching(/^2026-05-20T10:\d\d:00\+02:00$/u),
    });
    const [, oldest] = versions;
    if (!oldest) throw new Error("the first version is missing");
    expect(oldest.contentId).toBe(history.contentId(encoder.encode("one\r\n")));
    expect(new TextDecoder().decode(await bytesOf(await history.read(oldest, calm)))).toBe("one\r\n");
  });

  it("bytes are told and read as they were committed, whatever line endings the user's git prefers", async () => {
    commit("crlf", { "index.html": "a\r\nb\r\n" });
    git("config", "core.autocrlf", "true");
    const history = await open();
    const [version] = await versionsAt(history, "index.html", 1);
    if (!version) throw new Error("the version is missing");
    expect(version.contentId).toBe(history.contentId(encoder.encode("a\r\nb\r\n")));
    expect(version.contentId).not.toBe(history.contentId(encoder.encode("a\nb\n")));
    expect(await bytesOf(await history.read(version, calm))).toEqual(encoder.encode("a\r\nb\r\n"));
  });

  it("a deletion parts equal versions; a change of mode brings none", async () => {
    commit("born", { "index.html": "a" });
    git("update-index", "--chmod=+x", "public/index.html");
    git("commit", "-q", "-m", "mode");
    git("rm", "-q", "--cached", "public/index.html");
    git("commit", "-q", "-m", "gone");
    commit("back", { "index.html": "a" });
    expect(await subjects("index.html")).toEqual(["back", "born"]);
    rmSync(join(site, "index.html"));
    commit("gone again");
    expect(await subjects("index.html")).toEqual(["back", "born"]);
  });

  it("what a merge put together is a version, and so are both of its sides", async () => {
    commit("base", { "index.html": "1\n2\n3\n" });
    git("checkout", "-q", "-b", "side");
    commit("side", { "index.html": "1\n2\nC\n" });
    git("checkout", "-q", "main");
    commit("main", { "index.html": "A\n2\n3\n" });
    git("merge", "-q", "--no-edit", "-m", "merged", "side");
    commit("after", { "index.html": "A\n2\nC\nD\n" });
    git("config", "log.diffMerges", "dense-combined");
    const history = await open();
    const versions = await versionsAt(history, "index.html", 10);
    expect(versions.map((version) => version.subject).toSorted()).toEqual(["after", "base", "main", "merged", "side"]);
    expect(versions.find((version) => version.subject === "merged")?.contentId).toBe(history.contentId(encoder.encode("A\n2\nC\n")));
  });

  it("no more versions than asked for are told", async () => {
    for (let at = 1; at <= 5; at += 1) commit(`v${at}`, { "index.html": `${at}` });
    expect(await subjects("index.html", 2)).toEqual(["v5", "v4"]);
  });

  it("the user's settings change nothing", async () => {
    commit("first", { "index.html": "1" });
    git("mv", "public/index.html", "public/home.html");
    commit("renamed");
    for (const setting of [
      "log.follow=true",
      "log.showSignature=true",
      "color.ui=always",
      "diff.renames=copies",
      "log.diffMerges=off",
      "log.date=relative",
      "log.showRoot=false",
      "diff.relative=true",
      "log.decorate=full",
    ]) {
      git("config", ...setting.split("="));
    }
    expect(await subjects("home.html")).toEqual(["renamed"]);
    expect(await subjects("index.html")).toEqual(["first"]);
    expect((await (await open()).head(calm))?.subject).toBe("renamed");
  });

  it("a subject is the first paragraph of its message, whatever the rest of it looks like", async () => {
    const message = "one: page\nof two lines\n\ncommit 1\n\n:100644 100644 a b M\nAuthor: Eve <eve@example.com>\n";
    write("index.html", "1");
    git("add", "-A");
    git("commit", "-q", "-m", message);
    commit("two", { "index.html": "2", ":colon.html": "3" });
    const versions = await versionsAt(await open(), "index.html", 5);
    expect(versions.map(({ subject, author }) => [subject, author])).toEqual([
      ["two", "Ana Törn"],
      ["one: page of two lines", "Ana Törn"],
    ]);
    expect(await subjects(":colon.html")).toEqual(["two"]);
  });

  it("a commit is an ancestor only if HEAD descends from it", async () => {
    const first = commit("first", { "index.html": "1" });
    git("checkout", "-q", "-b", "side");
    const side = commit("side", { "index.html": "s" });
    git("checkout", "-q", "main");
    const second = commit("second", { "index.html": "2" });
    const history = await open();
    const judged = await Promise.all(
      [first, second, side, "f".repeat(40), "HEAD", "--all", ""].map(async (name) => await history.isAncestor(name, calm)),
    );
    expect(judged).toEqual([true, true, false, false, false, false, false]);
  });

  it("what changed since a commit is told for the site's folder, in keys", async () => {
    const first = commit("first", { "index.html": "1", "kept.html": "k", "reverted.html": "r", "gone.html": "g" });
    rmSync(join(site, "gone.html"));
    const second = commit("second", { "index.html": "2", "reverted.html": "other" });
    writeFileSync(join(root, "README.md"), "outside");
    commit("outside");
    const third = commit("third", { "fähre/törn 1.html": "new", "reverted.html": "r" });
    const changed = await (await open()).changedSince(first, calm);
    expect(changed.paths.toSorted()).toEqual(["fähre/törn 1.html", "gone.html", "index.html"]);
    expect(changed.commits).toEqual([
      { commit: third, subject: "third" },
      { commit: second, subject: "second" },
    ]);
    expect(await (await open()).changedSince(third, calm)).toEqual({ paths: [], commits: [] });
  });

  it("changes since a commit that is not here ask for the missing history", async () => {
    commit("first", { "index.html": "1" });
    const history = await open();
    for (const name of ["f".repeat(40), "--all", "HEAD~1"]) {
      await expect(history.changedSince(name, calm)).rejects.toMatchObject({
        code: "input-invalid",
        remedy: expect.stringContaining("fetch-depth: 0"),
      });
    }
  });

  it("a working copy is clean when nothing differs from HEAD and nothing untracked lies in the site", async () => {
    commit("first", { "index.html": "1" });
    const history = await open();
    expect(await history.isClean(calm)).toBe(true);
    writeFileSync(join(root, "notes.txt"), "outside the site and untracked");
    expect(await history.isClean(calm)).toBe(true);
    write("new page.html", "untracked");
    expect(await history.isClean(calm)).toBe(false);
    commit("second");
    expect(await history.isClean(calm)).toBe(true);
    writeFileSync(join(root, "notes.txt"), "outside the site and changed");
    expect(await history.isClean(calm)).toBe(false);
  });

  it("an ignored file that would be published is not clean, one that never is does not matter", async () => {
    writeFileSync(join(root, ".gitignore"), "built.js\n.DS_Store\nnode_modules/\nout/\n");
    commit("first", { "index.html": "1" });
    write(".DS_Store", "x");
    write("node_modules/a/b.js", "x");
    writeFileSync(join(root, "built.js"), "outside the site");
    const history = await open();
    expect(await history.isClean(calm)).toBe(true);
    write("out/app.js", "x");
    expect(await history.isClean(calm)).toBe(false);
    rmSync(join(site, "out"), { recursive: true });
    write("built.js", "x");
    expect(await history.isClean(calm)).toBe(false);
  });

  it("a site that is the whole repository is read as well", async () => {
    site = root;
    commit("first", { "index.html": "1" });
    write("untracked.html", "x");
    const history = await open();
    expect(await history.isClean(calm)).toBe(false);
    expect(await subjects("index.html")).toEqual(["first"]);
  });

  it("a shallow clone says so, and knows no older commit", async () => {
    const first = commit("first", { "index.html": "1" });
    commit("second", { "index.html": "2" });
    const clone = join(root, "clone");
    git("clone", "-q", "--depth=1", `file://${root}`, clone);
    const history = await openGitHistory({ folder: join(clone, "public") }, calm);
    expect(await history.head(calm)).toMatchObject({ subject: "second", shallow: true });
    expect(await history.isAncestor(first, calm)).toBe(false);
  });

  it("a repository of SHA-256 objects is read as well", async () => {
    rmSync(root, { recursive: true, force: true });
    begin("--object-format=sha256");
    commit("first", { "index.html": "1" });
    const history = await open();
    const [version] = await versionsAt(history, "index.html", 1);
    expect(version?.contentId).toMatch(/^[0-9a-f]{64}$/u);
    expect(version?.contentId).toBe(history.contentId(encoder.encode("1")));
  });

  it("a version that is no object of the repository cannot be read", async () => {
    commit("first", { "index.html": "1" });
    const history = await open();
    for (const contentId of ["f".repeat(40), "--help", ""]) {
      const version = { commit: "", contentId, at: "", author: "", subject: "" };
      await expect(history.read(version, calm)).rejects.toMatchObject({ code: "input-invalid" });
    }
  });

  it("each question starts one process, and telling what changed starts two", async () => {
    const first = commit("first", { "index.html": "1" });
    commit("second", { "index.html": "2" });
    let runs = 0;
    const counting: GitRun = async (...call) => {
      runs += 1;
      return await runGit(...call);
    };
    const history = await openGitHistory({ folder: site, run: counting }, calm);
    const [version] = await versionsAt(history, "index.html", 1);
    expect(runs).toBe(2);
    if (version) await history.read(version, calm);
    await history.head(calm);
    await history.isAncestor(first, calm);
    expect(runs).toBe(5);
    await history.changedSince(first, calm);
    expect(runs).toBe(7);
  });

  it("an interrupted question says that it was interrupted", async () => {
    commit("first", { "index.html": "1" });
    const history = await open();
    await expect(history.head({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "interrupted" });
  });

  it("the actor is whom git names in this folder, and nobody where it names nobody", async () => {
    expect(gitActor(site)).toMatchObject({ name: "Ana Törn", email: "ana@example.com" });
    expect(gitActor(site, () => "user.email\nben@example.com\0")).toEqual({
      name: "ben@example.com",
      email: "ben@example.com",
    });
    expect(gitActor(site, () => "user.name\nOld\0user.name\nBen\0")).toEqual({ name: "Ben" });
    expect(gitActor(site, () => undefined)).toBeUndefined();
  });
});

describe("a site without git", () => {
  it("has no head and no versions where git is not installed", async () => {
    expect(await answersOf(await openGitHistory({ folder: tmpdir(), run: missing }, calm))).toEqual(nothingKnown);
    expect(gitActor(tmpdir(), () => undefined)).toBeUndefined();
  });

  it("has no head and no versions outside a repository", async () => {
    const outside = mkdtempSync(join(tmpdir(), "belay-plain-"));
    expect(await answersOf(await openGitHistory({ folder: outside }, calm))).toEqual(nothingKnown);
    rmSync(outside, { recursive: true });
  });

  it("is told apart from a repository that git refuses to read", async () => {
    const stderr = "fatal: detected dubious ownership in repository at '/srv/site'\nTo add an exception …";
    const refusing: GitRun = async () => ({ kind: "ended", exit: 128, stdout: Buffer.alloc(0), stderr });
    await expect(openGitHistory({ folder: "/srv/site/public", run: refusing }, calm)).rejects.toMatchObject({
      code: "input-invalid",
      remedy: expect.stringContaining("safe.directory /srv/site`"),
    });
  });
});

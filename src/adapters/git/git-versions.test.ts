import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SourceVersion } from "../../ports/source-history.ts";
import type { CallOptions } from "../../ports/store.ts";
import { openGitHistory } from "./git-history.ts";
import { OutputTooLong, runGit, type GitRun } from "./git-run.ts";

const calm: CallOptions = { signal: new AbortController().signal };

function hasGit(): boolean {
  try {
    execFileSync("git", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Numbers below `below`, the same for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const subjects = (versions: readonly SourceVersion[] = []): string[] => versions.map((version) => version.subject);

/** A git whose answers about more than so many names are too long. */
const tight =
  (namesMax: number): GitRun =>
  async (folder, args, options) => {
    if (args[0] === "log" && args.slice(args.indexOf("--") + 1).length > namesMax)
      throw new OutputTooLong("input-invalid", "too long", "Ask for less.");
    return await runGit(folder, args, options);
  };

describe.skipIf(!hasGit())("git versions of many paths (needs git)", () => {
  let root: string;
  let second: number;

  function git(...args: string[]): string {
    second += 1;
    const at = `2031-05-20T10:${String(Math.floor(second / 60)).padStart(2, "0")}:${String(second % 60).padStart(2, "0")}Z`;
    const env = {
      ...process.env,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_SYSTEM: "/dev/null",
      GIT_AUTHOR_DATE: at,
      GIT_COMMITTER_DATE: at,
    };
    return execFileSync("git", args, { cwd: root, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
  }

  function commit(subject: string, files: Readonly<Record<string, string | undefined>>): void {
    mkdirSync(join(root, "public"), { recursive: true });
    for (const [path, text] of Object.entries(files)) {
      if (text === undefined) rmSync(join(root, "public", path), { force: true });
      else writeFileSync(join(root, "public", path), text);
    }
    git("add", "-A");
    git("commit", "-q", "--allow-empty", "-m", subject);
  }

  /** A merge whose outcome at every path is chosen, not computed. */
  function merge(branch: string, files: Readonly<Record<string, string | undefined>>): void {
    git("merge", "-q", "-s", "ours", "--no-commit", branch);
    commit(`merge ${branch}`, files);
  }

  /** Versions of these paths, and with how many runs of git they were found. */
  async function look(
    paths: readonly string[],
    { limit = 50, run = runGit }: { limit?: number; run?: GitRun } = {},
  ): Promise<{ found: ReadonlyMap<string, readonly SourceVersion[]>; runs: number }> {
    let runs = 0;
    const counting: GitRun = async (...call) => {
      runs += 1;
      return await run(...call);
    };
    const history = await openGitHistory({ folder: join(root, "public"), run: counting }, calm);
    return { found: await history.versionsOf(paths, limit, calm), runs };
  }

  /** The commits that brought a version, as git simplifies the history of one path. */
  function alone(path: string): string[] {
    const commits = git("log", "--date-order", "--format=%H", "--", `public/${path}`).split("\n");
    const input = commits.map((hash) => `${hash}:public/${path}\n`).join("");
    const contents = execFileSync("git", ["cat-file", "--batch-check=%(objectname)"], { cwd: root, input, encoding: "utf8" })
      .trimEnd()
      .split("\n");
    return commits.filter((_, at) => /^[0-9a-f]+$/u.test(contents[at] ?? "") && contents[at] !== contents[at + 1]);
  }

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "belay-git-"));
    second = 0;
    git("init", "-q", "-b", "main");
    git("config", "user.name", "Ana Törn");
    git("config", "user.email", "ana@example.com");
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("300 changed paths cost two processes: one to learn the repository, one for all versions", async () => {
    const paths = Array.from({ length: 300 }, (_, at) => `page ${at}.html`);
    commit("first", Object.fromEntries(paths.map((path) => [path, `${path} 1`])));
    commit("second", Object.fromEntries(paths.map((path) => [path, `${path} 2`])));
    const { found, runs } = await look(paths);
    expect(runs).toBe(2);
    expect([...found.keys()].toSorted()).toEqual(paths.toSorted());
    expect(new Set([...found.values()].map((versions) => subjects(versions).join(" ")))).toEqual(new Set(["second first"]));
    expect(new Set([...found.values()].flat().map((version) => version.contentId)).size).toBe(600);
  });

  it("paths are asked for in portions that an argument list can hold", async () => {
    const paths = Array.from({ length: 1_100 }, (_, at) => `${at}.html`);
    commit("first", { "0.html": "a", "1099.html": "b" });
    const { found, runs } = await look([...paths, ...paths]);
    expect(runs).toBe(1 + 3);
    expect([...found.keys()]).toEqual(["0.html", "1099.html"]);
    expect((await look(Array.from({ length: 400 }, (_, at) => `${at}${"x".repeat(1_000)}.html`))).runs).toBe(1 + 2);
  });

  it("each path has the limit to itself, and no neighbour uses it up", async () => {
    commit("born", { "quiet.html": "q", "busy.html": "0" });
    for (let at = 1; at <= 12; at += 1) commit(`v${at}`, { "busy.html": `${at}` });
    const { found } = await look(["quiet.html", "busy.html", "never.html"], { limit: 2 });
    expect(subjects(found.get("busy.html"))).toEqual(["v12", "v11"]);
    expect(subjects(found.get("quiet.html"))).toEqual(["born"]);
    expect(found.has("never.html")).toBe(false);
  });

  it("what a merge threw away of one path is no version, also where it kept another path of the same branch", async () => {
    commit("base", { "kept.html": "1", "lost.html": "1" });
    git("checkout", "-q", "-b", "side");
    commit("side", { "kept.html": "side", "lost.html": "side" });
    git("checkout", "-q", "main");
    commit("main", { "lost.html": "main" });
    merge("side", { "kept.html": "side" });
    const { found } = await look(["kept.html", "lost.html"]);
    expect(subjects(found.get("kept.html"))).toEqual(["side", "base"]);
    expect(subjects(found.get("lost.html"))).toEqual(["main", "base"]);
  });

  it("many paths asked for at once have the versions that git tells of each alone", async () => {
    const paths = ["a.html", "b.html", "c.html", "d.html"];
    for (const seed of [3, 14, 159]) {
      const below = numbers(seed);
      const files = (): Record<string, string | undefined> =>
        Object.fromEntries(paths.filter(() => below(3) === 0).map((path) => [path, below(7) === 0 ? undefined : `${below(4)}`]));
      git("checkout", "-q", "--orphan", `trunk${seed}`);
      commit(`root ${seed}`, Object.fromEntries(paths.map((path) => [path, `${seed}`])));
      const branches = [`trunk${seed}`, `left${seed}`, `right${seed}`];
      for (const branch of branches.slice(1)) git("branch", branch);
      for (let at = 0; at < 25; at += 1) {
        const [from = "", into = ""] = [branches[below(3)], branches[below(3)]];
        git("checkout", "-q", into);
        if (below(3) === 0 && from !== into) merge(from, files());
        else commit(`${seed}.${at}`, files());
      }
      git("checkout", "-q", `trunk${seed}`);
      merge(`left${seed}`, files());
      merge(`right${seed}`, files());
      const together = (await look(paths)).found;
      expect(together.size, `seed ${seed}`).toBeGreaterThan(0);
      for (const path of paths) {
        expect(together.get(path)?.map(({ commit: hash }) => hash) ?? [], `seed ${seed} ${path}`).toEqual(alone(path));
      }
    }
  });

  it("a history too long to be read at once is read in halves, and none of it is lost", async () => {
    const paths = ["a.html", "b.html", "c.html"];
    commit("first", Object.fromEntries(paths.map((path) => [path, path])));
    expect([...(await look(paths, { run: tight(1) })).found.keys()]).toEqual(paths);
    await expect(look(paths, { run: tight(0) })).rejects.toThrow(OutputTooLong);
  });
});

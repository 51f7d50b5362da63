/** Configurations, folders and disks that are not as they should be: a clear error, the right exit, nothing lost. */

import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { denial, denied } from "./support/denied.ts";
import { addCopy, configText, openGround, put, treeOf, type Ground } from "./support/ground.ts";
import { answerOf, belay, expectExit } from "./support/run-belay.ts";

let ground: Ground;
let copy = "";
let site = "";

beforeEach(() => {
  ground = openGround("setup");
  copy = addCopy(ground, "copy");
  site = join(copy, "public");
});
afterEach(() => ground.remove());

const isRoot = process.getuid?.() === 0;
const canMount = isRoot && process.platform === "linux" && mountsForTrial();
const hasPrlimit = system("prlimit", ["--version"]).status === 0;
const deploy = ["deploy", "staging", "--yes"];
const configure = (text: string): void => writeFileSync(join(copy, "belay.yaml"), text);

async function deployed(words: readonly string[] = deploy): Promise<void> {
  const ran = await belay(words, { cwd: copy });
  expectExit(ran, 0);
}

describe("belay.yaml", () => {
  beforeEach(() => put(site, "index.html", "<p>fine</p>"));

  test("with an unknown key is refused: the key, its line and the nearest known key are named", async () => {
    configure(`${configText({})}      urll: https://staging.example\n`);
    expect(await denial({ ground, copy }, deploy)).toEqual(denied(2, /belay\.yaml:9:\d+: .*urll.* did you mean "url"/u, /line 9/u));
  });

  test("of two MiB is refused without being parsed", async () => {
    configure(`${configText({})}# ${"x".repeat(2 * 1024 * 1024)}\n`);
    expect(await denial({ ground, copy }, deploy)).toEqual(denied(2, /longer than 1 MiB/u, /Correct .*belay\.yaml/u));
  });

  test("of another version than 1 is refused, and so are two documents in one", async () => {
    configure(configText({}).replace("version: 1", "version: 2"));
    expect(await denial({ ground, copy }, deploy)).toEqual(denied(2, /version/u, /line 1/u));
    configure(`${configText({})}---\n${configText({}).replace("version: 1", "version: 2")}`);
    expect(await denial({ ground, copy }, deploy)).toEqual(denied(2, /second document/u, /Correct/u));
  });

  test("whose site lies inside the state is refused, before anything is looked at", async () => {
    configure(configText({}).replace("state: ../state", "state: .").replace("root: public", "root: vault"));
    expect(await denial({ ground, copy }, deploy)).toEqual(denied(2, /site\.root/u, /Correct/u));
  });

  test("nearer to the working folder wins, and its relative paths count from where it stands", async () => {
    const inner = join(copy, "public", "inner");
    mkdirSync(join(inner, "public"), { recursive: true });
    writeFileSync(join(inner, "belay.yaml"), configText({ sharesState: false, store: "dir:../../../inner-live" }));
    put(join(inner, "public"), "inner.html", "<p>inner</p>");
    const ran = await belay(deploy, { cwd: join(inner, "public") });
    expectExit(ran, 0);
    expect([...treeOf(join(ground.folder, "inner-live")).keys()]).toEqual(["inner.html"]);
    expect(treeOf(ground.live).size).toBe(0);
  });

  test("that is missing is told with the command that writes one", async () => {
    rmSync(join(copy, "belay.yaml"));
    expect(await denial({ ground, copy }, deploy)).toEqual(denied(2, /no belay\.yaml/u, /belay init/u));
  });
});

describe("a build that went wrong", () => {
  beforeEach(async () => {
    for (let at = 0; at < 60; at += 1) put(site, `page-${at}.html`, `<p>${at}</p>`);
    await deployed();
  });

  test("and left an empty folder deletes nothing", async () => {
    rmSync(site, { recursive: true });
    mkdirSync(site);
    expect(await denial({ ground, copy }, deploy)).toEqual(
      denied(3, /holds no file to publish, and live holds 60/u, /Build the site first/u),
    );
  });

  test("and left no folder deletes nothing", async () => {
    rmSync(site, { recursive: true });
    expect(await denial({ ground, copy }, deploy)).toEqual(denied(2, /public does not exist/u, /mkdir/u));
  });

  test("and lost more files than the limit deletes nothing", async () => {
    for (let at = 0; at < 55; at += 1) rmSync(join(site, `page-${at}.html`));
    expect(await denial({ ground, copy }, deploy)).toEqual(
      denied(3, /55 files would be deleted; the limit is 50/u, /limits: \{ deletes: 55 \}/u),
    );
  });
});

describe("the target", () => {
  beforeEach(async () => {
    put(site, "index.html", "<p>one</p>");
    await deployed();
  });

  test("that was removed between plan and apply is not taken for an empty one", async () => {
    put(site, "index.html", "<p>two</p>");
    const plan = await belay(["plan", "staging", "--json"], { cwd: copy });
    const id = String(answerOf(plan, "id"));
    rmSync(ground.live, { recursive: true });
    const ran = await belay(["apply", id, "--yes"], { cwd: copy });
    expectExit(ran, 4);
    expect(ran.told).toMatch(/index\.html/u);
    expect(ran.told).toMatch(/next: belay pull staging index\.html/u);
    expect(treeOf(ground.live).size).toBe(0);
    expect(readFileSync(join(site, "index.html"), "utf8")).toBe("<p>two</p>");
  });

  test("that was changed between plan and apply keeps what it was changed to", async () => {
    put(site, "index.html", "<p>two</p>");
    const plan = await belay(["plan", "staging", "--json"], { cwd: copy });
    put(ground.live, "index.html", "<p>a stranger's</p>");
    expect(await denial({ ground, copy }, ["apply", String(answerOf(plan, "id")), "--yes"])).toEqual(
      denied(4, /wrote index\.html on staging meanwhile/u, /belay pull staging index\.html/u),
    );
  });

  test.skipIf(!canMount && isRoot)(
    "that is read-only is told as such, and is no obstacle once it is not (where root may mount)",
    async () => {
      put(site, "index.html", "<p>two</p>");
      if (isRoot) {
        mount("--bind", ground.live, ground.live);
        mount("-o", "remount,bind,ro", ground.live);
      } else chmodSync(ground.live, 0o555);
      try {
        expect(await denial({ ground, copy }, deploy)).toEqual(denied(2, /EROFS|EACCES/u, /ls -ld/u));
      } finally {
        if (isRoot) system("umount", [ground.live]);
        else chmodSync(ground.live, 0o755);
      }
      await deployed();
      expect(treeOf(ground.live)).toEqual(treeOf(site));
    },
  );
});

describe("a full disk", () => {
  test.skipIf(!canMount)(
    "under the target puts back what fitted, and the next deploy works once there is room (where root may mount)",
    async () => {
      const disk = join(ground.folder, "disk");
      mkdirSync(disk);
      mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", disk);
      try {
        configure(configText({ store: "dir:../disk/live" }));
        for (let at = 0; at < 8; at += 1) put(site, `page-${at}.html`, `<p>${at}</p>\n`);
        await deployed();
        const before = treeOf(join(disk, "live"));
        for (let at = 0; at < 8; at += 1) put(site, `page-${at}.html`, `<p>${at}</p>\n`.repeat(20_000));
        const ran = await belay([...deploy, "--change", "large"], { cwd: copy });
        expectExit(ran, 2);
        expect(ran.told).toMatch(/ENOSPC|no room|full/iu);
        expect(ran.told).toMatch(/next: Make room/u);
        expect(treeOf(join(disk, "live"))).toEqual(before);
        mount("-o", "remount,size=20m", disk);
        await deployed([...deploy, "--change", "large"]);
        expect(treeOf(join(disk, "live"))).toEqual(treeOf(site));
      } finally {
        system("umount", [disk]);
      }
    },
  );

  test.skipIf(!canMount)(
    "under the state stops before the first write, and what was begun is told to the next deploy (where root may mount)",
    async () => {
      mkdirSync(ground.state);
      mount("-t", "tmpfs", "-o", "size=256k", "tmpfs", ground.state);
      try {
        for (let at = 0; at < 40; at += 1) put(site, `page-${at}.html`, `<p>${at}</p>\n`.repeat(700));
        await deployed();
        const before = treeOf(ground.live);
        for (let at = 0; at < 40; at += 1) put(site, `page-${at}.html`, `<p>${at}, once more</p>\n`);
        const ran = await belay([...deploy, "--change", "many"], { cwd: copy });
        expectExit(ran, 2);
        expect(ran.told).toMatch(/ENOSPC/u);
        expect(ran.told).toMatch(/next: Make room/u);
        // Nothing is overwritten before all of it is in the vault.
        expect(treeOf(ground.live)).toEqual(before);
        mount("-o", "remount,size=20m", ground.state);
        // Nobody could record how it ended: `belay resume` waits until nothing can arrive any more, which is too long for a test.
        expect(await denial({ ground, copy }, deploy)).toEqual(denied(5, /has not ended/u, /belay resume/u));
      } finally {
        system("umount", [ground.state]);
      }
    },
  );

  test.skipIf(!hasPrlimit)("as a limit on file sizes sees it leaves no part of a file live (where there is prlimit)", async () => {
    put(site, "index.html", "<p>one</p>\n");
    await deployed();
    put(site, "index.html", "<p>far too long</p>\n".repeat(10_000));
    expect(await denial({ ground, copy }, deploy, { through: ["prlimit", "--fsize=65536", "--"] })).toEqual(
      denied(2, /EFBIG/u, /Make room/u),
    );
  });
});

function system(command: string, words: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(command, [...words], { encoding: "utf8" });
}

function mount(...words: readonly string[]): void {
  const ran = system("mount", words);
  if (ran.status !== 0) throw new Error(`mount ${words.join(" ")}: ${ran.stderr}`);
}

/** Mounting takes more than root: containers often forbid it. */
function mountsForTrial(): boolean {
  const trial = openGround("mount");
  const isMounted = system("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", trial.live]).status === 0;
  const isBound = isMounted && system("mount", ["--bind", trial.live, trial.live]).status === 0;
  if (isBound) system("umount", [trial.live]);
  if (isMounted) system("umount", [trial.live]);
  trial.remove();
  return isBound;
}

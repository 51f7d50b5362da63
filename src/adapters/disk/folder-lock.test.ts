import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isProvablyDead, startTimeOf, thisProcess } from "../shared/process-identity.ts";
import { sha256OfText } from "../shared/sha256.ts";
import { FolderLock } from "./folder-lock.ts";
import { Workspace, type Owner } from "./workspace.ts";

const { signal } = new AbortController();
let scratch: string;
let child: ChildProcess | undefined;

interface Locked {
  readonly lock: FolderLock;
  readonly workspace: Workspace;
}
function openLock(waitMs = 10_000, burstMs = 1000): Locked {
  const workspace = new Workspace(scratch, () => scratch);
  const onTaken = async (isFirst: boolean): Promise<void> => (isFirst ? await workspace.sweep() : undefined);
  return { workspace, lock: new FolderLock({ workspace, waitMs, burstMs, onTaken }) };
}

/** A real process of its own, which does nothing until it is killed. */
async function bystander(): Promise<Owner> {
  child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000); console.log('up')"], { stdio: ["ignore", "pipe", "ignore"] });
  if (child.stdout) await once(child.stdout, "data");
  const pid = child.pid ?? 0;
  return { ...(await thisProcess()), pid, startTime: await startTimeOf(pid), nonce: "00000000000000aa" };
}
async function kill(): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
const leaveLock = (owner: Owner): void => writeFileSync(join(scratch, "lock"), JSON.stringify(owner));

describe("the folder lock", () => {
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "belay-lock-"));
  });
  afterEach(async () => {
    await kill();
    child = undefined;
    rmSync(scratch, { recursive: true, force: true });
  });

  it("a lock whose owner lives is never broken; the wait is bounded and names the owner", async () => {
    const owner = await bystander();
    leaveLock(owner);
    const before = performance.now();
    await expect(openLock(300).lock.run(signal, async () => await Promise.resolve("entered"))).rejects.toMatchObject({
      code: "lock-held",
      message: expect.stringContaining(`process ${owner.pid}`),
    });
    expect(performance.now() - before).toBeGreaterThan(290);
    expect(JSON.parse(readFileSync(join(scratch, "lock"), "utf8"))).toMatchObject({ nonce: owner.nonce });
  });

  it("the lock of a process that was killed is broken, and what it left is swept", async () => {
    const owner = await bystander();
    leaveLock(owner);
    const tmp = join(scratch, "tmp", owner.nonce);
    mkdirSync(tmp, { recursive: true });
    writeFileSync(join(tmp, "owner"), JSON.stringify(owner));
    writeFileSync(join(tmp, "new-1"), "half a page");
    writeFileSync(join(tmp, `aside-${sha256OfText("seen")}-2`), "seen");
    writeFileSync(join(tmp, `aside-${sha256OfText("seen")}-3`), "never seen by anybody");
    await kill();
    expect(await openLock().lock.run(signal, async () => await Promise.resolve("entered"))).toBe("entered");
    expect(existsSync(tmp)).toBe(false);
    const [kept] = readdirSync(join(scratch, "kept"));
    expect(readFileSync(join(scratch, "kept", String(kept)), "utf8")).toBe("never seen by anybody");
    expect(existsSync(join(scratch, "lock"))).toBe(false);
  });

  it("of many that find a dead owner's lock only one at a time is in, and nothing is left behind", async () => {
    const owner = await bystander();
    await kill();
    for (let round = 0; round < 5; round += 1) {
      leaveLock(owner);
      // And one of the breakers died while breaking.
      writeFileSync(join(scratch, `break-${owner.nonce}`), JSON.stringify({ ...owner, nonce: "00000000000000bb" }));
      let inside = 0;
      let most = 0;
      const enter = async (): Promise<void> => {
        inside += 1;
        most = Math.max(most, inside);
        await sleep(3);
        inside -= 1;
      };
      await Promise.all(Array.from({ length: 8 }, async () => await openLock().lock.run(signal, enter)));
      expect(most).toBe(1);
      expect(readdirSync(scratch).filter((name) => name !== "tmp")).toEqual([]);
    }
  });

  it("callers of one process share a hold, and another's turn comes when the burst is over", async () => {
    const { lock } = openLock(10_000, 40);
    const other = openLock(10_000, 40);
    let shared = 0;
    let most = 0;
    const order: string[] = [];
    const busy = Promise.all(
      Array.from({ length: 30 }, async (_, at) => {
        await sleep(at * 5);
        await lock.run(signal, async () => {
          shared += 1;
          most = Math.max(most, shared);
          await sleep(20);
          shared -= 1;
          order.push("many");
        });
      }),
    );
    await sleep(20);
    await other.lock.run(signal, async () => {
      expect(shared).toBe(0);
      order.push("one");
      await Promise.resolve();
    });
    await busy;
    expect(most).toBeGreaterThan(1);
    expect(order.indexOf("one")).toBeLessThan(30);
    expect(existsSync(join(scratch, "lock"))).toBe(false);
  });

  it("a caller that is called off stops waiting at once, and the lock is not kept for it", async () => {
    const owner = await bystander();
    leaveLock(owner);
    const { lock } = openLock(10_000);
    const before = performance.now();
    const calledOff = lock.run(AbortSignal.timeout(50), async () => await Promise.resolve("entered"));
    await expect(calledOff).rejects.toMatchObject({ name: "TimeoutError" });
    expect(performance.now() - before).toBeLessThan(5000);
    await kill();
    for (let at = 0; existsSync(join(scratch, "lock")) && at < 200; at += 1) await sleep(10);
    expect(existsSync(join(scratch, "lock"))).toBe(false);
    expect(await lock.run(signal, async () => await Promise.resolve("entered"))).toBe("entered");
  });

  it("work that throws lets the lock go", async () => {
    const { lock } = openLock();
    await expect(lock.run(signal, async () => await Promise.reject(new Error("broken work")))).rejects.toThrow("broken work");
    expect(existsSync(join(scratch, "lock"))).toBe(false);
  });

  it("an empty lock file names nobody: it is not broken, and the remedy says how to remove it", async () => {
    writeFileSync(join(scratch, "lock"), "");
    await expect(openLock(50).lock.run(signal, async () => await Promise.resolve())).rejects.toMatchObject({
      code: "lock-held",
      remedy: expect.stringContaining("rm '"),
    });
  });
});

describe("a process is provably dead", () => {
  afterEach(async () => await kill());

  it("only when it is gone, not while it runs", async () => {
    const owner = await bystander();
    expect(await isProvablyDead(owner)).toBe(false);
    await kill();
    expect(await isProvablyDead(owner)).toBe(true);
  });

  it("when its pid belongs to another process by now, or its host has booted since", async () => {
    const self = await thisProcess();
    expect(await isProvablyDead(self)).toBe(false);
    expect(await isProvablyDead({ ...self, startTime: "1" })).toBe(true);
    expect(await isProvablyDead({ ...self, bootId: "an earlier boot" })).toBe(true);
  });

  it("never on another host, in another pid space or without evidence", async () => {
    const self = { ...(await thisProcess()), pid: 2 ** 22 + 1 };
    expect(await isProvablyDead(self)).toBe(true);
    expect(await isProvablyDead({ ...self, host: "elsewhere" })).toBe(false);
    expect(await isProvablyDead({ ...self, pidSpace: "pid:[1]" })).toBe(false);
    expect(await isProvablyDead({ ...self, bootId: "" })).toBe(false);
    expect(await isProvablyDead({ ...self, pid: process.pid, startTime: "" })).toBe(false);
  });
});

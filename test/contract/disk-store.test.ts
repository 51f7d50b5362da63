import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDiskStore, type DiskStoreOptions } from "../../src/adapters/disk/disk-store.ts";
import { shardOf } from "../../src/adapters/disk/header-book.ts";
import { scratchBeside } from "../../src/adapters/disk/root-folder.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { bodyOf, bytesOf, type Body } from "../../src/core/body.ts";
import { asRevision, asStoreName, type Revision } from "../../src/core/brand.ts";
import type { Headers } from "../../src/core/plan/plan.ts";
import type { CallOptions, Store, WriteOutcome } from "../../src/ports/store.ts";
import { describeStore } from "./store-contract.ts";

const live: CallOptions = { signal: new AbortController().signal };
const absent = { kind: "absent" } as const;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const body = (content: string | Uint8Array): Body => {
  const held = typeof content === "string" ? bytes(content) : content;
  return bodyOf(held, sha256(held));
};

let folder: string;
let root: string;
const fresh = (): void => {
  folder = mkdtempSync(join(tmpdir(), "belay-disk-"));
  root = join(folder, "site");
  mkdirSync(root);
};
const sweep = (): void => rmSync(folder, { recursive: true, force: true });
const open = (options: Partial<DiskStoreOptions> = {}): Store =>
  openDiskStore({ name: asStoreName("dir:site"), root, scratch: scratchBeside(root), keepsHeaders: true, ...options });

async function keysOf(store: Store, prefix = ""): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix, live)) keys.push(key);
  return keys;
}
const write = async (store: Store, key: string, content: string | Uint8Array, headers: Headers = {}): Promise<WriteOutcome> =>
  await store.write({ key, expect: absent, body: body(content), headers }, live);
async function revisionOf(store: Store, key: string): Promise<Revision> {
  return (await store.read(key, live))?.observed.revision ?? asRevision("absent");
}
const replace = async (store: Store, key: string, content: string | Uint8Array, headers: Headers = {}): Promise<WriteOutcome> =>
  await store.write({ key, expect: { kind: "unchanged", revision: await revisionOf(store, key) }, body: body(content), headers }, live);
const shard = (key: string): string => join(folder, ".site.belay/headers", `${shardOf(key)}.ndjson`);
const version = (at: number): Uint8Array => new Uint8Array(60_000).fill(97 + (at % 20));
const dawdle = { afterLook: async (): Promise<void> => await sleep(100) };
/** What a finished write may leave in scratch: nothing but owner files. */
const leftovers = (): string[] =>
  readdirSync(join(folder, ".site.belay", "tmp"), { recursive: true })
    .map(String)
    .filter((name) => name.includes("/") && !name.endsWith("/owner"));

describeStore("the disk store", async () => {
  fresh();
  return await Promise.resolve({
    store: open(),
    forceStranger: async (key, content) => {
      const path = join(root, key);
      if (!content) return await Promise.resolve(unlinkSync(path));
      mkdirSync(dirname(path), { recursive: true });
      // In place, as `cp` does it.
      return await Promise.resolve(writeFileSync(path, content));
    },
    close: async () => await Promise.resolve(sweep()),
  });
});

describe("the disk store, and what only disks do", () => {
  beforeEach(fresh);
  afterEach(sweep);

  describe("nothing escapes the root", () => {
    beforeEach(() => {
      mkdirSync(join(folder, "outside"));
      writeFileSync(join(folder, "outside/secret.html"), "secret");
    });

    it("a link to a file outside is neither read, listed nor written through", async () => {
      symlinkSync(join(folder, "outside/secret.html"), join(root, "page.html"));
      const store = open();
      const denied = { code: "store-denied" };
      await expect(store.read("page.html", live)).rejects.toMatchObject(denied);
      await expect(write(store, "page.html", "x")).rejects.toMatchObject(denied);
      await expect(
        store.remove({ key: "page.html", expect: { kind: "unchanged", revision: asRevision("x") } }, live),
      ).rejects.toMatchObject(denied);
      await expect(keysOf(store)).rejects.toMatchObject(denied);
      expect(readFileSync(join(folder, "outside/secret.html"), "utf8")).toBe("secret");
    });

    it("a link to a folder is not a way out, for any call", async () => {
      symlinkSync(join(folder, "outside"), join(root, "sub"));
      const store = open();
      const denied = { code: "store-denied" };
      await expect(store.read("sub/secret.html", live)).rejects.toMatchObject(denied);
      await expect(write(store, "sub/new.html", "x")).rejects.toMatchObject(denied);
      await expect(keysOf(store)).rejects.toMatchObject(denied);
      await expect(keysOf(store, "sub/")).rejects.toMatchObject(denied);
      expect(readdirSync(join(folder, "outside"))).toEqual(["secret.html"]);
    });

    it("a link that nobody publishes is left out of the list in silence", async () => {
      symlinkSync(join(folder, "outside"), join(root, ".cache"));
      writeFileSync(join(root, "a.html"), "a");
      expect(await keysOf(open({ isPublished: (key) => !key.startsWith(".") }))).toEqual(["a.html"]);
    });

    it("a link to a file inside reads as that file and is never written", async () => {
      writeFileSync(join(root, "real.html"), "real");
      symlinkSync("real.html", join(root, "link.html"));
      const store = open();
      expect(await keysOf(store)).toEqual(["link.html", "real.html"]);
      expect((await store.read("link.html", live))?.observed.digest).toBe(sha256(bytes("real")));
      await expect(replace(store, "link.html", "x")).rejects.toMatchObject({ code: "store-denied" });
      expect(lstatSync(join(root, "link.html")).isSymbolicLink()).toBe(true);
      expect(readFileSync(join(root, "real.html"), "utf8")).toBe("real");
    });

    it("the root itself may be a link, and scratch then lies beside what it leads to", async () => {
      symlinkSync(root, join(folder, "current"));
      const store = open({ root: join(folder, "current"), scratch: scratchBeside(join(folder, "current")) });
      await write(store, "a.html", "a");
      expect(readFileSync(join(root, "a.html"), "utf8")).toBe("a");
      expect(readdirSync(folder).toSorted()).toEqual([".site.belay", "current", "outside", "site"]);
    });

    it("a fifo is never opened: it is no object, and addressing it is denied", async () => {
      const made = spawn("mkfifo", [join(root, "pipe")]);
      await once(made, "exit");
      expect(await keysOf(open())).toEqual([]);
      await expect(open().read("pipe", live)).rejects.toMatchObject({ code: "store-denied" });
    });
  });

  describe("names", () => {
    it("a name in decomposed form is its NFC key, for list, read and replace", async () => {
      writeFileSync(join(root, "cafe\u0301.html"), "one");
      const store = open();
      expect(await keysOf(store)).toEqual(["caf\u00e9.html"]);
      expect(await replace(store, "caf\u00e9.html", "two")).toMatchObject({ kind: "written" });
      expect(await write(store, "caf\u00e9.html", "three")).toMatchObject({ kind: "conflict" });
      expect(readdirSync(root)).toHaveLength(1);
    });

    it.skipIf(process.platform === "darwin")("two spellings of one key, or bytes that are no UTF-8, stop the list by name", async () => {
      writeFileSync(join(root, "cafe\u0301.html"), "one");
      writeFileSync(join(root, "caf\u00e9.html"), "two");
      await expect(keysOf(open())).rejects.toMatchObject({ code: "key-invalid" });
      unlinkSync(join(root, "cafe\u0301.html"));
      writeFileSync(Buffer.concat([Buffer.from(`${root}/bad-`), Buffer.from([0xff, 0xfe])]), "x");
      await expect(keysOf(open())).rejects.toMatchObject({ code: "key-invalid", remedy: expect.stringContaining("Rename it") });
    });
  });

  describe("the root", () => {
    it("a missing root is unreachable, unless it may be absent: then it is empty and the first write makes it", async () => {
      rmSync(root, { recursive: true });
      await expect(keysOf(open())).rejects.toMatchObject({ code: "store-unreachable" });
      await expect(open().read("a", live)).rejects.toMatchObject({ code: "store-unreachable" });
      const store = open({ mayBeAbsent: true });
      expect(await keysOf(store)).toEqual([]);
      expect(await store.read("a/b", live)).toBeUndefined();
      expect(await write(store, "a/b", "x")).toMatchObject({ kind: "written" });
      expect(readFileSync(join(root, "a/b"), "utf8")).toBe("x");
    });

    it("a root that goes away between two calls is unreachable, not empty", async () => {
      const store = open();
      await write(store, "a", "x");
      renameSync(root, join(folder, "gone"));
      await expect(store.read("a", live)).rejects.toMatchObject({ code: "store-unreachable" });
      await expect(write(store, "b", "x")).rejects.toMatchObject({ code: "store-unreachable" });
    });

    it("a folder that vanishes half-way breaks the list off", async () => {
      for (const name of ["a", "b", "c"]) {
        mkdirSync(join(root, name));
        for (let at = 0; at < 1000; at += 1) writeFileSync(join(root, name, `${at}.html`), "x");
      }
      const listing = (async () => {
        for await (const { key } of open().list("", live)) if (key === "a/0.html") rmSync(join(root, "b"), { recursive: true });
      })();
      await expect(listing).rejects.toMatchObject({ code: "store-unreachable" });
    });

    it("scratch that cannot be made is denied with a command that makes it", async () => {
      writeFileSync(join(folder, "file"), "");
      const store = open({ scratch: join(folder, "file/scratch") });
      await expect(write(store, "a", "x")).rejects.toMatchObject({
        code: "store-denied",
        remedy: expect.stringContaining("sudo install -d"),
      });
      expect(await keysOf(store)).toEqual([]);
    });
  });

  describe("headers beside the file", () => {
    const noCache = { "cache-control": "no-cache" };

    it("a torn last line says nothing, and the next line stands by itself", async () => {
      await write(open(), "a.html", "a", noCache);
      appendFileSync(shard("a.html"), readFileSync(shard("a.html"), "utf8").slice(0, 40));
      expect((await open().read("a.html", live))?.observed.headers).toEqual(noCache);
      await replace(open(), "a.html", "b", { "content-language": "en" });
      expect((await open().read("a.html", live))?.observed.headers).toEqual({ "content-language": "en" });
      expect(readFileSync(shard("a.html"), "utf8").split("\n")).toHaveLength(4);
    });

    it("headers count only for the bytes that they were written with", async () => {
      await write(open(), "a.html", "a", noCache);
      writeFileSync(join(root, "a.html"), "b");
      expect((await open().read("a.html", live))?.observed).toMatchObject({ headers: {}, revision: sha256(bytes("b")) });
    });

    it("a shard is rewritten when it is much longer than it needs to be, and says the same afterwards", async () => {
      const store = open();
      await write(store, "a.html", "0", noCache);
      for (let at = 1; at <= 80; at += 1) await replace(store, "a.html", String(at), { "x-at": String(at) });
      expect(readFileSync(shard("a.html"), "utf8").split("\n").length).toBeLessThan(70);
      expect((await open().read("a.html", live))?.observed.headers).toEqual({ "x-at": "80" });
    });

    it("where they are not kept, they are `{}` and no part of the revision", async () => {
      const store = open({ keepsHeaders: false });
      await write(store, "a.html", "a", noCache);
      expect((await store.read("a.html", live))?.observed).toMatchObject({ headers: {}, revision: sha256(bytes("a")) });
      expect(existsSync(join(folder, ".site.belay/headers"))).toBe(false);
    });
  });

  describe("strangers in the window", () => {
    let strike: (() => void) | undefined;
    const struck = (): Store =>
      open({
        hooks: {
          inWindow: () => {
            strike?.();
            strike = undefined;
          },
        },
      });

    it("bytes written in place while they are being replaced are put back, the same file", async () => {
      const store = struck();
      await write(store, "a.html", "seen", { "cache-control": "no-cache" });
      const { ino } = statSync(join(root, "a.html"));
      strike = () => writeFileSync(join(root, "a.html"), "unseen");
      const outcome = await replace(store, "a.html", "ours", { "cache-control": "max-age=1" });
      expect(outcome).toMatchObject({ kind: "conflict", found: { digest: sha256(bytes("unseen")) } });
      expect(readFileSync(join(root, "a.html"), "utf8")).toBe("unseen");
      expect(statSync(join(root, "a.html")).ino).toBe(ino);
      // Nothing stays said about bytes that never landed.
      writeFileSync(join(root, "a.html"), "ours");
      expect((await store.read("a.html", live))?.observed.headers).toEqual({});
      expect(leftovers()).toEqual([]);
    });

    it("bytes written in place while they are being deleted are put back", async () => {
      const store = struck();
      await write(store, "a.html", "seen");
      const expectation = { kind: "unchanged", revision: await revisionOf(store, "a.html") } as const;
      strike = () => writeFileSync(join(root, "a.html"), "unseen");
      expect(await store.remove({ key: "a.html", expect: expectation }, live)).toMatchObject({ kind: "conflict" });
      expect(readFileSync(join(root, "a.html"), "utf8")).toBe("unseen");
      expect(leftovers()).toEqual([]);
    });

    it("a file renamed into place while it is being deleted is put back", async () => {
      const store = struck();
      await write(store, "a.html", "seen");
      const expectation = { kind: "unchanged", revision: await revisionOf(store, "a.html") } as const;
      strike = () => {
        writeFileSync(join(folder, "theirs"), "swapped");
        renameSync(join(folder, "theirs"), join(root, "a.html"));
      };
      expect(await store.remove({ key: "a.html", expect: expectation }, live)).toMatchObject({ kind: "conflict" });
      expect(readFileSync(join(root, "a.html"), "utf8")).toBe("swapped");
    });

    it("a file that appears while it is being created stands, and ours is a conflict", async () => {
      const store = struck();
      strike = () => writeFileSync(join(root, "a.html"), "theirs");
      expect(await write(store, "a.html", "ours")).toMatchObject({ kind: "conflict", found: { digest: sha256(bytes("theirs")) } });
      expect(readFileSync(join(root, "a.html"), "utf8")).toBe("theirs");
    });
  });

  describe("replacing", () => {
    it("a reader beside 200 replaces sees whole versions only, and never a missing file", async () => {
      const store = open();
      await write(store, "page.html", version(0));
      const look = `const fs=require("node:fs");let seen=0,torn=0;const all=new Set();
        process.stdin.on("data",()=>{console.log(JSON.stringify({seen,torn,versions:all.size}));process.exit()});
        (function go(){for(let i=0;i<50;i++){let b;try{b=fs.readFileSync(process.argv[1])}catch{torn++;continue}
        seen++;all.add(b[0]);if(b.length!==60000||b.some((x)=>x!==b[0]))torn++}setImmediate(go)})();console.log("ready");`;
      const reader = spawn(process.execPath, ["-e", look, join(root, "page.html")]);
      await once(reader.stdout, "data");
      for (let at = 1; at <= 200; at += 1) expect(await replace(store, "page.html", version(at))).toMatchObject({ kind: "written" });
      const said = once(reader.stdout, "data");
      reader.stdin.write("stop");
      const [line] = await said;
      const verdict: unknown = JSON.parse(String(line));
      expect(verdict).toMatchObject({ torn: 0 });
      expect(verdict).not.toMatchObject({ versions: 1 });
    });

    // Headers alone, which no look at the file can tell apart, and writers that dawdle: only turns and the lock keep these apart.
    it.each([
      ["one store", (store: Store) => store],
      ["stores of their own, as processes do", () => open({ hooks: dawdle })],
    ])("of writers that race through %s exactly one wins", async (_, storeOf) => {
      const store = open({ hooks: dawdle });
      await write(store, "a.html", "same");
      const expectation = { kind: "unchanged", revision: await revisionOf(store, "a.html") } as const;
      const race = async (at: number): Promise<WriteOutcome> =>
        await storeOf(store).write({ key: "a.html", expect: expectation, body: body("same"), headers: { "x-at": String(at) } }, live);
      const outcomes = await Promise.all(Array.from({ length: 4 }, async (__, at) => await race(at)));
      expect(outcomes.filter(({ kind }) => kind === "written")).toHaveLength(1);
    });

    it("a replaced file keeps its permissions", async () => {
      const store = open();
      await write(store, "a.cgi", "one");
      chmodSync(join(root, "a.cgi"), 0o751);
      await replace(store, "a.cgi", "two");
      expect(statSync(join(root, "a.cgi")).mode & 0o777).toBe(0o751);
    });

    it("folders that a delete leaves empty go, up to the root; others stay", async () => {
      const store = open();
      await write(store, "a/b/c/d.html", "d");
      await write(store, "a/e.html", "e");
      await store.remove({ key: "a/b/c/d.html", expect: { kind: "unchanged", revision: await revisionOf(store, "a/b/c/d.html") } }, live);
      expect(readdirSync(join(root, "a"))).toEqual(["e.html"]);
      await store.remove({ key: "a/e.html", expect: { kind: "unchanged", revision: await revisionOf(store, "a/e.html") } }, live);
      expect(readdirSync(root)).toEqual([]);
    });

    it("a full disk says so and leaves neither a temp file nor a changed object", async () => {
      const full = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
      const store = open({
        hooks: {
          beforeChunk: () => {
            if (existsSync(join(root, "a.html"))) throw full;
          },
        },
      });
      await write(store, "a.html", "old");
      await expect(replace(store, "a.html", "new")).rejects.toMatchObject({ code: "store-full", remedy: expect.stringContaining("df -h") });
      await expect(write(store, "b.html", "new")).rejects.toMatchObject({ code: "store-full" });
      expect(await keysOf(store)).toEqual(["a.html"]);
      expect(readFileSync(join(root, "a.html"), "utf8")).toBe("old");
      expect(leftovers()).toEqual([]);
    });

    it("a file where a folder should be is denied, and stays", async () => {
      const store = open();
      await write(store, "a", "file");
      await expect(write(store, "a/b", "x")).rejects.toMatchObject({ code: "store-denied" });
      await write(store, "c/d", "x");
      await expect(write(store, "c", "x")).rejects.toMatchObject({ code: "store-denied" });
      expect(await keysOf(store)).toEqual(["a", "c/d"]);
    });

    const elsewhere = "/dev/shm";
    const isElsewhere = existsSync(elsewhere) && statSync(elsewhere).dev !== statSync(tmpdir()).dev;
    it.skipIf(!isElsewhere)("scratch on another file system works too, and leaves nothing among the served files", async () => {
      const scratch = mkdtempSync(join(elsewhere, "belay-scratch-"));
      try {
        const store = open({ scratch });
        await write(store, "a/b.html", "one");
        expect(await replace(store, "a/b.html", "two")).toMatchObject({ kind: "written" });
        expect(readdirSync(join(root, "a"))).toEqual(["b.html"]);
        await store.remove({ key: "a/b.html", expect: { kind: "unchanged", revision: await revisionOf(store, "a/b.html") } }, live);
        expect(readdirSync(root)).toEqual([]);
      } finally {
        rmSync(scratch, { recursive: true });
      }
    });
  });

  describe("large files", () => {
    const large = Buffer.alloc(9 * 1024 * 1024, "belay ");

    it("a body read from a large file breaks off when the file is no longer the one that was read", async () => {
      const store = open();
      await write(store, "big.bin", large);
      const reading = await store.read("big.bin", live);
      if (!reading) throw new Error("big.bin is absent");
      expect(large.equals(await bytesOf(reading.body))).toBe(true);
      const changed = Buffer.from(large);
      changed.write("x", changed.byteLength - 1);
      writeFileSync(join(root, "big.bin"), changed);
      await expect(bytesOf(reading.body)).rejects.toMatchObject({ code: "input-changed" });
      truncateSync(join(root, "big.bin"), 10);
      await expect(bytesOf(reading.body)).rejects.toMatchObject({ code: "input-changed" });
      unlinkSync(join(root, "big.bin"));
      await expect(bytesOf(reading.body)).rejects.toMatchObject({ code: "input-changed" });
    });

    it("a large file is replaced and deleted under the same expectations", async () => {
      const store = open();
      await write(store, "big.bin", large);
      const first = await revisionOf(store, "big.bin");
      expect(await replace(store, "big.bin", Buffer.concat([large, large]))).toMatchObject({ kind: "written" });
      expect(await store.remove({ key: "big.bin", expect: { kind: "unchanged", revision: first } }, live)).toMatchObject({
        kind: "conflict",
      });
      const second = await revisionOf(store, "big.bin");
      expect(await store.remove({ key: "big.bin", expect: { kind: "unchanged", revision: second } }, live)).toEqual({ kind: "removed" });
    });
  });
});

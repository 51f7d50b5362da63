import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSeenFolder } from "../../src/adapters/disk/seen-folder.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { bodyOf, bytesOf, type Body } from "../../src/core/body.ts";
import type { Vault } from "../../src/ports/vault.ts";
import { calm } from "./watched-store.ts";

const page = (text: string): Body => bodyOf(Buffer.from(text), sha256(Buffer.from(text)));
const textOf = async (body: Body | undefined): Promise<string | undefined> => body && Buffer.from(await bytesOf(body)).toString();

describe("what a machine remembers in a folder", () => {
  let folder: string;
  let vault: Vault;
  const fileOf = ({ digest }: Body): string => join(folder, "seen", digest.slice(0, 2), digest);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "belay-seen-"));
    vault = openSeenFolder(join(folder, "seen"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("what was kept comes back under its digest, as often as it is opened", async () => {
    await vault.keep(page("<h1>Harbour tours</h1>"), calm);
    await vault.keep(page(""), calm);
    const opened = await vault.open(page("<h1>Harbour tours</h1>").digest, calm);
    expect([await textOf(opened), await textOf(opened)]).toEqual(["<h1>Harbour tours</h1>", "<h1>Harbour tours</h1>"]);
    expect(await textOf(await vault.open(page("").digest, calm))).toBe("");
    expect(await vault.open(page("never").digest, calm)).toBeUndefined();
  });

  it("the same bytes twice, or sixteen times at once, are one file", async () => {
    await Promise.all(Array.from({ length: 16 }, async () => await openSeenFolder(join(folder, "seen")).keep(page("twice"), calm)));
    await vault.keep(page("twice"), calm);
    expect(readdirSync(dirname(fileOf(page("twice"))))).toEqual([page("twice").digest]);
    expect(await textOf(await vault.open(page("twice").digest, calm))).toBe("twice");
  });

  it("half a file, as a killed process leaves one, is whole again once it is kept again", async () => {
    mkdirSync(dirname(fileOf(page("whole"))), { recursive: true });
    writeFileSync(fileOf(page("whole")), "who");
    await vault.keep(page("whole"), calm);
    expect(readFileSync(fileOf(page("whole")), "utf8")).toBe("whole");
  });

  it("other bytes under a digest are never handed over, and are forgotten", async () => {
    await vault.keep(page("whole"), calm);
    writeFileSync(fileOf(page("whole")), "whale");
    await expect(vault.open(page("whole").digest, calm)).rejects.toMatchObject({ code: "vault-damaged" });
    expect(await vault.open(page("whole").digest, calm)).toBeUndefined();
    await vault.keep(page("whole"), calm);
    expect(await textOf(await vault.open(page("whole").digest, calm))).toBe("whole");
  });

  it("bytes that are not those of their digest are not kept", async () => {
    await expect(vault.keep({ ...page("said"), digest: page("other").digest }, calm)).rejects.toMatchObject({ code: "input-changed" });
    expect(await vault.open(page("other").digest, calm)).toBeUndefined();
  });

  it("digests are found by their first four digits or more, strangers' files are passed over", async () => {
    const bodies = Array.from({ length: 40 }, (_, at) => page(`page ${at}`));
    for (const body of bodies) await vault.keep(body, calm);
    const [wanted] = bodies;
    writeFileSync(join(dirname(fileOf(page("page 0"))), ".DS_Store"), "");
    expect(await vault.find(wanted?.digest.slice(0, 6).toUpperCase() ?? "", calm)).toEqual([wanted?.digest]);
    expect(await vault.find("ab", calm)).toEqual([]);
    expect(await vault.find("../..", calm)).toEqual([]);
  });

  it("an aborted call rejects", async () => {
    const aborted = { signal: AbortSignal.abort(new Error("stopped")) };
    await expect(vault.keep(page("x"), aborted)).rejects.toThrow("stopped");
    await expect(vault.open(page("x").digest, aborted)).rejects.toThrow("stopped");
  });
});

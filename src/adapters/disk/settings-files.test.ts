import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSettingsFiles } from "./settings-files.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "belay-settings-"));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

describe("settings files", () => {
  test("a file is replaced only as it was read", async () => {
    const files = openSettingsFiles();
    const path = join(folder, "settings.json");
    await writeFile(path, "theirs");
    expect(await files.write(path, "ours", "what was read")).toEqual({ kind: "moved" });
    expect(await files.write(path, "ours", undefined)).toEqual({ kind: "moved" });
    expect(await files.remove(path, "what was read")).toEqual({ kind: "moved" });
    expect(await readFile(path, "utf8")).toBe("theirs");
    expect(await files.write(path, "ours", "theirs")).toEqual({ kind: "done" });
    expect(await readFile(path, "utf8")).toBe("ours");
    expect(await readdir(folder)).toEqual(["settings.json"]);
  });

  test("what a stranger writes in the last moment stands", async () => {
    const path = join(folder, "settings.json");
    await writeFile(path, "read");
    const files = openSettingsFiles({ inWindow: () => writeFileSync(path, "stranger") });
    expect(await files.write(path, "ours", "read")).toEqual({ kind: "moved" });
    expect(await readFile(path, "utf8")).toBe("stranger");
    expect(await files.remove(path, "stranger-not")).toEqual({ kind: "moved" });
    const fresh = join(folder, "new.json");
    const late = openSettingsFiles({ inWindow: () => writeFileSync(fresh, "stranger") });
    expect(await late.write(fresh, "ours", undefined)).toEqual({ kind: "moved" });
    expect(await readFile(fresh, "utf8")).toBe("stranger");
  });

  test("a link stays a link, and permissions stay", async () => {
    const files = openSettingsFiles();
    await mkdir(join(folder, "dotfiles"));
    const real = join(folder, "dotfiles", "settings.json");
    await writeFile(real, "{}");
    await chmod(real, 0o600);
    const link = join(folder, "settings.json");
    await symlink("dotfiles/settings.json", link);
    expect(await files.write(link, '{"a":1}', "{}")).toEqual({ kind: "done" });
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readlink(link)).toBe("dotfiles/settings.json");
    expect(await readFile(real, "utf8")).toBe('{"a":1}');
    expect((await stat(real)).mode & 0o777).toBe(0o600);
  });

  test("folders that were made for a file go with it, others stay", async () => {
    const files = openSettingsFiles();
    const path = join(folder, "a", "b", "rules");
    expect(await files.write(path, "x", undefined)).toEqual({ kind: "done", made: join(folder, "a") });
    await writeFile(join(folder, "a", "note"), "");
    expect(await files.remove(path, "x", join(folder, "a"))).toEqual({ kind: "done" });
    expect(await readdir(join(folder, "a"))).toEqual(["note"]);
  });

  test("what is no text is told, not guessed", async () => {
    const path = join(folder, "settings.json");
    await writeFile(path, Buffer.from([0x7b, 0xff, 0x7d]));
    await expect(openSettingsFiles().read(path)).rejects.toMatchObject({ code: "input-invalid" });
    expect(await openSettingsFiles().read(join(folder, "none"))).toBeUndefined();
  });
});

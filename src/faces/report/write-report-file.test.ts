import { mkdir, mkdtemp, readFile, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { markdownMark } from "./render-markdown.ts";
import { reportMark } from "./report-page.ts";
import { writeReportFile } from "./write-report-file.ts";

let folder = "";
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "belay-report-")));
  await mkdir(join(folder, "public"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const write = async (file: string, text = "new"): Promise<string> =>
  await writeReportFile(folder, { root: join(folder, "public") }, { file, text });

describe("writeReportFile", () => {
  test("a report is written whole, and nothing is left beside it", async () => {
    expect(await write("report.html")).toBe(join(folder, "report.html"));
    expect(await readFile(join(folder, "report.html"), "utf8")).toBe("new");
    expect((await readdir(folder)).toSorted()).toEqual(["public", "report.html"]);
  });

  test.each([`<!doctype html>\n${reportMark}`, `${markdownMark}\n### x`, ""])(
    "an earlier report or an empty file gives way: %j",
    async (text) => {
      await writeFile(join(folder, "report.html"), text);
      await write("report.html");
      expect(await readFile(join(folder, "report.html"), "utf8")).toBe("new");
    },
  );

  test("a file that is no report stays as it is", async () => {
    await writeFile(join(folder, "belay.yaml"), "version: 1\n");
    await expect(write("belay.yaml")).rejects.toMatchObject({ code: "usage", message: expect.stringContaining("no report of belay's") });
    expect(await readFile(join(folder, "belay.yaml"), "utf8")).toBe("version: 1\n");
  });

  test("nothing is written where it would be published, not even by way of a link", async () => {
    await symlink(join(folder, "public"), join(folder, "elsewhere"));
    for (const file of ["public/report.html", "elsewhere/report.html", "./public/../public/report.html"]) {
      await expect(write(file)).rejects.toMatchObject({ code: "usage", message: expect.stringContaining("published") });
    }
    expect(await readdir(join(folder, "public"))).toEqual([]);
  });

  test("a dotfile of the published folder is never published, so a report may stand there", async () => {
    await mkdir(join(folder, "public", ".belay"));
    await expect(write("public/.belay/report.html")).resolves.toContain(".belay");
  });

  test("a folder, a link and a folder that is not there are told as such", async () => {
    await symlink(join(folder, "target.html"), join(folder, "link.html"));
    await expect(write("public/..")).rejects.toMatchObject({ message: expect.stringContaining("it is a folder") });
    await expect(write("link.html")).rejects.toMatchObject({ message: expect.stringContaining("no plain file") });
    await expect(write("nowhere/report.html")).rejects.toMatchObject({ message: expect.stringContaining("its folder is not there") });
  });
});

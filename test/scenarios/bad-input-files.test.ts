/** Files and names that no honest site has, and those that are merely unusual: a clear answer, or every byte as it was. */

import { Buffer } from "node:buffer";
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setInterval as every } from "node:timers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addCopy, openGround, put, sha256, treeOf, type Ground } from "./support/ground.ts";
import { answerOf, belay, expectExit } from "./support/run-belay.ts";
import { denial, denied } from "./support/denied.ts";

let ground: Ground;
let copy = "";
let site = "";

beforeEach(() => {
  ground = openGround("files");
  copy = addCopy(ground, "copy");
  site = join(copy, "public");
});
afterEach(() => ground.remove());

const deploy = ["deploy", "staging", "--yes"];

async function deployed(): Promise<void> {
  const ran = await belay(deploy, { cwd: copy });
  expectExit(ran, 0);
}

/** A path whose name is these bytes, also where they are no text. */
const named = (folder: string, name: string | readonly number[]): Buffer =>
  Buffer.concat([Buffer.from(`${folder}/`), typeof name === "string" ? Buffer.from(name) : Buffer.from(name)]);

// Other systems have file systems that fold case, or take no bytes that are not text.
describe.skipIf(process.platform !== "linux")("names", () => {
  test.each([
    ["a newline", "two\nlines.html", /control character/u],
    ["an escape sequence", "\u001B[31mred.html", /control character/u],
    ["a backslash", "back\\slash.html", /backslash/u],
    ["bytes that are no UTF-8", [0x62, 0xff, 0x2e, 0x68], /UTF-8/u],
  ])("with %s are refused, shown without obeying them", async (_, name, reason) => {
    put(site, "index.html", "<p>fine</p>");
    writeFileSync(named(site, name), "<p>odd</p>");
    const answer = await denial({ ground, copy }, deploy);
    expect(answer).toEqual(denied(2, reason, /ls -b|ignore/u));
    // oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
    expect(answer.said).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/u);
  });

  test("that differ only in Unicode's normal form are refused", async () => {
    writeFileSync(named(site, "caf\u00E9.html"), "<p>one</p>");
    writeFileSync(named(site, "cafe\u0301.html"), "<p>other</p>");
    expect(await denial({ ground, copy }, deploy)).toEqual(denied(2, /normal form/u, /[Rr]ename/u));
  });

  test("that differ only in case are refused, both named", async () => {
    put(site, "Menu.html", "<p>one</p>");
    put(site, "menu.html", "<p>other</p>");
    expect(await denial({ ground, copy }, deploy)).toEqual(denied(3, /Menu\.html[\s\S]*menu\.html/u, /Rename/u));
  });

  test("that want to be a file here and a folder there are refused, and the live file stays", async () => {
    put(site, "tours", "a file");
    await deployed();
    rmSync(join(site, "tours"));
    put(site, "tours/index.html", "<p>a folder</p>");
    expect(await denial({ ground, copy }, [...deploy, "--change", "tours"])).toEqual(denied(2, /tours/u, /[Rr]ename/u));
  });

  test.each(["../outside.html", "a/../../outside.html"])("given as %s never lead out of the site", async (path) => {
    put(site, "index.html", "<p>fine</p>");
    put(copy, "outside.html", "<p>private</p>");
    expect(await denial({ ground, copy }, [...deploy, path])).toEqual(denied(2, /outside/u, /Name a path/u));
  });

  test("in NFD are published under their NFC name; dashes, quotes, blanks, stars and 255 bytes are published as they are", async () => {
    const names = ["-rf.html", 'it\'s "quoted" & <odd> $HOME.html', "a b*?.html", `${"n".repeat(250)}.html`, "日本語/ñandú.html", "..."];
    for (const name of names) put(site, name, `<p>${name}</p>`);
    writeFileSync(named(site, "cafe\u0301.html"), "<p>accent</p>");
    await deployed();
    const live = [...treeOf(ground.live).keys()];
    expect(live).toEqual(expect.arrayContaining(names.slice(0, 5)));
    expect(live).toContain("caf\u00E9.html");
    const again = await belay(["status", "--json"], { cwd: copy });
    expect(answerOf(again, "objects")).toEqual([]);
    const one = await belay([...deploy, "--", "-rf.html"], { cwd: copy });
    expectExit(one, 0);
  });

  test("that are longer than a key may be are refused", async () => {
    const folders = Array.from({ length: 6 }, () => "d".repeat(200)).join("/");
    put(site, "index.html", "<p>fine</p>");
    mkdirSync(join(site, folders), { recursive: true });
    writeFileSync(join(site, folders, "deep.html"), "<p>deep</p>");
    expect(await denial({ ground, copy }, deploy)).toEqual(denied(2, /longer than 1024 bytes/u, /Rename|ignore/u));
  });

  test("of 300 bytes on the command line are told to be too long", async () => {
    put(site, "index.html", "<p>fine</p>");
    expect(await denial({ ground, copy }, [...deploy, `${"n".repeat(300)}.html`])).toEqual(denied(2, /nnn/u, /./u));
  });
});

describe("symbolic links", () => {
  test("out of the site publish nothing", async () => {
    put(ground.folder, "private/secret.txt", "secret");
    put(site, "index.html", "<p>fine</p>");
    symlinkSync(join(ground.folder, "private", "secret.txt"), join(site, "secret.txt"));
    expect(await denial({ ground, copy }, deploy)).toEqual(denied(2, /secret\.txt is a symbolic link/u, /ignore/u));
  });

  test("in the target lead no write out of it", async () => {
    put(ground.folder, "private/index.html", "<p>mine</p>");
    symlinkSync(join(ground.folder, "private"), join(ground.live, "tours"));
    put(site, "tours/index.html", "<p>overwrites?</p>");
    const ran = await belay(deploy, { cwd: copy });
    expectExit(ran, 2);
    expect(ran.told).toMatch(/symbolic link/u);
    expect(readFileSync(join(ground.folder, "private", "index.html"), "utf8")).toBe("<p>mine</p>");
  });
});

describe("contents", () => {
  test("arrive byte for byte: binary, CRLF, byte order mark, empty, NUL, lone surrogates in UTF-16", async () => {
    const odd = new Map<string, Uint8Array>([
      ["crlf.html", Buffer.from("<p>one</p>\r\n<p>two</p>\r\n")],
      ["bom.html", Buffer.from("\uFEFF<p>mark</p>\n")],
      ["empty.html", Buffer.alloc(0)],
      ["nul.html", Buffer.from("<p>\0</p>")],
      ["photo.jpg", Buffer.from(Array.from({ length: 70_000 }, (_, at) => (at * 7919) % 256))],
      ["utf16.html", Buffer.from([0xff, 0xfe, 0x3c, 0x00, 0x00, 0xd8])],
    ]);
    for (const [name, bytes] of odd) put(site, name, bytes);
    await deployed();
    expect(treeOf(ground.live)).toEqual(new Map([...odd].map(([name, bytes]) => [name, sha256(bytes)] as const)));
    put(site, "nul.html", Buffer.from("<p>\0\0</p>"));
    put(site, "empty.html", "<p>not any more</p>");
    const second = await belay([...deploy, "--change", "odd ones", "nul.html", "empty.html"], { cwd: copy });
    expectExit(second, 0);
    expect(readFileSync(join(ground.live, "nul.html"))).toEqual(Buffer.from("<p>\0\0</p>"));
  });

  test("that grow while they are read are not published in part", async () => {
    put(site, "index.html", "<p>fine</p>");
    const growing = join(site, "export.csv");
    writeFileSync(growing, "a,b\n".repeat(400_000));
    const timer = every(() => appendFileSync(growing, "more,more\n"), 1);
    const ran = await belay(deploy, { cwd: copy });
    clearInterval(timer);
    expectExit(ran, 2);
    expect(ran.told).toMatch(/export\.csv (?:changed while it was being read|was changed after the plan was made)/u);
    expect(ran.told).toMatch(/next:/u);
    expect(existsSync(join(ground.live, "export.csv"))).toBe(false);
    await deployed();
    expect(treeOf(ground.live)).toEqual(treeOf(site));
  });

  test.skipIf(!existsSync("/proc/self/status"))("of 100 MB go through bounded memory (where there is /proc)", async () => {
    const big = join(site, "film.html");
    const block = Buffer.alloc(1024 * 1024, "<p>a frame of the film</p>\n");
    for (let at = 0; at < 100; at += 1) appendFileSync(big, block);
    const peakMb = async (): Promise<number> => {
      // The process tells its own peak when it ends.
      const probe = join(ground.folder, "peak.mjs");
      writeFileSync(
        probe,
        'import { readFileSync, writeFileSync } from "node:fs";\nprocess.on("exit", () => writeFileSync(process.env.PEAK_FILE, /VmHWM:\\s+(\\d+)/u.exec(readFileSync("/proc/self/status", "utf8"))[1]));\n',
      );
      const file = join(ground.folder, "peak.txt");
      const ran = await belay([...deploy, "--change", "film"], { cwd: copy, env: { NODE_OPTIONS: `--import=${probe}`, PEAK_FILE: file } });
      expectExit(ran, 0);
      return Number(readFileSync(file, "utf8")) / 1024;
    };
    const created = await peakMb();
    appendFileSync(big, "<p>the end</p>\n");
    const replaced = await peakMb();
    expect(treeOf(ground.live)).toEqual(treeOf(site));
    expect(Math.max(created, replaced)).toBeLessThan(400);
  });
});

import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startSandbox } from "../../sandbox/start-sandbox.ts";
import { runDemo } from "../../src/faces/demo/run-demo.ts";
import { hasSshKeygen } from "../support/software-key.ts";
import { textSink } from "../support/text-sink.ts";
import { standIn } from "./support/demo-stand-in.ts";
import { belay, expectExit } from "./support/run-belay.ts";

const assets = fileURLToPath(new URL("../../demo", import.meta.url));
let ground = "";

beforeAll(async () => {
  ground = await realpath(await mkdtemp(join(tmpdir(), "demo-test-")));
  // The demo's folders of this file stand apart from those of anybody else's demo.
  vi.stubEnv("TMPDIR", join(ground, "tmp"));
  await mkdir(tmpdir());
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(ground, { recursive: true, force: true });
});

interface Told {
  readonly exit: number;
  readonly text: string;
}

async function tell(options: {
  readonly folder?: string;
  readonly fault?: string;
  readonly page?: string;
  readonly keep?: boolean;
}): Promise<Told> {
  const { out, text } = textSink();
  const program = await standIn(await mkdtemp(join(ground, "cli-")), options.fault);
  // The other incident has its own file: demo-records.test.ts.
  const folder = options.folder === undefined ? { only: "site" as const } : { folder: options.folder };
  const exit = await runDemo({
    belay: program,
    assets,
    startSandbox,
    out,
    isTty: false,
    colour: false,
    pace: 900,
    keep: options.keep ?? false,
    ...folder,
  });
  return { exit, text: text() };
}

const keptFolder = (text: string): string => /The demo's folder stays here:\n {2}(\S+)/u.exec(text)?.[1] ?? "nowhere";

async function removeKept(text: string): Promise<void> {
  const kept = keptFolder(text);
  expect(dirname(kept)).toBe(await realpath(tmpdir()));
  await rm(kept, { recursive: true });
}

async function pages(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = join(await mkdtemp(join(ground, "own-")), "my pages");
  await mkdir(folder);
  for (const [key, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, key)), { recursive: true });
    await writeFile(join(folder, key), content);
  }
  return folder;
}

const roomy = (eol: string): string =>
  [
    "<!doctype html>",
    "<html>",
    "<head>",
    "<title>Ferry times</title>",
    "</head>",
    "<body>",
    "<h1>Ferries</h1>",
    "<p>The slip is icy before nine.</p>",
  ]
    .concat([
      "<ul>",
      "<li>Monday to Friday: 7:10</li>",
      "<li>Saturday: 8:40</li>",
      "</ul>",
      "<p>Bicycles travel free.</p>",
      "<hr>",
      "<hr>",
      "<hr>",
    ])
    .concat(["</body>", "</html>", ""])
    .join(eol);

/** The first of these words that does not stand after the ones before it. */
function missedIn(text: string, inOrder: readonly string[]): string | undefined {
  let from = 0;
  return inOrder.find((words) => {
    const at = text.indexOf(words, from);
    from = at + words.length;
    return at < 0;
  });
}

/** The paths and bytes of every file in a folder. */
async function contentsOf(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(paths.toSorted().map(async (path) => `${path.slice(folder.length)} ${await readFile(path, "base64")}`));
}

describe("belay demo", () => {
  test.skipIf(!hasSshKeygen)(
    "needs ssh-keygen: tells both incidents with the real command line, and every line of its own fits 80 columns",
    async () => {
      const { exit, stdout: text, told } = await belay(["demo"], { cwd: ground });
      expect({ exit, told }).toMatchObject({ exit: 0 });
      const inOrder = [
        "studio $ belay deploy staging --yes",
        "studio $ cp -R public/. ../srv/production",
        "laptop $ belay pull production",
        "✔ Version 3, byte for byte, with all 3 features.",
        "laptop $ cp public/index.html ../srv/scratch/index.html",
        "✖ JADA_HERO_FADE    the JADA → BOOK NOW crossfade is gone",
        "✖ STRIPE_CHECKOUT   the embedded checkout is gone",
        "✖ RANCH_COAST_LINE  the line for magazine readers is back",
        "✖ All 3 features lost, for one corrected line.",
        "laptop $ belay deploy production index.html",
        "refused D8  index.html",
        "feature tokens lost  JADA_HERO_FADE, STRIPE_CHECKOUT, RANCH_COAST_LINE",
        "next: belay pull production index.html",
        "refused D2  index.html",
        "✔ belay refused: exit 8.",
        "✔ It found production 2 versions ahead, among the releases of staging.",
        "✔ Not one byte of production changed.",
        "laptop $ belay pull production index.html",
        "✔ The merge is clean: exit 0.",
        "-              <dd>Tuesday to Sunday, 9:00 to 17:00</dd>",
        "+              <dd>Tuesday to Sunday, 8:30 to 18:00</dd>",
        "production invalidation",
        "✔ All 3 features and the edit: served byte for byte as on the laptop.",
        "✔ Production is as it was, byte for byte.",
        "laptop $ belay verify staging index.html",
        "as visitors get it at http://127.0.0.1:",
        "✔ belay fetched the page from its address",
        "laptop $ belay promote production",
        "production needs the approval of one person",
        "✔ Production wants a person's approval: exit 8.",
        "laptop $ belay approve ",
        "✔ No approval from an agent: exit 8.",
        "✔ Production is still as it was.",
        "studio $ belay approve ",
        "Sign this for production? [y/N] y\n",
        "✔ studio@example.com approved plan ",
        "✔ Signed: exit 0.",
        "laptop $ belay apply ",
        "✔ All 3 features and the edit: byte for byte what was verified on staging.",
        "+ <!-- written by hand, on the server -->",
        "laptop $ belay status production",
        "1 path on production written by another hand than belay's",
        "✔ belay noticed: a hand that is not its own.",
        "✔ It took nothing away: their line stands.",
        "laptop $ belay log index.html --target production",
        "laptop (agent)  applied r",
        "✔ The log of the page names the write past belay.",
        "laptop $ belay blame index.html --line ",
        "promoted from r8 of staging: “index.html” by laptop",
        "✔ It came by the promotion, from a deploy to staging.",
        "its chain of hashes is intact.",
        "studio $ belay rollback production",
        "✔ Not over a line that nobody has looked at: exit 8.",
        "studio $ belay pull production index.html",
        "✔ The pull brought that line to the studio, and settled it.",
        "studio $ belay rollback production",
        "Write this to production? [y/N] y\n",
        "✔ Production is back: exit 0.",
        "✔ Version 3, byte for byte, with all 3 features, as before the promotion.",
        "✔ What was there is kept at the studio, the added line too.",
        "studio $ node ../s3.mjs cp public s3://example-staging s3://example-production",
        "x-cache: Miss from cloudfront  “Larkmoor Sail",
        "laptop $ node ../s3.mjs cp public/index.html s3://example-production/index.html",
        "x-cache: Hit from cloudfront  “Larkmoor Sail",
        "✔ STRIPE_CHECKOUT   the embedded checkout is there",
        "✖ In the bucket all 3 features are gone already",
        "laptop $ node ../s3.mjs invalidate '/*' EPRODUCTION ESTAGING",
        "x-cache: Miss from cloudfront  “Larkmoor Sail",
        "✖ STRIPE_CHECKOUT   the embedded checkout is gone",
        "✖ The loss shows late",
        "laptop $ belay deploy production index.html",
        "feature tokens lost  JADA_HERO_FADE, STRIPE_CHECKOUT, RANCH_COAST_LINE",
        "✔ belay refused (D8): exit 8.",
        "✔ Nothing was written to production's bucket, and nothing purged.",
        "purge  /index.html /",
        "✔ One invalidation, on ESTAGING, of /index.html and /.",
        "✔ belay waited until CloudFront called it completed.",
        "✔ All 3 features and the edit, byte for byte as on the laptop.",
        "ESTAGING 1, EPRODUCTION 0",
        "✔ Production is as it was: no object written, no path purged.",
        "✔ belay looked, found its own bytes, and did not send them again: exit 0.",
        "✖ Somebody wrote index.html on staging meanwhile.",
        "✔ A conflict: exit 4.",
        "✔ The studio's page stands in the bucket, byte for byte.",
        "✖ Both pages, the calendar and the marketplace say 4:30.",
        "pointers: [record.page_slug -> pages]",
        "studio $ belay audit booking R7KM2P",
        "5 places in 4 systems, which do not agree",
        "✔ The copy that the edge shows at /g/R7KM2P is not the page in the bucket.",
        "✔ Nothing was written by looking.",
        "studio $ belay reconcile booking R7KM2P",
        "✔ A person has to decide: exit 8.",
        "studio $ belay reconcile booking R7KM2P --set start=15:30 --keep \\\n",
        "    g/2026-05-30-odile-sunset.html --why 'the guest asked on the phone'\n",
        "“4:30 AM”  g/2026-05-30-odile-sunset.html",
        "Make these changes? [y/N] y\n",
        "✔ Shown, confirmed and carried out: exit 0.",
        "✔ The longer page: 12 texts changed, each in its own form, and every other byte",
        "✔ The calendar's event moved, with its end, and kept all its other properties.",
        "✔ A template with the same hours was left alone.",
        "✔ 3:30 to 6:30 PM at all three",
        "studio $ belay tasks",
        "✔ One task: what to change, to what, where, and by when.",
        "nothing to correct",
        "✔ Not one write, and not one purge.",
        "✔ The task is done, by what belay saw and not by anybody's word.",
        "✔ All systems agree, and who decided and why is on record.",
        "Prevented: 3 features gone for every visitor",
        "belay demo FOLDER",
      ];
      expect({ missed: missedIn(text, inOrder), text }).toMatchObject({ missed: undefined });
      const own = text.split("\n").filter((line) => !line.startsWith("  "));
      expect(own.filter((line) => Array.from(line).length > 80)).toEqual([]);
      expect(text).not.toContain("\u001b");
      expect(text).not.toContain("stays here");
    },
    120_000,
  );

  test.each([
    ["overwrites", "belay refused: exit 0."],
    ["writes-anyway", "Not one byte of production changed."],
    ["miscounts", "It found production 2 versions ahead"],
    ["drops-edit", "The laptop holds the live page with the edit in it"],
    ["no-proof", "The proof names the hash"],
    ["forgets", "served byte for byte as on the laptop."],
    ["looks-away", "belay fetched the page from its address"],
    ["promotes-old", "byte for byte what was verified on staging."],
    ["adds-a-mark", "byte for byte what was verified on staging."],
    ["overlooks", "belay noticed: a hand that is not its own."],
    ["cleans-up", "It took nothing away: their line stands."],
    ["silent-log", "The log of the page names the write past belay."],
    ["blames-nobody", "It came by the promotion, from a deploy"],
    ["rewritten-log", "its chain of hashes is intact."],
    ["rolls-over", "Not over a line that nobody has looked at"],
    ["rolls-quietly", "Not over a line that nobody has looked at"],
    ["rolls-nothing", "Not over a line that nobody has looked at"],
    ["pulls-nothing", "The pull brought that line to the studio"],
    ["rolls-nowhere", "Version 3, byte for byte, with all 3 features, as before the promotion."],
    ["keeps-nothing", "What was there is kept at the studio"],
  ])("ends with 6 and says which claim failed when the CLI is faulty: %s", async (fault, claim) => {
    const { exit, text } = await tell({ fault });
    expect({ exit, text }).toMatchObject({ exit: 6 });
    const [before = "", after = ""] = text.split("This should hold, and did not:");
    expect(after).toContain(claim);
    expect(before).not.toContain(`✔ ${claim}`);
    await removeKept(text);
  });

  test.skipIf(!hasSshKeygen).each([
    ["self-serve", "Production wants a person's approval: exit 0."],
    ["names-no-plan", "It names the plan that a person may approve."],
    ["trusts-agents", "No approval from an agent: exit 0."],
    ["writes-on-request", "Production is still as it was."],
    ["signs-and-writes", "A signature alone writes nothing to production."],
  ])("needs ssh-keygen: ends with 6 when approvals do not bind: %s", async (fault, claim) => {
    const { exit, text } = await tell({ fault });
    expect({ exit, text }).toMatchObject({ exit: 6 });
    const [before = "", after = ""] = text.split("This should hold, and did not:");
    expect(after).toContain(claim);
    expect(before).not.toContain(`✔ ${claim}`);
    await removeKept(text);
  });

  test("an interrupted demo ends its command, throws `interrupted` and leaves no folder", async () => {
    const abort = new AbortController();
    let text = "";
    const out = new Writable({
      write(chunk: Buffer, _encoding, done) {
        text += chunk.toString("utf8");
        if (text.includes("deploy staging")) abort.abort();
        done();
      },
    });
    const program = [process.execPath, "-e", "setTimeout(() => {}, 60_000)"];
    const run = runDemo({ belay: program, assets, startSandbox, out, isTty: false, colour: false, pace: 0, signal: abort.signal });
    await expect(run).rejects.toMatchObject({ code: "interrupted" });
    expect(text).toContain("studio $ belay deploy staging");
    expect(await readdir(tmpdir())).toEqual([]);
  });
});

describe("belay demo FOLDER", () => {
  describe("with a person's own page, where there is no ssh-keygen", () => {
    const key = "über uns/unsere fähre.html";
    let [folder, text]: [string, string] = ["", ""];
    let before: readonly string[] = [];
    beforeAll(async () => {
      folder = await pages({ [key]: `\u{feff}${roomy("\r\n")}`, "bild ä ö.svg": "<svg/>", "sub/deep/note.txt": "n" });
      before = await contentsOf(folder);
      const bin = await mkdtemp(join(ground, "bin-"));
      await symlink(spawnSync("sh", ["-c", "command -v cp"], { encoding: "utf8" }).stdout.trim(), join(bin, "cp"));
      const ran = await belay(["demo", folder], { cwd: ground, env: { PATH: bin } });
      expectExit(ran, 0);
      text = ran.stdout;
    }, 90_000);

    test("production has one owner, whose yes at the terminal is enough", () => {
      const inOrder = [
        "✔ It waits for a person: exit 8.",
        "✔ Production is still as it was.",
        "There is no ssh-keygen here to sign with",
        "studio $ belay warn resolve m",
        "studio $ belay promote production",
        "Write this to production? [y/N] y\n",
        "✔ The owner's yes at the terminal is enough: exit 0.",
        "byte for byte what was verified on staging.",
        "✔ Production is back: exit 0.",
        "✔ What was there is kept at the studio, the added line too.",
      ];
      expect({ missed: missedIn(text, inOrder), text }).toMatchObject({ missed: undefined });
      expect(text).not.toContain("belay approve");
    });

    test("tells the story byte for byte, and the next steps that it prints can be followed", async () => {
      expect(text).toContain("✖ All 3 features lost");
      expect(text).toContain(`laptop $ belay deploy production '${key}'`);
      expect(text).toContain("✔ The merge is clean: exit 0.");
      expect(text).toContain("✔ All 3 features and the edit: byte for byte what was verified on staging.");
      expect(text).toContain("✔ It came by the promotion, from a deploy to staging.");
      expect(text).toContain("✔ Production is back: exit 0.");
      expect(await contentsOf(folder)).toEqual(before);

      const next = /To go on, [^\n]*:\n((?: {2}.*\n)+)/u.exec(text)?.[1] ?? "exit 1";
      expect(next).toContain(`cd '${folder}-belay'`);
      const followed = spawnSync("sh", ["-ec", next], { encoding: "utf8", cwd: ground });
      expect(followed.status, `${followed.stdout}${followed.stderr}`).toBe(0);
      expect(followed.stdout).toContain("✔ applied r1 to staging: 3 files");
      expect(await contentsOf(`${folder}-belay/live/staging`)).toEqual(before);
    });
  });

  test("a page of one line has no room for two hands: a person merges it, and the story still holds", async () => {
    const folder = await pages({ "index.html": "<h1>hello</h1>" });
    const { exit, text } = await tell({ folder });
    expect({ exit, text }).toMatchObject({ exit: 0 });
    expect(text.replaceAll("\n", " ")).toContain("✔ The two edits touch: exit 8, and belay leaves both for a person to choose.");
    expect(text).toContain("✔ All 2 features and the edit");
  });

  test("a folder that changes while the demo runs is noticed, and no configuration is left", async () => {
    const folder = await pages({ "index.html": roomy("\n") });
    const { exit, text } = await tell({ folder, fault: `touches ${folder}` });
    expect({ exit, text }).toMatchObject({ exit: 6 });
    expect(text).toContain("Your folder changed while the demo ran.");
    expect(await readdir(dirname(folder))).toEqual(["my pages"]);
  });

  test("links are not followed, what cannot be published is counted, and an earlier run's folder is left alone; with keep, the demo's own stays", async () => {
    const folder = await pages({ "index.html": roomy("\n"), ".secret": "s", "node_modules/x/index.html": roomy("\n"), "a\\b.html": "x" });
    await symlink("/etc", join(folder, "etc"));
    await mkdir(`${folder}-belay`);
    const { exit, text } = await tell({ folder, keep: true });
    expect({ exit, text }).toMatchObject({ exit: 0 });
    expect(text).toContain("Left out: 2 hidden or private by name.");
    expect(text).toContain("Left out: 1 symbolic links, which are not followed.");
    expect(text).toContain("Left out: 1 named as no web address can be.");
    expect(await readdir(`${folder}-belay`)).toEqual([]);
    expect(await readdir(`${folder}-belay-2`)).toEqual(expect.arrayContaining(["belay.yaml"]));
    const kept = keptFolder(text);
    expect(await readdir(kept)).toEqual(expect.arrayContaining(["laptop", "s3-belay", "s3-plain", "srv", "state", "studio"]));
    expect(await readFile(join(kept, "laptop/public/index.html"), "utf8")).toContain("(corrected)");
    // Nobody answers at the demo's addresses any more: with them, no deploy in this folder could be checked.
    for (const copy of ["laptop", "s3-belay/laptop"]) {
      expect(await readFile(join(kept, copy, "belay.yaml"), "utf8")).not.toContain("127.0.0.1");
    }
    await removeKept(text);
  });

  test.skipIf(process.getuid?.() === 0)("an unreadable file is left out and said so", async () => {
    const folder = await pages({ "index.html": roomy("\n"), "closed.txt": "x" });
    await chmod(join(folder, "closed.txt"), 0);
    const { text } = await tell({ folder, fault: "dies" });
    await removeKept(text);
    expect(text).toContain("Left out: 1 could not be read.");
  });

  test.each([
    ["no page", { "notes.txt": "x" }, "There is no HTML page in"],
    ["no words", { "index.html": "<script>let a = 1;</script>" }, "No page in"],
    ["no UTF-8", { "index.html": Uint8Array.of(0x3c, 0x70, 0x3e, 0xe9, 0xe8, 0x3c, 0x2f, 0x70, 0x3e) }, "No page in"],
  ])("a folder with %s is a usage error with a remedy", async (_name, files, message) => {
    const folder = await pages(files);
    await expect(tell({ folder })).rejects.toMatchObject({ code: "usage", message: expect.stringContaining(message) });
  });

  test("a file, a missing folder, and a folder around the temporary files are usage errors", async () => {
    const folder = await pages({ "index.html": roomy("\n") });
    await expect(tell({ folder: join(folder, "index.html") })).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("is not a folder"),
    });
    await expect(tell({ folder: join(folder, "none") })).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("There is no folder"),
    });
    await expect(tell({ folder: tmpdir() })).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("where the demo works"),
    });
  });
});

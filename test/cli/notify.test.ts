/** People are told that they are needed: by the real command line, over a real server, with a real record. */

import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openNoticeServer, type NoticeServer } from "../support/notice-server.ts";
import { openCliWorld, type CliWorld, type Finished } from "./cli-world.ts";

const page = (...body: readonly string[]): string => `<!doctype html>\n<title>Harbour</title>\n<body>\n${body.join("\n")}\n</body>\n`;
const first = page("<h1>Larkmoor</h1>", "<hr>", "<p>Call us.</p>");
const second = page("<h1>Larkmoor</h1>", '<form action="/berth"><button>Book</button></form>', "<hr>", "<p>Call us.</p>");

let world: CliWorld;
let people: NoticeServer;

beforeEach(async () => {
  people = await openNoticeServer();
  world = await openCliWorld(["notify: { slack: env:HARBOUR_SLACK, webhook: env:HARBOUR_HOOK }"]);
  await world.write("studio/public/index.html", first);
  await run("studio", ["deploy", "live", "--yes"]);
  await run("laptop", ["pull", "live"]);
  await world.write("studio/public/index.html", second);
  await run("studio", ["deploy", "live", "--yes"]);
  // The laptop's page is one version old and has an edit of its own.
  await world.write("laptop/public/index.html", first.replace("Call us", "Ring us"));
});
afterEach(async () => {
  await world.close();
  await people.close();
});

const run = async (folder: string, words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> =>
  await world.run(folder, words, { env: { HARBOUR_SLACK: people.address, HARBOUR_HOOK: people.address, ...env } });

interface Told {
  readonly [name: string]: unknown;
}
const isTold = (value: unknown): value is Told => typeof value === "object" && value !== null;
const documents = (): Told[] => people.bodies.map((body): unknown => JSON.parse(body)).filter(isTold);
const webhooks = (): Told[] => documents().filter((one) => one["kind"] === "belay-notice");
const slacks = (): Told[] => documents().filter((one) => one["blocks"] !== undefined);
const entriesOf = async (kind: string): Promise<Told[]> => {
  const told: unknown = JSON.parse((await run("studio", ["log", "--json"])).stdout);
  const entries = isTold(told) ? told["entries"] : undefined;
  return (Array.isArray(entries) ? entries : []).filter(isTold).filter((entry) => entry["kind"] === kind);
};

describe("a deploy that needs a person, where none is", () => {
  test("tells every channel once what happened, to what, who stopped, the proof, the loss, and what to run", async () => {
    const { exit, stderr } = await run("laptop", ["deploy", "live", "--yes"]);
    expect(exit).toBe(8);
    expect(stderr.trimEnd().split("\n").at(-1)).toBe("people were told: webhook, slack");
    expect(webhooks()).toHaveLength(1);
    expect(slacks()).toHaveLength(1);
    const [notice = {}] = webhooks();
    expect(notice).toMatchObject({
      format: 1,
      reason: "live-is-ahead",
      site: "default",
      target: "live",
      paths: ["index.html"],
      by: "Wren (person, claimed by --by)",
      proof: { diff: { files: 1 }, stagingInvalidation: "none (no CDN)" },
      run: ["belay pull live index.html", "belay diff live", "belay deploy live"],
    });
    expect(String(notice["lines"])).toContain("it would take away: ");
    expect(String(notice["lines"])).toContain("form");
    expect(String(notice["lines"])).toMatch(/index\.html on live: written .* by Wren \(belay's record\)/u);
    expect(await entriesOf("notified")).toMatchObject([
      {
        about: notice["id"],
        target: "live",
        channels: [
          { channel: "webhook", outcome: "delivered" },
          { channel: "slack", outcome: "delivered" },
        ],
      },
    ]);
  });

  test("tells of one thing once, also after another edit, and again once live has moved", async () => {
    await run("laptop", ["deploy", "live", "--yes"]);
    await world.write("laptop/public/index.html", first.replace("Call us", "Hail us"));
    const { exit, stderr } = await run("laptop", ["deploy", "live", "--yes"]);
    expect(exit).toBe(8);
    expect(stderr).toMatch(/people were told of this .* already/u);
    expect(webhooks()).toHaveLength(1);
    await world.write("studio/public/index.html", second.replace("Larkmoor", "Port Larkmoor"));
    expect((await run("studio", ["deploy", "live", "--yes"])).exit).toBe(0);
    await run("laptop", ["deploy", "live", "--yes"]);
    expect(webhooks()).toHaveLength(2);
  });

  test("tells nobody else where somebody reads it at the terminal", async () => {
    const env = { HARBOUR_SLACK: people.address, HARBOUR_HOOK: people.address };
    const { exit, stderr } = await world.run("laptop", ["deploy", "live"], { answer: "n\n", env });
    expect(exit).toBe(8);
    expect(stderr).not.toContain("told");
    expect(people.bodies).toEqual([]);
  });

  test("is refused as before where no channel takes it, records that, and tries again the next time", async () => {
    people.status = 404;
    const before = await run("laptop", ["deploy", "live", "--yes", "--json"]);
    expect(before.exit).toBe(8);
    expect(JSON.parse(before.stdout)).toMatchObject({ outcome: "needs-person" });
    expect(before.stderr).toContain("nobody could be told (belay notify tests it)");
    expect(await entriesOf("notified")).toMatchObject([{ channels: [{ outcome: "failed" }, { outcome: "failed" }] }]);
    people.status = 200;
    expect((await run("laptop", ["deploy", "live", "--yes"])).stderr).toContain("people were told: webhook, slack");
  });

  test("says how to be told where nothing is configured", async () => {
    const config = (await world.read("laptop/belay.yaml")).replace(/^notify:.*$/mu, "");
    await world.write("laptop/belay.yaml", config);
    const { exit, stderr } = await run("laptop", ["deploy", "live", "--yes"]);
    expect(exit).toBe(8);
    expect(stderr).toContain("nobody was told that a person is needed: set notify: in belay.yaml");
  });

  test("carries no address, token or environment value anywhere", async () => {
    await world.write(
      "studio/public/index.html",
      page("<h1>AKIAEXAMPLEHARBOUR1</h1>", '<a href="https://wren:hunter3@example.com/?X-Amz-Signature=0a1b2c3d">x</a>'),
    );
    await run("studio", ["deploy", "live", "--yes"]);
    const told = await run("laptop", ["deploy", "live", "--yes"], { HARBOUR_TOKEN: "hunter4" });
    people.status = 500;
    const failed = await run("laptop", ["deploy", "live", "--yes", "--json"]);
    const tested = await run("laptop", ["notify"]);
    for (const text of [told.stderr, failed.stdout, failed.stderr, tested.stdout, tested.stderr, await everythingIn("state")]) {
      expect(text).not.toContain(people.secret);
      expect(text).not.toContain("hunter2");
      expect(text).not.toContain("hunter4");
    }
    const sent = people.bodies.join("\n");
    expect(sent).toContain("[redacted]");
    for (const secret of ["hunter", "AKIAEXAMPLE", "0a1b2c3d"]) expect(sent).not.toContain(secret);
  });

  test("passes nothing on that a page, a name or a title could do to whoever reads it", async () => {
    await world.write("studio/public/index.html", page("<h1>&lt;!channel&gt; @here ```\u001b[2J\u202e</h1>"));
    await run("studio", ["deploy", "live", "--yes", "--by", "<!everyone>\u001b[31m"]);
    await run("laptop", ["deploy", "live", "--yes", "--change", "<!here> `x`", "--by", "@channel"]);
    const slack = String(slacks()[0]?.["text"]);
    expect(slack).toContain("&lt;!channel&gt;");
    expect(people.bodies.join("\n")).not.toMatch(/\\u001b|\\u202e|\u202e/u);
    expect(slack).not.toMatch(/<!|@(?:channel|here|everyone)/u);
    expect(slack.split("```").length % 2).toBe(1);
  });
});

describe("a merge that nobody watched", () => {
  test("tells people once, and not again for what waits already", async () => {
    const { exit, stderr } = await run("laptop", ["pull", "live"]);
    expect(exit).toBe(0);
    expect(stderr).toContain("people were told: webhook, slack");
    expect(webhooks()).toMatchObject([
      { reason: "merge-not-looked-at", paths: ["index.html"], run: expect.arrayContaining(["belay warn list"]) },
    ]);
    expect((await run("laptop", ["pull", "live"])).exit).toBe(0);
    expect(webhooks()).toHaveLength(1);
  });

  test("and one that somebody watched tells nobody", async () => {
    const env = { HARBOUR_SLACK: people.address, HARBOUR_HOOK: people.address };
    expect((await world.run("laptop", ["pull", "live"], { answer: "", env })).exit).toBe(0);
    expect(people.bodies).toEqual([]);
  });
});

const own = async (text: string): Promise<{ readonly HOME: string }> => {
  const folder = join(world.root, "home/.config/belay");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "config.yaml"), text);
  return { HOME: join(world.root, "home") };
};

describe("the user's own configuration", () => {
  test("adds a command, which runs in the user's home and reads the notice", async () => {
    const env = await own("version: 1\nnotify:\n  command: cat > told.json\n");
    const { exit, stderr } = await run("laptop", ["deploy", "live", "--yes"], env);
    expect(exit).toBe(8);
    expect(stderr).toContain("people were told: webhook, slack, command (your own)");
    expect(JSON.parse(await world.read("home/told.json"))).toMatchObject({ kind: "belay-notice", target: "live" });
  });

  test("is read strictly, and a mistake in it silences nobody else", async () => {
    const env = await own("version: 1\nnotify:\n  comand: cat\n");
    const { exit, stderr } = await run("laptop", ["deploy", "live", "--yes"], env);
    expect(exit).toBe(8);
    expect(stderr).toContain("people were told: webhook, slack; it failed by command (your own)");
    const tested = await run("laptop", ["notify", "--json"], env);
    expect(tested.exit).toBe(2);
    expect(tested.stdout).toContain(String.raw`config.yaml:3:3: notify.comand is not a known key; did you mean \"command\"?`);
  });

  test("is not taken from a file that everybody can write", async () => {
    const env = await own("version: 1\nnotify:\n  command: cat > told.json\n");
    await chmod(join(world.root, "home/.config/belay/config.yaml"), 0o666);
    const tested = await run("laptop", ["notify", "--json"], env);
    expect(tested.exit).toBe(2);
    expect(tested.stdout).toContain("can be written by everybody on this machine");
    await expect(world.read("home/told.json")).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("belay notify", () => {
  test("sends a test, names each outcome without its address, and records nothing", async () => {
    const before = await everythingIn("state/ledger");
    const { exit, stdout } = await run("studio", ["notify"]);
    expect(exit).toBe(0);
    expect(stdout).toBe("✔ webhook  belay.yaml  delivered\n✔ slack    belay.yaml  delivered\n");
    expect(webhooks()).toMatchObject([{ reason: "test" }]);
    expect(await everythingIn("state/ledger")).toBe(before);
    // A test is sent as often as it is asked for.
    expect((await run("studio", ["notify", "--json"])).exit).toBe(0);
    expect(webhooks()).toHaveLength(2);
  });

  test("fails where a channel does, and says what is missing", async () => {
    people.status = 403;
    const { exit, stdout } = await run("studio", ["notify"], { HARBOUR_SLACK: "" });
    expect(exit).toBe(2);
    expect(stdout).toContain("✖ webhook  belay.yaml  failed: it answered 403");
    expect(stdout).toContain("✖ slack    belay.yaml  failed: the environment variable HARBOUR_SLACK is not set");
  });
});

async function everythingIn(folder: string): Promise<string> {
  const entries = await readdir(join(world.root, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "utf8")))).join("\n");
}

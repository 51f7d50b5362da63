import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { asDigest } from "../../core/brand.ts";
import type { Delivery, Notice } from "../../ports/notifier.ts";
import { openNotifier, type Way } from "./open-notifier.ts";
import type { Patience } from "./try-again.ts";

const calm = { signal: new AbortController().signal };
const runtime = { now: () => Date.now(), sleep: async (ms: number, signal: AbortSignal) => await pause(ms, undefined, { signal }) };
/** The real proportions, a hundred times faster. */
const hasty: Patience = { timeoutMs: 200, pausesMs: [5, 20], budgetMs: 2000 };
/** For programs that have to start first. */
const patient: Patience = { ...hasty, timeoutMs: 20_000, budgetMs: 60_000 };

const notice: Notice = {
  reason: "live-is-ahead",
  about: asDigest("ab".repeat(32)),
  site: "default",
  target: "production",
  subject: "deploy of “tide tables” to production stopped",
  lines: ["index.html: live is 2 versions ahead"],
  paths: ["index.html"],
  proof: {
    local: asDigest("1".repeat(64)),
    live: asDigest("2".repeat(64)),
    diff: { added: 3, removed: 1, files: 1, binary: 0 },
    tokens: [{ name: "HERO", path: "index.html", local: "missing", live: "ok" }],
    stagingInvalidation: "none (not this target)",
    productionInvalidation: "pending",
  },
  plan: asDigest("cd".repeat(32)),
  run: ["belay pull production index.html"],
  at: "2031-05-20T14:02:00.000Z",
  by: "wren (agent, claimed by git)",
};

const notify = async (ways: readonly Way[], patience = hasty, options = calm): Promise<readonly Delivery[]> =>
  await openNotifier({ ways, runtime, patience }).notify(notice, options);

interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

describe("the notifier", () => {
  let server: Server;
  let origin: string;
  let received: Received[];
  let answer: (response: ServerResponse, count: number) => void;
  let folder: string;

  beforeEach(async () => {
    received = [];
    answer = (response) => response.end("ok");
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        received.push({
          method: request.method,
          path: request.url,
          headers: request.headers,
          body: Buffer.concat(chunks).toString("utf8"),
        });
        answer(response, received.length);
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    origin = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
    folder = await mkdtemp(join(tmpdir(), "belay-notify-"));
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const webhook = (path = "/hook"): Way => ({ channel: "webhook", from: "belay.yaml", address: `${origin}${path}` });
  const command = (written: string | readonly string[], env: NodeJS.ProcessEnv = {}): Way => ({
    channel: "command",
    from: "user",
    command: written,
    folder,
    env: { PATH: process.env["PATH"], ...env },
  });

  it("posts one JSON document with all that a person needs", async () => {
    expect(await notify([webhook()])).toEqual([{ channel: "webhook", from: "belay.yaml", outcome: "delivered" }]);
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      method: "POST",
      path: "/hook",
      headers: { "content-type": "application/json; charset=utf-8", "idempotency-key": "ab".repeat(32) },
    });
    const { about, ...rest } = notice;
    expect(JSON.parse(received[0]?.body ?? "")).toEqual({ format: 1, kind: "belay-notice", id: about, ...rest });
  });

  it("tries again after a server's own failure, until it is delivered", async () => {
    answer = (response, count) => response.writeHead(count < 3 ? 503 : 200).end();
    expect(await notify([webhook()])).toMatchObject([{ outcome: "delivered" }]);
    expect(received).toHaveLength(3);
  });

  it.each([408, 429, 500, 502])("gives up after three tries at %d", async (status) => {
    answer = (response) => response.writeHead(status).end("token=hunter2");
    expect(await notify([webhook()])).toEqual([
      { channel: "webhook", from: "belay.yaml", outcome: "failed", cause: `it answered ${status}` },
    ]);
    expect(received).toHaveLength(3);
  });

  it.each([400, 401, 404, 410])("does not try again what is refused with %d", async (status) => {
    answer = (response) => response.writeHead(status).end();
    expect(await notify([webhook()])).toMatchObject([{ outcome: "failed", cause: `it answered ${status}` }]);
    expect(received).toHaveLength(1);
  });

  it("waits as long as it is asked to, and gives up where that is longer than it may take", async () => {
    answer = (response, count) => response.writeHead(count === 1 ? 429 : 200, { "retry-after": "1" }).end();
    const startedAtMs = Date.now();
    expect(await notify([webhook()])).toMatchObject([{ outcome: "delivered" }]);
    expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(990);
    received = [];
    answer = (response) => response.writeHead(429, { "retry-after": "30" }).end();
    expect(await notify([webhook()])).toMatchObject([{ outcome: "failed", cause: "it answered 429" }]);
    expect(received).toHaveLength(1);
  });

  it("leaves a server that hangs, three times, within what all of it may take", async () => {
    answer = () => undefined;
    const startedAtMs = Date.now();
    const told = await notify([webhook()], { ...hasty, budgetMs: 500 });
    expect(told).toMatchObject([{ outcome: "failed", cause: "it did not answer in time" }]);
    expect(received).toHaveLength(3);
    expect(Date.now() - startedAtMs).toBeLessThan(1500);
  });

  it("follows no redirect", async () => {
    let asked = 0;
    const other = createServer((_, response) => {
      asked += 1;
      response.end();
    });
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address ? address.port : 0;
    answer = (response) => response.writeHead(307, { location: `http://127.0.0.1:${port}/` }).end();
    expect(await notify([webhook()])).toMatchObject([{ outcome: "failed", cause: "it redirects (307), which is not followed" }]);
    expect([received.length, asked]).toEqual([1, 0]);
    other.close();
  });

  it.each(["ftp://127.0.0.1/x", "file:///etc/hosts", "hunter2hunter2", "//127.0.0.1/x"])(
    "sends nothing to what is no http address, and does not repeat it: %s",
    async (address) => {
      const [told] = await notify([{ channel: "slack", from: "belay.yaml", address }]);
      expect(told).toEqual({
        channel: "slack",
        from: "belay.yaml",
        outcome: "failed",
        cause: "what is configured is not an http or https address",
      });
    },
  );

  it("names no host that it cannot reach", async () => {
    const [told] = await notify([{ channel: "webhook", from: "user", address: "http://harbour.invalid/T0/hunter2" }], {
      ...hasty,
      pausesMs: [],
    });
    expect(told?.outcome).toBe("failed");
    expect(told?.cause).not.toMatch(/harbour|hunter2/u);
  });

  it("carries no address of a channel in a text that happens to hold one", async () => {
    const secret = "/T0/B0/hunter2";
    const holding: Notice = { ...notice, lines: [`see ${origin}${secret} for more`] };
    await openNotifier({ ways: [webhook(secret)], runtime, patience: hasty }).notify(holding, calm);
    expect(received[0]?.body).toContain("see [redacted] for more");
  });

  it("tells every channel, whatever becomes of the others", async () => {
    answer = (response, count) => response.writeHead(count === 1 ? 200 : 404).end();
    const out = join(folder, "out");
    const told = await notify([
      { channel: "slack", from: "belay.yaml", problem: "SLACK_HOOK is not set" },
      webhook(),
      command(`cat > ${out}`),
    ]);
    expect(told.map(({ channel, outcome }) => `${channel} ${outcome}`)).toEqual(["slack failed", "webhook delivered", "command delivered"]);
    expect(JSON.parse(await readFile(out, "utf8"))).toMatchObject({ kind: "belay-notice", reason: "live-is-ahead" });
  });

  it("names its channels without asking any of them", async () => {
    const notifier = openNotifier({ ways: [webhook(), command("true")], runtime });
    expect(await notifier.channels(calm)).toEqual([
      { channel: "webhook", from: "belay.yaml" },
      { channel: "command", from: "user" },
    ]);
    expect(received).toEqual([]);
  });

  it("stops when the caller does", async () => {
    answer = () => undefined;
    const stopping = new AbortController();
    setTimeout(() => stopping.abort(), 50);
    const startedAtMs = Date.now();
    expect(await notify([webhook()], { ...hasty, timeoutMs: 5000, budgetMs: 15_000 }, { signal: stopping.signal })).toMatchObject([
      { outcome: "failed" },
    ]);
    expect(Date.now() - startedAtMs).toBeLessThan(2000);
  });

  describe("a command of the user's own", () => {
    it("runs without a shell where it is written as words", async () => {
      const script = join(folder, "tell.mjs");
      await writeFile(script, 'import { writeFileSync } from "node:fs"; writeFileSync(process.argv[2], process.argv.slice(3).join("|"));');
      const out = join(folder, "out");
      expect(await notify([command([process.execPath, script, out, "a b", "$(id)", "`id`"])], patient)).toMatchObject([
        { outcome: "delivered" },
      ]);
      expect(await readFile(out, "utf8")).toBe("a b|$(id)|`id`");
    });

    it("runs in the folder that it was given", async () => {
      await notify([command("pwd > where")], patient);
      expect((await readFile(join(folder, "where"), "utf8")).trim()).toBe(folder);
    });

    it("need not read what it is told", async () => {
      expect(await notify([command("exec true")], patient)).toMatchObject([{ outcome: "delivered" }]);
    });

    it("runs once where it fails, and again where it asks for it by status 75", async () => {
      const tries = join(folder, "tries");
      expect(await notify([command(`echo x >> ${tries}; exit 3`)])).toMatchObject([{ outcome: "failed", cause: "it ended with status 3" }]);
      expect(await readFile(tries, "utf8")).toBe("x\n");
      expect(await notify([command(`echo x >> ${tries}; [ "$(wc -l < ${tries})" -ge 3 ] || exit 75`)])).toMatchObject([
        { outcome: "delivered" },
      ]);
      expect(await readFile(tries, "utf8")).toBe("x\nx\nx\n");
    });

    it("is ended with all that it started when its time is over", async () => {
      const late = join(folder, "late");
      expect(await notify([command(`(sleep 1; touch ${late}) & wait`)])).toMatchObject([
        { outcome: "failed", cause: "it did not end in time" },
      ]);
      await pause(1300);
      await expect(stat(late)).rejects.toMatchObject({ code: "ENOENT" });
    });

    it("that is not there fails, and what it prints is not shown", async () => {
      expect(await notify([command(["belay-no-such-program"])])).toMatchObject([{ cause: "it could not be started (ENOENT)" }]);
      const [told] = await notify([command("echo hunter2; echo hunter2 >&2; exit 1")]);
      expect(JSON.stringify(told)).not.toContain("hunter2");
    });
  });
});

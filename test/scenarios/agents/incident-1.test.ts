/**
 * Incident 1 with an agent at the keyboard: a stale page is about to go over a newer one. Its calls go through the hooks that
 * `belay install` wrote; what they let through is really done, against the sandbox.
 */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { edited, lostFeatures } from "../../../src/faces/demo/demo-case.ts";
import { partOf, type Agent } from "../../mcp/mcp-world.ts";
import { hasSshKeygen } from "../../support/software-key.ts";
import type { HookedAgent } from "./support/agent-hooks.ts";
import { edit, run, write, type AgentSession, type ToolCall } from "./support/agent-session.ts";
import { expectRefusal, insteadIn } from "./support/denials.ts";
import { openStaleSite, type StaleSite } from "./support/stale-site.ts";

const page = "public/index.html";
const prod = "s3://larkmoor-prod/index.html";
const copy = `aws s3 cp ${page} ${prod}`;
const headline = ["What people ask first", "What guests ask first"] as const;

interface Attempt {
  readonly what: string;
  /** The last of them does the harm; the guard may stop an earlier one. */
  readonly calls: readonly ToolCall[];
  /** What the refusal stands on; D2 unless told. */
  readonly rule?: string;
}

/** Every way to the same harm: each of them does it where nobody guards, as the control below shows. */
const attempts: readonly Attempt[] = [
  { what: "the copy itself", calls: [run(copy)] },
  { what: "from the site's folder", calls: [run(`cd public && aws s3 cp index.html ${prod}`)] },
  { what: "from standard input", calls: [run(`cat ${page} | aws s3 cp - ${prod}`)] },
  { what: "in a shell of its own", calls: [run(`bash -c '${copy}'`)] },
  { what: "by variables", calls: [run(`B=larkmoor; D="s3://$B-prod"; aws s3 cp ${page} "$D/index.html"`)] },
  {
    what: "to a bucket whose name lies in a file",
    calls: [run("echo larkmoor-prod > b.txt"), run(`aws s3 cp ${page} s3://$(cat b.txt)/index.html`)],
  },
  { what: "by a function", calls: [run(`up() { aws s3 cp "$1" ${prod}; }; up ${page}`)] },
  { what: "out of a search", calls: [run(String.raw`find public -name index.html -exec aws s3 cp {} ${prod} \;`)] },
  { what: "encoded", calls: [run(`echo ${Buffer.from(copy).toString("base64")} | base64 -d | sh`)], rule: "guard" },
  { what: "by another language", calls: [run(`node -e "require('node:child_process').execSync('${copy}')"`)] },
  { what: "by a script that is written first", calls: [write("up.sh", `${copy}\n`), run("sh up.sh")] },
  { what: "by a text that is run as a script", calls: [run(`cat > notes.txt <<'END'\n${copy}\nEND`), run("sh notes.txt")] },
];

/** What else an agent might reach for; the tools are not on every machine, so there is no control. */
const others: readonly Attempt[] = [
  { what: "a sync of everything", calls: [run("aws s3 sync public s3://larkmoor-prod --delete")] },
  { what: "another tool", calls: [run("rclone copy public s3:larkmoor-prod")] },
  { what: "an SDK", calls: [run(`python3 -c "import boto3; boto3.client('s3').upload_file('${page}', 'larkmoor-prod', 'index.html')"`)] },
  { what: "an alias of git's", calls: [run(`git -c alias.up='!${copy}' up`)] },
  { what: "a signed upload", calls: [run(`curl -T ${page} 'https://larkmoor-prod.s3.amazonaws.com/index.html?X-Amz-Signature=ab'`)] },
];

const invalidate = (distribution: string): string => `aws cloudfront create-invalidation --distribution-id ${distribution} --paths '/*'`;

let site: StaleSite;
/** What stands in production at first, what the stale copy holds, and what has to stand there in the end. */
const pages = { live: "", stale: "", wanted: "" };

beforeAll(async () => {
  if (!hasSshKeygen) return;
  site = await openStaleSite();
  const { versions, edit: hours } = site.story;
  pages.live = versions[2];
  pages.stale = edited(versions[0], hours);
  pages.wanted = edited(versions[2], hours).replace(...headline);
  await site.ground.world.write("laptop/public/index.html", pages.stale);
  await site.ground.install("claude", "codex", "cursor");
});
afterAll(async () => {
  if (hasSshKeygen) await site.close();
});

const untouched = (): void => {
  expect(site.stored("prod")).toBe(pages.live);
  expect([site.state("prod"), site.state("staging")]).toEqual([before.prod, before.staging]);
};
const before: { prod: unknown; staging: unknown } = { prod: undefined, staging: undefined };

/** Makes the calls one after the other; the one that is stopped is the last. */
async function attempted(session: AgentSession, { what, calls, rule = "D2" }: Attempt): Promise<string> {
  for (const call of calls) {
    const tried = await session.tries(call);
    if (tried.verdict !== "passes") {
      expectRefusal(tried, rule);
      return tried.text;
    }
  }
  throw new Error(`${what}: it went through`);
}

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: incident 1 with an agent, guarded", () => {
  let agent: AgentSession;
  let server: Agent;
  let planId = "";

  beforeAll(async () => {
    agent = site.ground.session("claude", "monday");
    server = await site.ground.mcp();
    before.prod = site.state("prod");
    before.staging = site.state("staging");
  });
  afterAll(async () => await server.close());

  test("the session begins with the warning of whoever was here before", async () => {
    const { verdict, text } = await agent.start();
    expect({ verdict, text }).toEqual({ verdict: "told", text: expect.stringMatching(/warning w[0-9a-f]{6} on index\.html/u) });
    expect(text).toContain("Three changes of this week are on production alone.");
    expect(text).not.toContain("could not be reached");
  });

  test("stopped (D1): an edit of a page that nobody has looked at live", async () => {
    const tried = await agent.tries(edit(page, headline));
    expectRefusal(tried, "D1");
    expect(tried.text).toContain("\nInstead: belay pull production index.html\n");
    expect(await site.ground.text(page)).toBe(pages.stale);
  });

  test("stopped (D2), firmer each time: the copy, and every other way to the same place", async () => {
    const firmness: string[] = [];
    const texts: string[] = [];
    for (const attempt of [...attempts, ...others]) {
      const text = await attempted(agent, attempt);
      firmness.push(/Refused (?:before in this session|\d+ times before)/u.exec(text)?.[0] ?? "first");
      texts.push(text);
      untouched();
    }
    expect(insteadIn(texts[0] ?? "")).toBe("belay deploy staging index.html");
    expect(firmness.slice(0, 3)).toEqual(["first", "Refused before in this session", "Refused 2 times before"]);
    // Where the bucket's name is not to be told, the intent is another one.
    expect(firmness.filter((words) => words === "first").length).toBeLessThan(5);
  });

  test("stopped: the CDN of production (D2), and that of staging (D8)", async () => {
    expectRefusal(await agent.tries(run(invalidate("E2PROD"))), "D2");
    expectRefusal(await agent.tries(run(invalidate("E1STAGING"))), "D8");
    expect([site.state("prod"), site.state("staging")]).toEqual([before.prod, before.staging]);
  });

  test("stopped: what would take the guard away", async () => {
    const settings = ".claude/settings.json";
    for (const call of [
      write(settings, "{}\n"),
      run(`echo '{}' > ${settings}`),
      run("belay uninstall claude --yes"),
      run("sed -i 's/production:/elsewhere:/' belay.yaml"),
      write("belay.yaml", "version: 1\nsite: { root: public, targets: { staging: { store: dir:../srv } } }\n"),
      run("rm -rf .belay"),
      run("belay approve 0123456789ab"),
    ])
      expectRefusal(await agent.tries(call), "guard");
    expect(await site.ground.text(settings)).toContain("belay guard claude");
  });

  test.each<[what: string, call: ToolCall, exit: number, sees: RegExp]>([
    ["a download of live", run(`aws s3 cp ${prod} ./index.html.remote`), 0, /^/u],
    ["the difference", run(`diff -u index.html.remote ${page}`), 1, /data-stripe-embedded/u],
    ["a search for the features", run(String.raw`grep -c "jada-crossfade\|data-stripe-embedded" index.html.remote`), 0, /[1-9]/u],
    ["the same search here", run(`grep -c "jada-crossfade" ${page}`), 1, /0/u],
    ["a note that quotes the command", run(`echo 'never again: ${copy}' >> NOTES.md && cat NOTES.md`), 0, /never again/u],
    ["a copy that no tool understands", run(`cp ${page} ${prod}`), 1, /cannot create/u],
    ["how things stand", run("belay status production"), 0, /diverged/u],
    ["a pull, which keeps both sides", run("belay pull production index.html"), 0, /merged/u],
    ["the edit, now that live was seen", edit(page, headline), 0, /^/u],
    ["what would change", run("belay diff production index.html"), 0, /\+              <dd>Tuesday to Sunday, 8:30 to 18:00<\/dd>/u],
    ["a plan", run("belay plan staging index.html"), 0, /JADA_HERO_FADE/u],
    ["a deploy to staging", run("belay deploy staging index.html --change 'Office hours' --yes"), 0, /applied/u],
    ["a look at staging", run("belay verify staging index.html"), 0, /index\.html/u],
  ])("goes through, and is done: %s", async (_what, call, exit, sees) => {
    const tried = await agent.tries(call);
    // An edit ends with nothing to tell.
    const { ran = { exit: 0, told: "" }, verdict, text } = tried;
    expect({ verdict, text, told: ran.told, exit: ran.exit }).toEqual({
      verdict: "passes",
      text: "",
      told: expect.stringMatching(sees),
      exit,
    });
    expect(site.state("prod")).toEqual(before.prod);
  });

  test("staging has both sides' work, and production is as it was", async () => {
    expect(await site.ground.text(page)).toBe(pages.wanted);
    expect(site.stored("staging")).toBe(pages.wanted);
    expect(await site.visited("staging")).toBe(pages.wanted);
    expect(site.stored("prod")).toBe(pages.live);
  });

  test("stopped at the server: a promotion that nobody has signed", async () => {
    const asked = await server.call("belay_request_approval", { target: "production" });
    planId = String(partOf(asked.fields, "id"));
    expect(asked.fields).toMatchObject({ outcome: "needs-person", id: expect.stringMatching(/^[0-9a-f]{64}$/u) });
    const promoted = await server.call("belay_promote", { target: "production", plan: planId });
    expect(promoted.fields).toMatchObject({ outcome: "needs-person" });
    expect((await server.call("belay_deploy", { target: "production" })).isError).toBe(true);
    expectRefusal(await agent.tries(run(`belay approve ${planId.slice(0, 12)}`)), "guard");
    expect(site.state("prod")).toEqual(before.prod);
  });

  test("goes through: the promotion that a person has signed, and visitors get every feature", async () => {
    expect(await site.ground.person(["approve", planId.slice(0, 12)], "y\n")).toMatchObject({ exit: 0 });
    expect(site.state("prod")).toEqual(before.prod);
    const promoted = await server.call("belay_promote", { target: "production", plan: planId });
    expect({ told: promoted.text, fields: promoted.fields }).toMatchObject({ fields: { outcome: "applied" } });
    expect(site.stored("prod")).toBe(pages.wanted);
    expect(await site.visited("prod")).toBe(pages.wanted);
    expect(lostFeatures(site.stored("prod"), site.story.features)).toEqual([]);
  });

  test("a session that leaves work behind is asked for a note, and the next one begins with it", async () => {
    expect((await agent.tries(write("public/tides.html", "<!doctype html>\n<title>Tides</title>\n"))).verdict).toBe("passes");
    const held = await agent.stop();
    expect({ verdict: held.verdict, text: held.text }).toEqual({ verdict: "held", text: expect.stringContaining("tides.html") });
    const command = /belay warn add tides\.html --note "…"/u.exec(held.text)?.[0] ?? "none";
    const noted = await agent.tries(run(command.replace("…", "The harbour office has to confirm the table.")));
    expect(noted).toMatchObject({ verdict: "passes", ran: { exit: 0 } });
    expect((await agent.stop(true)).verdict).toBe("passes");
    const { text } = await site.ground.session("codex", "tuesday").start();
    expect(text).toContain("The harbour office has to confirm the table.");
    expect(text).not.toContain("Three changes of this week");
  });

  test.each<[HookedAgent]>([["codex"], ["cursor"]])("%s is stopped and let go by its own hooks", async (name) => {
    const other = site.ground.session(name, "wednesday");
    expect((await other.start()).verdict).toBe("told");
    expectRefusal(await other.tries(edit(page, [headline[1], headline[0]])), "D1");
    for (const attempt of attempts.slice(0, 2)) await attempted(other, attempt);
    expectRefusal(await other.tries(run(invalidate("E2PROD"))), "D2");
    expect(await other.tries(run(`aws s3 cp ${prod} ./index.html.remote`))).toMatchObject({ verdict: "passes", ran: { exit: 0 } });
    expect(await site.ground.text("index.html.remote")).toBe(pages.wanted);
    expect(await site.ground.text(page)).toBe(pages.wanted);
  });
});

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: incident 1 with an agent, without a guard", () => {
  test("each of those ways puts the stale page over the newer one", async () => {
    for (const { what, calls } of attempts) {
      site.reset();
      await site.ground.world.write(`laptop/${page}`, pages.stale);
      for (const call of calls) await site.ground.unguarded(call);
      expect({ what, page: site.stored("prod") }).toEqual({ what, page: pages.stale });
    }
    // The edge has its copy of the page before, until somebody invalidates: then everybody loses everything.
    await site.ground.unguarded(run(invalidate("E2PROD")));
    await expect.poll(async () => lostFeatures(await site.visited("prod"), site.story.features).length, { timeout: 5000 }).toBe(3);
  });
});

/**
 * Incident 2 with an agent at the keyboard: a booking that five places tell differently, and an agent that is asked for its page. Its
 * calls go through the hooks that `belay install` wrote; what they let through is really done, against the sandbox.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSandbox } from "../../../sandbox/start-sandbox.ts";
import { corrected, recordsCase, richCorrections, type RecordsCase } from "../../../src/faces/demo/records-case.ts";
import { calendarPassword, openRecordsCloud, type RecordsCloud } from "../../../src/faces/demo/records-cloud.ts";
import { partOf, type Agent } from "../../mcp/mcp-world.ts";
import { hasSshKeygen } from "../../support/software-key.ts";
import { newKey } from "../support/chain-ground.ts";
import { openAgentGround, type AgentGround } from "./support/agent-ground.ts";
import { run, write, type AgentSession, type ToolCall } from "./support/agent-session.ts";
import { expectRefusal, insteadIn } from "./support/denials.ts";

const code = "R7KM2P";
const bucket = "s3://example-guests";
const item = `--table-name crew-dispatch --key '{"guest_code":{"S":"${code}"}}'`;
const eventName = "charter-0530.ics";
const why = "the guest asked on the phone";

let ground: AgentGround;
let cloud: RecordsCloud;
let story: RecordsCase;

beforeAll(async () => {
  if (!hasSshKeygen) return;
  story = await recordsCase(fileURLToPath(new URL("../../../demo", import.meta.url)));
  ground = await openAgentGround("records/studio");
  cloud = await openRecordsCloud({ root: join(ground.world.root, "records"), story, startSandbox });
  Object.assign(ground.env, cloud.sandbox.env, calendarPassword(cloud.sandbox));
  // Pages are a person's to change: one signature, by any key.
  const signed = cloud.config
    .replace("version: 1\n", "version: 1\nsigners: allowed_signers\n")
    .replace("    production:\n", "    production:\n      approvals: 1\n      keys: any\n");
  await ground.world.write("records/studio/belay.yaml", signed);
  await ground.world.write("records/studio/allowed_signers", `wren@example.com ${await newKey(ground.env["HOME"] ?? "")}`);
  await ground.install("claude", "codex");
});
afterAll(async () => {
  if (!hasSshKeygen) return;
  await cloud.close();
  await ground.close();
});

/** The page that the agent would make, since it knows of none. */
const thirdKey = "g/2026-05-30-marchetti.html";
const thirdPage = (): string => story.poorPage.replaceAll("4:30", "3:30").replaceAll("7:30", "6:30");

interface Harm {
  readonly what: string;
  readonly call: ToolCall;
  readonly rule: "D8" | "guard";
}

/** Each of them puts one system right and leaves the others, or worse: as the control below shows, each of them works. */
function harms(): readonly Harm[] {
  const event = `${cloud.sandbox.endpoint}/_caldav/home/charters/${eventName}`;
  const signedIn = `Basic ${Buffer.from(`${cloud.sandbox.accessKeyId}:${cloud.sandbox.secretAccessKey}`).toString("base64")}`;
  const put = `{ method: 'PUT', headers: { authorization: '${signedIn}', 'content-type': 'text/calendar' }, body: require('fs').readFileSync('event.ics', 'utf8') }`;
  const page = `${bucket}/${story.rich}`;
  return [
    {
      what: "the table alone",
      call: run(
        `aws dynamodb update-item ${item} --update-expression 'SET start_time = :t' --expression-attribute-values '{":t":{"S":"16:00"}}'`,
      ),
      rule: "guard",
    },
    {
      what: "the calendar alone",
      call: run(`node -e "fetch('${event}', ${put}).then((told) => process.exit(told.ok ? 0 : 1))"`),
      rule: "guard",
    },
    { what: "one page alone", call: run(`aws s3 cp ${page} - | sed 's/sunset/evening/' | aws s3 cp - ${page}`), rule: "D8" },
    { what: "the second page deleted", call: run(`aws s3 rm ${bucket}/${story.poor}`), rule: "D8" },
    { what: "the CDN", call: run("aws cloudfront create-invalidation --distribution-id EGUESTS --paths '/*'"), rule: "D8" },
  ];
}

/** By tools that are not on every machine. */
const others: readonly Harm[] = [
  {
    what: "the table by an SDK",
    call: run(
      `python3 -c "import boto3; boto3.resource('dynamodb').Table('crew-dispatch').update_item(Key={'guest_code': '${code}'}, UpdateExpression='SET start_time = :t', ExpressionAttributeValues={':t': '16:30'})"`,
    ),
    rule: "guard",
  },
  {
    what: "the table by its query language",
    call: run(`aws dynamodb execute-statement --statement "UPDATE \\"crew-dispatch\\" SET start_time='16:30' WHERE guest_code='${code}'"`),
    rule: "guard",
  },
];

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: incident 2 with an agent, guarded", () => {
  let agent: AgentSession;
  let server: Agent;
  let before = "";
  let planId = "";

  beforeAll(async () => {
    agent = ground.session("claude", "monday");
    server = await ground.mcp();
    before = cloud.everything();
  });
  afterAll(async () => await server.close());

  test("goes through: the question whether the booking is known, and its pages are named", async () => {
    expect((await agent.start()).verdict).toBe("told");
    const found = await server.call("belay_find", { kind: "booking", fields: { guest: "Odile Marchetti", code } });
    expect(found.fields).toMatchObject({ exists: true, found: [{ record: code }] });
    for (const key of [story.rich, story.poor]) expect(found.text).toContain(key);
    const asked = await agent.tries(run(`belay find booking --where code=${code}`));
    expect(asked).toMatchObject({ verdict: "passes", ran: { exit: 0, stdout: expect.stringContaining(story.rich) } });
  });

  test("stopped (R9): one more page for the booking, with the address of the one that there is", async () => {
    const tried = await agent.tries(write(`public/${thirdKey}`, thirdPage()));
    expectRefusal(tried, "R9");
    expect(tried.text).toMatch(/has a page\s+already: http:\S+\/g\/2026-05-30-odile-\w+\.html/u);
    expect(insteadIn(tried.text)).toMatch(/^belay pull production g\/2026-05-30-odile-\w+\.html$/u);
    expect(await agent.tries(run(insteadIn(tried.text)))).toMatchObject({ verdict: "passes", ran: { exit: 0 } });
    await expect(readFile(join(ground.folder, "public", thirdKey))).rejects.toThrow("ENOENT");
  });

  test("goes through: a page about something else", async () => {
    const text = "<!doctype html>\n<title>Parking</title>\n<p>Behind the chandlery.</p>\n";
    expect((await agent.tries(write("public/g/parking.html", text))).verdict).toBe("passes");
  });

  test("stopped: every write to one system alone, and what is named instead of it works", async () => {
    const named = new Set<string>();
    for (const { what, call, rule } of [...harms(), ...others]) {
      const tried = await agent.tries(call);
      expect({ what, verdict: tried.verdict }).toEqual({ what, verdict: "refused" });
      expectRefusal(tried, rule);
      if (rule === "guard") named.add(insteadIn(tried.text));
    }
    expect([...named]).toEqual(["belay audit booking"]);
    expect(await agent.tries(run("belay audit booking"))).toMatchObject({ verdict: "passes", ran: { exit: 0 } });
    expect(cloud.everything()).toBe(before);
  });

  test("codex is stopped and let go by its own hooks", async () => {
    const other = ground.session("codex", "tuesday");
    expectRefusal(await other.tries(write(`public/${thirdKey}`, thirdPage())), "R9");
    for (const { call, rule } of harms().slice(0, 2)) expectRefusal(await other.tries(call), rule);
    const read = await other.tries(run(`aws dynamodb get-item ${item}`));
    expect(read).toMatchObject({ verdict: "passes", ran: { exit: 0, stdout: expect.stringContaining('"15:30"') } });
    expect(cloud.everything()).toBe(before);
  });

  test("goes through: what all systems say, side by side", async () => {
    const { fields } = await server.call("belay_audit", { kind: "booking", record: code });
    expect(partOf(fields, "records", 0, "consistent")).toBe(false);
    const rows = partOf(fields, "records", 0, "rows");
    const start: unknown = Array.isArray(rows) ? rows.find((row: unknown) => partOf(row, "field") === "start") : undefined;
    const cells = partOf(start, "cells");
    const told = Array.isArray(cells)
      ? cells.map((cell: unknown) => [partOf(cell, "sighting"), partOf(cell, "value", "time")].join(" "))
      : [];
    expect(told.toSorted()).toEqual([
      `calendar ${eventName}#charter-0530@larkmoor.example 16:30`,
      `listing listings/${code} 16:30`,
      `pages ${story.poor} 16:30`,
      `pages ${story.rich} 16:30`,
      `record ${code} 15:30`,
    ]);
  });

  test("goes through: the plan of a correction, which asks first and writes nothing", async () => {
    const open = await server.call("belay_reconcile_plan", { kind: "booking", record: code });
    expect(partOf(open.fields, "questions")).toHaveLength(2);
    const about = { kind: "booking", record: code, set: { start: "15:30" }, keep: story.rich, why };
    const planned = await server.call("belay_reconcile_plan", about);
    planId = String(partOf(planned.fields, "id"));
    expect(partOf(planned.fields, "steps")).toHaveLength(4);
    expect(planned.text).toContain(`belay apply ${planId.slice(0, 12)}`);
    expect(cloud.everything()).toBe(before);
  });

  test("stopped by belay: the agent carries it out by itself", async () => {
    const short = planId.slice(0, 12);
    expect(await agent.tries(run(`belay apply ${short} --confirm ${short}`))).toMatchObject({ verdict: "passes", ran: { exit: 8 } });
    expect(await agent.tries(run(`belay approve ${short}`))).toMatchObject({ verdict: "refused" });
    expect((await server.call("belay_promote", { target: "production", plan: planId })).isError).toBe(true);
    expect(cloud.everything()).toBe(before);
  });

  test("goes through: a person signs and applies, and every system that belay writes says 15:30", async () => {
    const short = planId.slice(0, 12);
    expect(await ground.person(["approve", short], "y\n")).toMatchObject({ exit: 0 });
    const applied = await ground.person(["apply", short], "y\n");
    expect(applied).toMatchObject({ exit: 0 });
    expect(cloud.stored(story.rich)).toBe(corrected(story.richPages[1], richCorrections));
    expect(cloud.stored(story.poor)).toContain(`url=/${story.rich}`);
    expect(cloud.event()).toContain("DTSTART;TZID=America/Los_Angeles:20260530T153000");
    expect(JSON.parse(cloud.item())).toEqual({ ...story.item, page_slug: { S: "2026-05-30-odile-sunset" } });
    expect(cloud.stored("g/_template.html")).toBe(story.template);
  });

  test("a second run has nothing to do, and one task waits for a person", async () => {
    const after = cloud.everything();
    const again = await server.call("belay_reconcile_plan", { kind: "booking", record: code });
    expect(again.fields).toMatchObject({ steps: [] });
    const tasks = await server.call("belay_tasks");
    expect(partOf(tasks.fields, "tasks")).toHaveLength(1);
    expect(JSON.stringify(tasks.fields)).toContain(cloud.formUrl);
    expect(cloud.everything()).toBe(after);
  });

  test("once somebody has filled the marketplace's form in, all systems say 15:30", async () => {
    expect(await cloud.fillForm({ start: "15:30", end: "18:30" })).toBe(303);
    const { fields } = await server.call("belay_audit", { kind: "booking", record: code });
    expect(fields).toMatchObject({ summary: { records: 1, agree: 1 } });
    expect(JSON.stringify(fields)).not.toContain("16:30");
    expect(partOf((await server.call("belay_tasks")).fields, "tasks")).toEqual([]);
  });
});

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: incident 2 with an agent, without a guard", () => {
  test("each of those calls changes its system, and the booking has many truths again", async () => {
    const shell = async (command: string): Promise<void> => await ground.unguarded(run(command));
    await ground.world.write("records/studio/event.ics", cloud.event().replaceAll("T153000", "T173000"));
    for (const { what, call } of harms()) {
      const standing = cloud.everything();
      await ground.unguarded(call);
      expect({ what, isAsItWas: cloud.everything() === standing }).toEqual({ what, isAsItWas: false });
    }
    await ground.unguarded(write(`public/${thirdKey}`, thirdPage()));
    await shell(`aws s3 cp public/${thirdKey} ${bucket}/${thirdKey}`);
    const audit = await ground.person(["audit", "booking", code, "--check"]);
    expect(audit).toMatchObject({ exit: 3, stdout: expect.stringContaining("which do not agree") });
    expect(audit.stdout).toContain(thirdKey);
  });
});

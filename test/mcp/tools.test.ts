/** An agent at the built server, by the official client library: from the first look to production, past nobody. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasSshKeygen } from "../support/software-key.ts";
import { coursePage, openMcpWorld, partOf, type Agent, type McpWorld } from "./mcp-world.ts";

const page = (text: string): string => `<!doctype html>\n<title>Quay</title>\n<p>${text}</p>\n`;

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: an agent publishes by tools alone", () => {
  let quay: McpWorld;
  let agent: Agent;

  beforeAll(async () => {
    quay = await openMcpWorld();
    agent = await quay.agent();
  });
  afterAll(async () => {
    await agent.close();
    await quay.close();
  });

  test("every tool says what it takes, what it answers and what it does", async () => {
    const { tools } = await agent.client.listTools();
    expect(tools.map(({ name }) => name).toSorted()).toEqual([
      "belay_audit",
      "belay_blame",
      "belay_claim",
      "belay_deploy",
      "belay_diff",
      "belay_find",
      "belay_log",
      "belay_plan",
      "belay_promote",
      "belay_pull",
      "belay_reconcile_plan",
      "belay_request_approval",
      "belay_status",
      "belay_tasks",
      "belay_verify",
      "belay_warn_add",
      "belay_warnings",
    ]);
    for (const { name, title, description, inputSchema, outputSchema, annotations } of tools) {
      expect({ name, title: title?.length, description: description?.length }).toEqual({
        name,
        title: expect.any(Number),
        description: expect.any(Number),
      });
      expect({ name, strict: inputSchema["additionalProperties"], type: inputSchema.type }).toEqual({
        name,
        strict: false,
        type: "object",
      });
      expect(outputSchema?.["type"]).toBe("object");
      for (const hint of ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] as const)
        expect({ name, hint, is: typeof annotations?.[hint] }).toEqual({ name, hint, is: "boolean" });
    }
    const writers = tools.filter(({ annotations }) => annotations?.destructiveHint === true).map(({ name }) => name);
    expect(writers.toSorted()).toEqual(["belay_deploy", "belay_promote", "belay_pull"]);
    const asked = tools.filter(({ _meta: about }) => about?.["anthropic/requiresUserInteraction"] === true).map(({ name }) => name);
    expect(asked).toEqual(["belay_promote"]);
  });

  test("a page goes to the stage, and the answer is what the command line answers", async () => {
    await quay.world.write("studio/public/index.html", page("Berths are free."));
    await quay.world.write("studio/public/courses/knots.html", coursePage("2:00 PM"));
    const planned = await agent.call("belay_plan", { target: "staging" });
    const id = String(partOf(planned.fields, "id"));
    expect(planned.text).toContain(`belay_deploy {"target": "staging", "plan": "${id.slice(0, 12)}"}`);
    const done = await agent.call("belay_deploy", { target: "staging", plan: id, change: "First pages" });
    expect({ isError: done.isError, outcome: partOf(done.fields, "outcome"), error: done.text }).toMatchObject({
      isError: false,
      outcome: "confirmation-needed",
    });
    // A title makes another plan: the one that was seen is asked for again.
    const again = await agent.call("belay_deploy", { target: "staging", plan: id });
    expect(again.fields).toMatchObject({ format: 1, outcome: "applied", target: "staging", release: expect.stringMatching(/^r\d+$/u) });
    expect(quay.text("staging", "index.html")).toContain("Berths are free.");
    expect(partOf(await agent.call("belay_verify", { target: "staging" }), "fields", "outcome")).toBe("good");
  });

  test("status, diff, log and blame tell how things stand", async () => {
    await quay.world.write("studio/public/index.html", page("Berths are taken."));
    const status = await agent.call("belay_status", { target: "staging" });
    expect(status.fields).toMatchObject({ format: 1, target: "staging", summary: { ahead: 1 } });
    expect(status.text).toContain("ahead index.html");
    const all = await agent.call("belay_status");
    expect(partOf(all.fields, "targets")).toHaveLength(3);
    const diff = await agent.call("belay_diff", { target: "staging", paths: ["index.html"] });
    expect(partOf(diff.fields, "diffs", 0, "text")).toContain("+<p>Berths are taken.</p>");
    const log = await agent.call("belay_log", { limit: 5 });
    expect(log.fields).toMatchObject({ chain: "intact", entries: expect.any(Array) });
    expect(log.text).toContain("started staging by");
    const blame = await agent.call("belay_blame", { page: "index.html", target: "staging", match: "Berths" });
    expect(blame.fields).toMatchObject({ path: "index.html", ranges: [expect.any(Object)] });
  });

  test("whoever acts through the server is an agent, whatever the environment says", async () => {
    const log = await agent.call("belay_log", { limit: 50 });
    const entries = partOf(log.fields, "entries");
    const kinds = Array.isArray(entries) ? entries.map((entry: unknown) => partOf(entry, "actor", "kind")) : [];
    expect(new Set(kinds)).toEqual(new Set(["agent"]));
  });

  test("what live has and this copy lacks is refused, then pulled", async () => {
    quay.sandbox.s3.put("quay-staging", "index.html", Buffer.from(page("Berths are free until May.")), { "content-type": "text/html" });
    const refused = await agent.call("belay_deploy", { target: "staging" });
    expect(refused.fields).toMatchObject({ outcome: "needs-person" });
    expect(refused.text).toContain("D8");
    expect(quay.text("staging", "index.html")).toContain("until May");
    const pulled = await agent.call("belay_pull", { target: "staging", paths: ["index.html"], take: "live" });
    expect(pulled.fields).toMatchObject({ pulled: [{ path: "index.html", outcome: "took-live" }] });
    expect(await quay.world.read("studio/public/index.html")).toContain("until May");
  });

  test("a warning is left and listed, and no tool takes it back", async () => {
    const left = await agent.call("belay_warn_add", {
      paths: ["courses/knots.html"],
      note: "The harbour office\u001b[31m checks the date.",
    });
    const id = partOf(left.fields, "warning", "id");
    const listed = await agent.call("belay_warnings");
    expect(partOf(listed.fields, "warnings")).toMatchObject(expect.arrayContaining([expect.objectContaining({ id })]));
    expect(JSON.stringify(listed)).not.toContain(String.raw`\u001b`);
    expect((await agent.client.listTools()).tools.filter(({ name }) => /resolve|approve$|rollback|retire|install/u.test(name))).toEqual([]);
    const settled = await quay.person(["warn", "resolve", String(id), "--why", "the office has checked it"], "y\n");
    expect(settled.exit).toBe(0);
  });

  test("production is not deployed to, and nothing is promoted that nobody has signed", async () => {
    await quay.world.write("studio/public/index.html", page("Berths from June."));
    expect((await agent.call("belay_deploy", { target: "staging" })).fields).toMatchObject({ outcome: "applied" });
    const direct = await agent.call("belay_deploy", { target: "production" });
    expect(direct).toMatchObject({ isError: true, fields: { format: 1, error: { code: "person-needed" } } });
    expect(direct.text).toContain("belay_request_approval");
    const asked = await agent.call("belay_request_approval", { target: "production" });
    expect(asked.fields).toMatchObject({ outcome: "needs-person", id: expect.stringMatching(/^[0-9a-f]{64}$/u) });
    const id = String(partOf(asked.fields, "id"));
    expect(asked.text).toContain(`belay approve ${id.slice(0, 12)}`);
    const refused = await agent.call("belay_promote", { target: "production", plan: id });
    expect(refused.fields).toMatchObject({ outcome: "needs-person", refusals: [{ rule: "D8", code: "approval-missing" }] });
    expect(quay.text("production", "index.html")).toBe("");

    const signed = await quay.person(["approve", id.slice(0, 12)], "y\n");
    expect(signed).toMatchObject({ exit: 0 });
    expect((await agent.call("belay_request_approval", { target: "production" })).fields).toMatchObject({ outcome: "approved", id });
    expect(quay.text("production", "index.html")).toBe("");
    const promoted = await agent.call("belay_promote", { target: "production", plan: id });
    expect(promoted.fields).toMatchObject({ outcome: "applied", target: "production" });
    expect(quay.text("production", "index.html")).toContain("Berths from June.");
    const twice = await agent.call("belay_promote", { target: "production", plan: id });
    expect(partOf(twice.fields, "outcome")).not.toBe("applied");
  });

  test("a target after a stage that asks for no signatures still waits for a person", async () => {
    const asked = await agent.call("belay_request_approval", { target: "preview" });
    expect(asked.fields).toMatchObject({ outcome: "needs-person" });
    const id = String(partOf(asked.fields, "id"));
    expect(asked.text).toContain(`next: A person at a terminal runs: belay apply ${id.slice(0, 12)}`);
    expect(asked.text).not.toContain("belay approve");
    const refused = await agent.call("belay_promote", { target: "preview", plan: id });
    // The server holds it before the rule about agents alone does.
    expect(refused.fields).toMatchObject({ outcome: "needs-person", refusals: [{ rule: "D8", code: "approval-missing" }] });
    expect((await quay.person(["status", "preview", "--json"])).stdout).toContain('"new"');
    await expect(quay.world.read("srv/preview/index.html")).rejects.toThrow("ENOENT");
  });

  test("a record's systems are compared, and its correction is planned and not made", async () => {
    const audited = await agent.call("belay_audit", { kind: "course", record: "knots" });
    expect(audited.fields).toMatchObject({ kind: "course", records: [{ consistent: false }] });
    const kind = await agent.call("belay_audit", { kind: "course" });
    expect(kind.fields).toMatchObject({ summary: { records: 1, differ: 1 } });
    const open = await agent.call("belay_reconcile_plan", { kind: "course", record: "knots" });
    expect(partOf(open.fields, "questions")).not.toEqual([]);
    const planned = await agent.call("belay_reconcile_plan", {
      kind: "course",
      record: "knots",
      set: { start: "2027-06-05 15:00" },
      why: "the teacher said so",
    });
    expect(planned.fields).toMatchObject({ format: 1, id: expect.any(String), refusals: [] });
    expect(planned.text).toContain("belay apply");
    expect(quay.text("production", "courses/knots.html")).toContain("2:00 PM");
    const found = await agent.call("belay_find", { kind: "course", fields: { code: "knots" } });
    expect(found.fields).toMatchObject({ found: [{ pages: [expect.any(Object), expect.any(Object)] }] });
    expect((await agent.call("belay_claim", { kind: "course", fields: { code: "knots" } })).fields).toMatchObject({
      outcome: "refused",
      rule: "R9",
    });
    const claimed = await agent.call("belay_claim", { kind: "course", fields: { code: "splices", start: "2027-06-12 10:00" }, for: "30m" });
    expect(claimed.fields).toMatchObject({ outcome: "claimed" });
    const released = await agent.call("belay_claim", { kind: "course", release: String(partOf(claimed.fields, "claim", "record")) });
    expect(released.fields).toMatchObject({ outcome: "released" });
    expect((await agent.call("belay_tasks")).fields).toMatchObject({ tasks: [] });
  });

  test("plans, proofs, reports, warnings and the policy are read by address", async () => {
    const { resources } = await agent.client.listResources();
    const uris = resources.map(({ uri }) => uri);
    expect(uris).toEqual(expect.arrayContaining(["belay://warnings", "belay://policy"]));
    for (const family of ["plans", "proofs", "reports"]) expect(uris.some((uri) => uri.startsWith(`belay://${family}/`))).toBe(true);
    const { resourceTemplates } = await agent.client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      "belay://plans/{id}",
      "belay://proofs/{id}",
      "belay://reports/{id}",
    ]);
    for (const uri of uris) {
      const { contents } = await agent.client.readResource({ uri });
      const [first] = contents;
      expect(first && "text" in first ? JSON.parse(first.text) : undefined).toMatchObject({ format: 1 });
    }
    await expect(agent.client.readResource({ uri: "belay://plans/0123456789ab" })).rejects.toThrow("plan-unknown");
    await expect(agent.client.readResource({ uri: "belay://plans/..%2F..%2Fetc" })).rejects.toThrow(/not found/iu);
  });

  test("two prompts lead through the two jobs", async () => {
    const { prompts } = await agent.client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual(["publish_page", "correct_record"]);
    const { messages } = await agent.client.getPrompt({ name: "publish_page", arguments: { page: "index.html" } });
    expect(JSON.stringify(messages)).toContain("belay_request_approval");
    const record = await agent.client.getPrompt({ name: "correct_record", arguments: { kind: "course", record: "knots" } });
    expect(JSON.stringify(record.messages)).toContain("belay_reconcile_plan");
  });

  test("stdout carried the protocol alone, and stderr no stack", () => {
    expect(agent.stderr()).not.toMatch(/\n\s+at /u);
  });
});

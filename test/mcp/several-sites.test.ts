/** A belay.yaml with two sites, served to one agent. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openCliWorld, type CliWorld } from "../cli/cli-world.ts";
import { agentOver, partOf, startLines, type Agent } from "./mcp-world.ts";

const config = `version: 1
state: ../state
sites:
  main:
    root: public
    targets:
      staging: { store: dir:../srv/staging, guard: false }
      live: { store: dir:../srv/live, after: staging }
  blog:
    root: blog
    targets:
      staging: { store: dir:../srv/blog-staging, guard: false }
`;

describe("several sites", () => {
  let world: CliWorld;
  let agent: Agent;
  beforeAll(async () => {
    world = await openCliWorld();
    await world.write("studio/belay.yaml", config);
    await world.write("studio/public/index.html", "<p>Main</p>\n");
    await world.write("studio/blog/index.html", "<p>Blog</p>\n");
    for (const store of ["staging", "live", "blog-staging"]) await world.write(`srv/${store}/.keep`, "");
    agent = await agentOver(startLines(world, {}));
  });
  afterAll(async () => {
    await agent.close();
    await world.close();
  });

  test("without a site a call says which there are, and does nothing", async () => {
    const answer = await agent.call("belay_deploy", { target: "staging" });
    expect(answer).toMatchObject({ isError: true, fields: { error: { code: "usage" } } });
    expect(answer.text).toMatch(/main.*blog/u);
    await expect(world.read("srv/staging/index.html")).rejects.toThrow("ENOENT");
  });

  test("with one, its files go to its own target and to no other", async () => {
    const done = await agent.call("belay_deploy", { site: "blog", target: "staging" });
    expect(done.fields).toMatchObject({ outcome: "applied", site: "blog" });
    expect(await world.read("srv/blog-staging/index.html")).toBe("<p>Blog</p>\n");
    await expect(world.read("srv/staging/index.html")).rejects.toThrow("ENOENT");
    const seen = await agent.call("belay_status", { site: "main", target: "staging" });
    expect(seen.fields).toMatchObject({ site: "main", summary: { new: 1, same: 0 } });
  });

  test("a target of another site, and a site that is none, are answered with what there is", async () => {
    expect(await agent.call("belay_status", { site: "blog", target: "live" })).toMatchObject({
      isError: true,
      fields: { error: { code: "usage", message: expect.stringContaining("live") } },
    });
    const none = await agent.call("belay_status", { site: "shop" });
    expect(none).toMatchObject({ isError: true, fields: { error: { code: "usage" } } });
    expect(none.text).toContain("shop");
  });

  test("the record of a site holds its own entries and none of another", async () => {
    const log = await agent.call("belay_log", { site: "blog", limit: 10 });
    expect(JSON.stringify(partOf(log.fields, "entries"))).toContain('"blog"');
    expect(JSON.stringify(partOf(log.fields, "entries"))).toContain('"applied"');
    expect(JSON.stringify(partOf((await agent.call("belay_log", { site: "main", limit: 10 })).fields, "entries"))).not.toContain(
      '"applied"',
    );
  });
});

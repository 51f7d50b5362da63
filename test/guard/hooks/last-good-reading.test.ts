/** What goes on binding where belay.yaml is gone or broken, and belay's own program as the hook runs it. */

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openGuards, type GuardOptions } from "../../../src/compose/open-guard.ts";
import type { AgentCall } from "../../../src/core/guard/agent-call.ts";
import type { Answer } from "../../../src/operations/guard/answer.ts";
import { answerCalls } from "../../../src/operations/guard/answer-call.ts";
import { type HookWorld, openHookWorld } from "./hook-world.ts";

const yaml = `version: 1
site:
  root: site
  targets:
    staging: { store: "s3://tide-staging", guard: false }
    production: { store: "dir:../PLACE-live", after: staging }
    mirror: { store: "s3://tide-mirror", after: staging }
`;
const write = "aws s3 cp site/index.html s3://tide-mirror/index.html";
let world: HookWorld;
let live: string;

beforeEach(() => {
  world = openHookWorld();
  live = `${world.folder}-live`;
  writeConfig(yaml);
});
afterEach(() => world.remove());

const writeConfig = (text: string): void => writeFileSync(join(world.folder, "belay.yaml"), text.replace("../PLACE-live", live));

async function answer(call: AgentCall, more: Partial<GuardOptions> = {}): Promise<Answer> {
  const options = { env: {}, homeFolder: "/home/ann", version: "1.0.0", now: () => 0, needsRules: false, ...more };
  const guards = await openGuards([world.folder], options);
  const session = { agent: "claude", id: "s", cwd: world.folder } as const;
  return await answerCalls(
    { session, calls: [call], canAsk: true },
    guards.map(({ bench }) => bench),
  );
}

const run = async (command: string, more: Partial<GuardOptions> = {}): Promise<string> => {
  const said = await answer({ kind: "shell", dialect: "bash", command, cwd: world.folder }, more);
  return said.kind === "deny" ? said.text : said.kind;
};

const edit = (path: string): AgentCall => ({ kind: "files", changes: [{ path, verb: "write", after: "version: 1\n" }] });

describe("where belay.yaml was read once", () => {
  beforeEach(async () => {
    await run("true");
  });

  it("and is gone, what it guarded is refused, and all else passes", async () => {
    rmSync(join(world.folder, "belay.yaml"));
    const refused = await run(write);
    expect(refused).toContain("belay.yaml is not as it was");
    expect(refused).not.toContain("Instead:");
    expect(await run(`cp site/index.html ${live}/index.html`)).toContain("Refused by belay");
    expect(await run("echo x > site/index.html && aws s3 cp site/x s3://tide-staging/x")).toBe("pass");
    expect(await answer(edit(join(world.folder, "belay.yaml")), { needsRules: true })).toMatchObject({ kind: "deny" });
    expect(await answer(edit(join(world.folder, "site/index.html")), { needsRules: true })).toMatchObject({ kind: "pass" });
  });

  it("and is broken, folders of its targets outside of its own are still guarded", async () => {
    writeConfig(yaml.replace("store:", "stoer:"));
    const refused = await run(`cp site/index.html ${live}/index.html`);
    expect(refused).toContain("belay.yaml is not as it was");
    expect(refused).toMatch(/^A person can: put belay\.yaml right/mu);
    expect(await run("cp site/index.html /tmp/elsewhere.html")).toBe("pass");
  });

  it("and was taken away with .belay, nothing is guarded", async () => {
    rmSync(join(world.folder, "belay.yaml"));
    rmSync(join(world.folder, ".belay"), { recursive: true });
    expect(await run(write)).toBe("pass");
  });
});

describe("belay's own program, wherever it lies,", () => {
  const programFolder = "/srv/tools/belay/dist";

  it.each([
    `echo 'exit 0' > ${programFolder}/guard.sh`,
    `cp /dev/null ${programFolder}/guard.cjs`,
    `sed -i '1iexit 0' ${programFolder}/guard.sh`,
    "rm -rf /srv/tools/belay",
    `mv ${programFolder} ${programFolder}2`,
    `rm -f ${programFolder}/guard*`,
    `rm -rf ${programFolder}/*`,
    `chmod -x ${programFolder}/guard.sh`,
    `cd /srv/tools/belay && rm -rf dist`,
  ])("is not changed by %s", async (command) => {
    expect(await run(command, { programFolder })).toContain("belay's own program");
    expect(await run(command)).not.toContain("belay's own program");
  });

  it("is not edited, and is read", async () => {
    const change: AgentCall = { kind: "files", changes: [{ path: `${programFolder}/guard.sh`, verb: "write", after: "exit 0" }] };
    expect(await answer(change, { programFolder, needsRules: true })).toMatchObject({ kind: "deny" });
    for (const command of [`cat ${programFolder}/guard.sh`, "ls -R /srv/tools/belay", "touch /srv/tools/belay/notes.txt"])
      expect(await run(command, { programFolder })).toBe("pass");
  });

  it("is built anew in its own repository", async () => {
    mkdirSync(join(world.folder, "dist"));
    expect(await run("cp guard.sh dist/guard.sh && rm -rf dist", { programFolder: join(world.folder, "dist") })).toBe("pass");
  });
});

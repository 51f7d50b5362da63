/** While belay.yaml is broken nobody knows what is guarded; what holds the guard up is held fast all the same. */

import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { AgentCall } from "../../../src/core/guard/agent-call.ts";
import { judgeCall } from "../../../src/operations/guard/judge-call.ts";
import type { GuardBench } from "../../../src/operations/guard/guard-bench.ts";
import { EditWorld, told } from "./edit-world.ts";

const world = new EditWorld();
const link = `${world.folder}-link`;
afterAll(() => {
  rmSync(link, { force: true });
  world.end();
});

const bench: GuardBench = {
  ...world.bench,
  scope: { ...world.bench.scope, buckets: [], distributions: [], folders: [], sites: [] },
  unreadable: "line 3: no such key",
  effectsOfPowershell: async () => await Promise.resolve([]),
  effectsOfCode: async () => await Promise.resolve([]),
};
const judge = async (call: AgentCall): Promise<string> => told(await judgeCall(call, world.session, bench));
const edit = (path: string): AgentCall => ({ kind: "files", changes: [{ path, verb: "write", after: "{}\n" }] });
const run = (command: string): AgentCall => ({ kind: "shell", dialect: "bash", command, cwd: world.folder });

describe("with a belay.yaml that cannot be read", () => {
  it.each([
    ["/home/nobody/.config/belay/belay.sh", "deny guard-touched"],
    ["/home/nobody/.claude/settings.json", "deny guard-touched"],
    ["/home/nobody/.aws/credentials", "deny credentials-touched"],
    ["/home/nobody/elsewhere/notes.txt", "allow"],
  ])("%s is answered as ever by file tools, and by the shell", async (path, verdict) => {
    expect([await judge(edit(path)), await judge(run(`echo x > ${path}`))]).toEqual([verdict, verdict]);
  });

  it("what lies below its folder is not written, by links neither", async () => {
    symlinkSync(world.folder, link);
    expect(await judge(edit(world.path("public/a.html")))).toBe("deny unreadable-input");
    expect(await judge(edit(join(link, "public/a.html")))).toBe("deny unreadable-input");
    expect(await judge(run("aws s3 cp a s3://anything/"))).toBe("deny unreadable-input");
    expect(await judge(run("aws s3 ls s3://anything/"))).toBe("allow");
  });
});

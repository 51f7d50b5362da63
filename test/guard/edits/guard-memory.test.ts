import { appendFileSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openGuardMemory } from "../../../src/adapters/disk/guard-memory.ts";
import type { AgentSession } from "../../../src/core/guard/agent-call.ts";
import type { GuardMemory } from "../../../src/ports/guard-memory.ts";

const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), "belay-memory-"));
  folders.push(made);
  return made;
};
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});

const claude: AgentSession = { agent: "claude", id: "4f0c", cwd: "/work" };
const nameless: AgentSession = { agent: "cursor", id: "", cwd: "/work" };
const minute = 60_000;
// Files carry the time of this machine, by which old ones are told.
const noon = Math.floor(Date.now());

function clocked(at: string): { readonly memory: GuardMemory; readonly clock: { now: number } } {
  const clock = { now: noon };
  return { clock, memory: openGuardMemory({ folder: at, now: () => clock.now }) };
}

describe("the guard's memory", () => {
  it("has a session begin at first contact, and go on from there in other processes", () => {
    const at = folder();
    const { memory, clock } = clocked(at);
    expect(memory.session(claude).startedAtMs).toBe(noon);
    clock.now += 30 * minute;
    memory.begin(claude);
    expect(clocked(at).memory.session(claude).startedAtMs).toBe(noon);
    clock.now += 30 * minute;
    expect(memory.session({ ...claude, id: "other" }).startedAtMs).toBe(clock.now);
    expect(memory.session({ ...claude, agent: "codex" }).startedAtMs).toBe(clock.now);
  });

  it("counts refusals by intent, also those of hooks that ran at once", () => {
    const at = folder();
    const [one, other] = [clocked(at), clocked(at)];
    one.memory.session(claude);
    other.memory.session(claude);
    one.memory.noteDenied(claude, "write bucket a");
    other.memory.noteDenied(claude, "write bucket a");
    other.memory.noteDenied(claude, "edit page b");
    expect(one.memory.session(claude).denied.map(({ intent, times }) => [intent, times])).toEqual([
      ["write bucket a", 2],
      ["edit page b", 1],
    ]);
    expect(one.memory.session({ ...claude, id: "other" }).denied).toEqual([]);
  });

  it("remembers which pages a session made, and that it was asked for a note", () => {
    const { memory, clock } = clocked(folder());
    memory.session(claude);
    clock.now += minute;
    memory.noteCreated(claude, "/site/new.html");
    memory.noteAskedForNote(claude);
    expect(memory.session(claude)).toMatchObject({ created: ["/site/new.html"], askedForNoteAtMs: noon + minute });
  });

  it("takes an agent without session ids for a new one when it says so, and after an hour of silence", () => {
    const { memory, clock } = clocked(folder());
    memory.session(nameless);
    memory.noteDenied(nameless, "write bucket a");
    clock.now += 50 * minute;
    expect(memory.session(nameless)).toMatchObject({ startedAtMs: noon, denied: [{ times: 1 }] });
    clock.now += 11 * minute;
    expect(memory.session(nameless)).toEqual({ startedAtMs: clock.now, denied: [], created: [] });
    clock.now += minute;
    memory.begin(nameless);
    expect(memory.session(nameless).startedAtMs).toBe(clock.now);
  });

  it("has a session whose file is damaged begin now, so that nothing counts as seen", () => {
    const at = folder();
    const { memory, clock } = clocked(at);
    memory.session(claude);
    const [name = ""] = readdirSync(at);
    writeFileSync(join(at, name), '{"kind":"begun","atM');
    clock.now += 30 * minute;
    expect(memory.session(claude).startedAtMs).toBe(clock.now);
    writeFileSync(join(at, name), `{"kind":"begun","atMs":${clock.now + 5 * minute}}\n`);
    expect(memory.session(claude).startedAtMs).toBe(clock.now);
  });

  it("passes over lines that it does not know", () => {
    const at = folder();
    const { memory } = clocked(at);
    memory.session(claude);
    const [name = ""] = readdirSync(at);
    appendFileSync(join(at, name), '\n{"kind":"denied","atMs":1}\n{"kind":"forgiven","atMs":1,"intent":"x"}\n17\n');
    memory.noteDenied(claude, "x");
    expect(memory.session(claude).denied).toEqual([{ intent: "x", times: 1, lastAtMs: noon }]);
  });

  it("forgets sessions of long ago when a new one begins, and no file of anybody else", () => {
    const at = folder();
    const { memory } = clocked(at);
    memory.session(claude);
    const [old = ""] = readdirSync(at);
    const monthAgo = new Date(noon - 31 * 24 * 60 * minute);
    utimesSync(join(at, old), monthAgo, monthAgo);
    writeFileSync(join(at, "notes.txt"), "mine");
    utimesSync(join(at, "notes.txt"), monthAgo, monthAgo);
    memory.session({ ...claude, id: "next" });
    expect(readdirSync(at)).not.toContain(old);
    expect(readdirSync(at)).toContain("notes.txt");
  });

  it("never fails where it cannot write, and then every call is a first one", () => {
    const at = folder();
    writeFileSync(join(at, "taken"), "");
    const { memory, clock } = clocked(join(at, "taken"));
    memory.session(claude);
    memory.noteDenied(claude, "x");
    clock.now += minute;
    expect(memory.session(claude)).toEqual({ startedAtMs: clock.now, denied: [], created: [] });
  });
});

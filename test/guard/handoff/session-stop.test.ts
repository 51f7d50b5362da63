import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openGuardMemory } from "../../../src/adapters/disk/guard-memory.ts";
import { openLookBook } from "../../../src/adapters/disk/look-book.ts";
import { sha256OfText } from "../../../src/adapters/shared/sha256.ts";
import { openHandOff } from "../../../src/compose/guard-hand-off.ts";
import { openPlainWorkbench } from "../../../src/compose/plain-workbench.ts";
import { guardScopeOf } from "../../../src/config/guard-scope.ts";
import { parseConfig } from "../../../src/config/load-config.ts";
import { asRevision } from "../../../src/core/brand.ts";
import type { Actor } from "../../../src/core/ledger/entry.ts";
import type { Warning } from "../../../src/core/ledger/fold.ts";
import { sessionStart } from "../../../src/operations/guard/session-start.ts";
import { sessionStop } from "../../../src/operations/guard/session-stop.ts";
import { handOffBench, nowMs, session } from "./hand-off-world.ts";

const ana: Actor = { name: "Ana", kind: "agent", proof: "claimed", from: "test" };
const stopping = { session, isRepeated: false };
const noted = (openedAtMs: number, more: Partial<Warning> = {}): Warning => ({
  id: "w1",
  site: "default",
  paths: ["a.html"],
  text: "half done",
  openedAt: new Date(openedAtMs).toISOString(),
  by: ana,
  ...more,
});

describe("the end of a session", () => {
  it("asks for a note with the command and the paths where work is published nowhere", async () => {
    const unpublished = ["a.html", "b c.html", "c.html", "d.html", "e.html", "f.html", "g.html"];
    const looks = [
      { atMs: nowMs - 60_000, site: "default", target: "production", unseen: [{ path: "z.html", lineage: "behind" as const }] },
    ];
    const answer = await sessionStop(stopping, handOffBench({ state: {}, unpublished, looks }));
    const text = answer.kind === "ask" ? answer.text : "";
    expect(text).toContain("7 files changed here and published nowhere: a.html, b c.html, c.html, d.html, e.html and 2 more.");
    expect(text).toContain("  belay warn add a.html 'b c.html' c.html d.html e.html --note");
    expect(text).toContain("Live holds what this copy has not seen on 1 file: z.html.");
    expect(text).toContain("belay deploy staging");
  });

  it("asks once, and not where the agent was held already", async () => {
    const bench = handOffBench({ state: {}, unpublished: ["a.html"] });
    expect(await sessionStop({ ...stopping, isRepeated: true }, bench)).toEqual({ kind: "silent" });
    expect((await sessionStop(stopping, bench)).kind).toBe("ask");
    expect(await sessionStop(stopping, bench)).toEqual({ kind: "silent" });
  });

  it("is silent where nothing was changed, also where live holds unseen work", async () => {
    const looks = [
      { atMs: nowMs - 60_000, site: "default", target: "production", unseen: [{ path: "z.html", lineage: "behind" as const }] },
    ];
    expect(await sessionStop(stopping, handOffBench({ state: {}, looks }))).toEqual({ kind: "silent" });
  });

  it("is silent where a note was left in this session, and not for an older one or one that belay wrote itself", async () => {
    const unpublished = ["a.html"];
    const told = async (warning: Warning): Promise<string> =>
      (await sessionStop(stopping, handOffBench({ state: { warnings: [warning] }, unpublished }))).kind;
    expect(await told(noted(nowMs - 60_000))).toBe("silent");
    expect(await told(noted(nowMs - 2 * 3_600_000))).toBe("ask");
    expect(await told(noted(nowMs - 60_000, { text: "written on production by another hand than belay's" }))).toBe("ask");
    expect(await told(noted(nowMs - 60_000, { id: "e1" }))).toBe("ask");
  });
});

const yaml = `version: 1
site:
  root: public
  targets:
    staging: { store: "dir:../staging", guard: false }
    production: { store: "dir:../production", after: staging }
`;
const folders: string[] = [];
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});

/** A working copy on disk whose files were all seen at production, as long ago as `ageMs`. */
async function copyOnDisk(
  count: number,
): Promise<{ readonly root: string; readonly open: () => ReturnType<typeof openHandOff>; readonly clock: { now: number } }> {
  const top = mkdtempSync(join(tmpdir(), "belay-stop-"));
  folders.push(top);
  const folder = join(top, "copy");
  const root = join(folder, "public");
  const config = parseConfig(yaml, join(folder, "belay.yaml"));
  const old = new Date(Date.now() - 3 * 3_600_000);
  const entries = new Map<
    string,
    {
      digest: ReturnType<typeof sha256OfText>;
      revision: ReturnType<typeof asRevision>;
      sizeBytes: number;
      headers: object;
      at: string;
      how: "same";
    }
  >();
  for (let at = 0; at < count; at += 1) {
    const key = `d${at % 50}/p${at}.html`;
    mkdirSync(join(root, `d${at % 50}`), { recursive: true });
    writeFileSync(join(root, key), `page ${at}`);
    utimesSync(join(root, key), old, old);
    entries.set(key, { digest: sha256OfText(`page ${at}`), revision: asRevision("1"), sizeBytes: 6, headers: {}, at: "", how: "same" });
  }
  const bench = await openPlainWorkbench(config, undefined, { env: {} });
  await bench.base.save("production", new Map([...entries].map(([key, entry]) => [key, { ...entry, headers: {} }])), {
    signal: new AbortController().signal,
  });
  // Status changes of files cannot be set back, so the session begins after they were made.
  const clock = { now: Date.now() + 5000 };
  const open = (): ReturnType<typeof openHandOff> =>
    openHandOff(
      config,
      {
        scope: guardScopeOf(config),
        memory: openGuardMemory({ folder: join(folder, ".belay/guard/sessions"), now: () => clock.now }),
        looks: openLookBook({ folder: join(folder, ".belay") }),
        now: () => clock.now,
      },
      {},
    );
  return { root, open, clock };
}

/** As if it were written in the session. */
function touch(path: string, text: string, atMs: number): void {
  writeFileSync(path, text);
  utimesSync(path, new Date(atMs), new Date(atMs));
}

describe("the end of a session, on disk", () => {
  it("finds what differs from every target, what was taken away, and nothing that was only touched", async () => {
    const { root, open, clock } = await copyOnDisk(60);
    await sessionStart(session, open());
    expect(await sessionStop(stopping, open())).toEqual({ kind: "silent" });
    clock.now += 60_000;
    touch(join(root, "d1/p1.html"), "page 1", clock.now);
    expect(await sessionStop(stopping, open())).toEqual({ kind: "silent" });
    touch(join(root, "d2/p2.html"), "changed", clock.now);
    touch(join(root, "d2/new.html"), "new", clock.now);
    touch(join(root, "d2/.draft"), "not published", clock.now);
    rmSync(join(root, "d3/p3.html"));
    utimesSync(join(root, "d3"), new Date(clock.now), new Date(clock.now));
    const answer = await sessionStop(stopping, open());
    expect(answer.kind === "ask" && answer.text.split("\n")[0]).toBe(
      "belay: this session leaves 3 files changed here and published nowhere: d2/new.html, d2/p2.html, d3/p3.html.",
    );
  });

  it("is told from the working copy alone within a moment, also for ten thousand files", async () => {
    const { root, open, clock } = await copyOnDisk(Number(process.env["BELAY_STOP_FILES"] ?? 300));
    await sessionStart(session, open());
    clock.now += 60_000;
    touch(join(root, "d2/p2.html"), "changed", clock.now);
    const started = performance.now();
    expect((await sessionStop(stopping, open())).kind).toBe("ask");
    expect(performance.now() - started).toBeLessThan(5000);
    if (process.env["BELAY_STOP_FILES"] !== undefined) process.stderr.write(`stop: ${Math.round(performance.now() - started)} ms\n`);
  });
});

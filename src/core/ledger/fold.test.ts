import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asDigest } from "../brand.ts";
import type { Actor, Entry, EntryBody } from "./entry.ts";
import { emptyState, fold, targetState, tokensOf, type LedgerState } from "./fold.ts";

const actor: Actor = { name: "ines", kind: "person", proof: "claimed", from: "git user.email" };
const agent: Actor = { ...actor, name: "bot", kind: "agent" };
const about = { actor, site: "default", target: "staging" } as const;
const planA = asDigest("a".repeat(64));
const planB = asDigest("b".repeat(64));
const hashOf = (seq: number): ReturnType<typeof asDigest> => asDigest(seq.toString(16).padStart(64, "0"));
const atOf = (seq: number): string => new Date(Date.UTC(2031, 4, 20, 14, 0, seq)).toISOString();

const asEntry = (body: EntryBody, seq: number): Entry => ({
  ...body,
  format: 1,
  seq,
  at: atOf(seq),
  prev: hashOf(seq - 1),
  nonce: "0".repeat(16),
});

/** The state after these entries, numbered from 1. */
const folded = (...bodies: readonly EntryBody[]): LedgerState =>
  bodies.reduce((state, body, index) => fold(state, asEntry(body, index + 1), hashOf(index + 1)), emptyState);

const started = (more: Partial<Extract<EntryBody, { kind: "started" }>> = {}): EntryBody => ({
  ...about,
  kind: "started",
  plan: planA,
  intent: "deploy",
  title: "summer hours",
  release: "r1",
  files: 1,
  tokens: [],
  ...more,
});
const ended = (more: Partial<Extract<EntryBody, { kind: "ended" }>> = {}): EntryBody => ({
  ...about,
  kind: "ended",
  plan: planA,
  as: "applied",
  release: "r1",
  exceptions: [],
  stagingInvalidation: "none (no CDN)",
  productionInvalidation: "none (not this target)",
  ...more,
});
const baseline = (tokens: readonly string[] = []): Extract<EntryBody, { kind: "baseline" }> => ({
  ...about,
  kind: "baseline",
  files: 3,
  same: 2,
  tokens,
});
const warned = (warning: string, paths: readonly string[]): EntryBody => ({
  actor: agent,
  kind: "warned",
  site: "default",
  warning,
  paths,
  text: "production is newer than the repository",
});
const resolved = (warning: string, paths: readonly string[], how: "pull" | "person" = "pull"): EntryBody => ({
  actor,
  kind: "resolved",
  site: "default",
  warning,
  paths,
  how,
  why: "seen",
});
const merged = (paths: readonly string[], attended: boolean): EntryBody => ({ ...about, actor: agent, kind: "merged", paths, attended });

const stagingOf = (state: LedgerState): ReturnType<typeof targetState> => targetState(state, "default", "staging");

describe("fold: a target's plans", () => {
  test("a target that nothing was said about is empty", () => {
    expect(targetState(emptyState, "default", "staging")).toEqual({ basis: null, open: null, releases: [], hasBaseline: false, found: [] });
  });

  test("a baseline is a basis and opens nothing", () => {
    expect(stagingOf(folded(baseline()))).toEqual({
      basis: { seq: 1, hash: hashOf(1) },
      open: null,
      releases: [],
      hasBaseline: true,
      found: [],
    });
  });

  test("a started plan is open, owned from its own entry, and is the basis", () => {
    const { open, basis } = stagingOf(folded(baseline(), started({ commit: "c1" })));
    expect(open).toEqual({
      plan: planA,
      release: "r1",
      intent: "deploy",
      title: "summer hours",
      by: actor,
      at: atOf(2),
      commit: "c1",
      ownedSince: 2,
      undoing: false,
      isQuiet: true,
    });
    expect(basis).toEqual({ seq: 2, hash: hashOf(2) });
  });

  test("whoever adopts a plan owns it from that entry, and the basis stays", () => {
    const state = folded(started(), { ...about, kind: "adopted", isQuiet: true, plan: planA, why: "finish" });
    expect(stagingOf(state)).toMatchObject({ basis: { seq: 1 }, open: { ownedSince: 2, undoing: false } });
  });

  test("a plan that is being undone says so until it ends, and is adopted as such", () => {
    const undoing: EntryBody = { ...about, kind: "undoing", plan: planA, why: "undo" };
    const state = folded(started(), undoing, { ...about, kind: "adopted", isQuiet: true, plan: planA, why: "put-back" });
    expect(stagingOf(state).open).toMatchObject({ undoing: true, ownedSince: 3 });
  });

  test("adopting or undoing where nothing is open opens nothing", () => {
    const state = folded(
      { ...about, kind: "adopted", isQuiet: true, plan: planA, why: "" },
      { ...about, kind: "undoing", plan: planA, why: "" },
    );
    expect(stagingOf(state).open).toBeNull();
  });

  test("an end closes the plan and lists its release, the newest first, with who ended it and what it left", () => {
    const state = folded(
      started({ commit: "c1" }),
      ended({ snapshot: "staging/then" }),
      started({ plan: planB, release: "r3", title: "winter hours", intent: "restore" }),
      ended({ plan: planB, release: "r3", as: "stopped", actor: agent, exceptions: [{ path: "a.html", what: "left-to-stranger" }] }),
    );
    expect(stagingOf(state)).toEqual({
      basis: { seq: 4, hash: hashOf(4) },
      open: null,
      hasBaseline: false,
      found: [],
      releases: [
        { id: "r3", plan: planB, title: "winter hours", intent: "restore", at: atOf(4), by: agent, as: "stopped", exceptions: ["a.html"] },
        {
          id: "r1",
          plan: planA,
          title: "summer hours",
          intent: "deploy",
          at: atOf(2),
          by: actor,
          commit: "c1",
          as: "applied",
          exceptions: [],
          snapshot: "staging/then",
        },
      ],
    });
  });

  test("the end of another plan closes nothing and lists nothing", () => {
    const state = stagingOf(folded(started(), ended({ plan: planB, release: "r9" })));
    expect(state.open?.plan).toBe(planA);
    expect(state.releases).toEqual([]);
  });

  test("targets and sites are kept apart", () => {
    const state = folded(started(), ended({ target: "production" }), ended({ site: "other" }));
    expect(stagingOf(state).open).not.toBeNull();
    expect(targetState(state, "other", "staging").open).toBeNull();
  });

  test("only the newest two hundred releases are kept", () => {
    const entries = Array.from({ length: 203 }, (_, index) => [started({ release: `r${index}` }), ended({ release: `r${index}` })]);
    const { releases } = stagingOf(folded(...entries.flat()));
    expect(releases).toHaveLength(200);
    expect(releases[0]?.id).toBe("r202");
  });
});

describe("fold: warnings and merges", () => {
  test("a warning stands until the last of its paths is covered", () => {
    const first = folded(warned("w1", ["a.html", "b.html"]));
    expect(first.warnings).toEqual([
      {
        id: "w1",
        site: "default",
        paths: ["a.html", "b.html"],
        text: "production is newer than the repository",
        openedAt: atOf(1),
        by: agent,
      },
    ]);
    const partly = fold(first, asEntry(resolved("w1", ["b.html", "c.html"]), 2), hashOf(2));
    expect(partly.warnings.map(({ paths }) => paths)).toEqual([["a.html"]]);
    expect(fold(partly, asEntry(resolved("w1", ["a.html"]), 3), hashOf(3)).warnings).toEqual([]);
  });

  test("resolving one warning leaves the others, on the same paths too", () => {
    const state = folded(warned("w1", ["a.html"]), warned("w2", ["a.html"]), resolved("w1", ["a.html"], "person"));
    expect(state.warnings.map(({ id }) => id)).toEqual(["w2"]);
  });

  test("a merge that nobody watched waits under its entry's number, a watched one does not", () => {
    const state = folded(merged(["b.html"], true), merged(["a.html"], false));
    expect(state.unseenMerges).toEqual([{ id: "m2", site: "default", target: "staging", paths: ["a.html"], by: agent, at: atOf(2) }]);
  });

  test("a merge is cleared by a resolve that names it, and by nothing else", () => {
    const waiting = [merged(["a.html"], false), merged(["a.html"], false), warned("w3", ["a.html"])] as const;
    expect(folded(...waiting, resolved("w3", ["a.html"])).unseenMerges.map(({ id }) => id)).toEqual(["m1", "m2"]);
    expect(folded(...waiting, resolved("m2", ["a.html"], "person")).unseenMerges.map(({ id }) => id)).toEqual(["m1"]);
    expect(folded(...waiting, started(), ended()).unseenMerges).toHaveLength(2);
  });
});

describe("fold: feature tokens", () => {
  test("tokens of a baseline and of every apply are in force, once each", () => {
    expect(tokensOf(folded(baseline(["B"]), started({ tokens: ["A", "B"] })), "default")).toEqual(["A", "B"]);
  });

  test("a token that an apply does not know any more stays in force", () => {
    expect(tokensOf(folded(started({ tokens: ["A"] }), ended(), started({ tokens: [] })), "default")).toEqual(["A"]);
  });

  test("retiring takes one token of one site out of force", () => {
    const retire: EntryBody = { actor, kind: "token-retired", site: "default", token: "A", why: "the offer ended" };
    const other: EntryBody = { ...baseline(["A"]), site: "other" };
    const state = folded(baseline(["A", "B"]), other, retire);
    expect(tokensOf(state, "default")).toEqual(["B"]);
    expect(tokensOf(state, "other")).toEqual(["A"]);
  });

  test.each(["constructor", "__proto__", "toString"])("a site called %s has the tokens it was given", (site) => {
    expect(tokensOf(emptyState, site)).toEqual([]);
    expect(tokensOf(folded({ ...baseline(["A"]), site }), site)).toEqual(["A"]);
  });
});

test("every state survives being saved as JSON, and no entry changes the state before it", () => {
  const bodies = fc.constantFrom<EntryBody>(
    baseline(["A"]),
    started({ tokens: ["B"] }),
    ended(),
    ended({ as: "undone" }),
    { ...about, kind: "adopted", isQuiet: true, plan: planA, why: "finish" },
    { ...about, kind: "undoing", plan: planA, why: "undo" },
    warned("w1", ["a.html", "b/"]),
    resolved("w1", ["a.html"]),
    merged(["a.html"], false),
    { actor, kind: "token-retired", site: "default", token: "A", why: "over" },
  );
  fc.assert(
    fc.property(fc.array(bodies, { maxLength: 12 }), (all) => {
      let state = emptyState;
      for (const [index, body] of all.entries()) {
        const before = JSON.stringify(state);
        const next = fold(state, asEntry(body, index + 1), hashOf(index + 1));
        expect(JSON.stringify(state)).toBe(before);
        expect(JSON.parse(JSON.stringify(next))).toEqual(next);
        expect(next.head).toEqual({ seq: index + 1, hash: hashOf(index + 1) });
        state = next;
      }
    }),
  );
});

import { describe, expect, test } from "vitest";
import { asDigest, type Digest } from "../brand.ts";
import { judgeLineage, type HistoryPlaces, type Lineage, type LineageFacts } from "./judge-lineage.ts";
import { placeIn } from "./place-in-history.ts";

const digestOf = (letter: string): Digest => asDigest(letter.repeat(64));

interface Case {
  readonly claim: string;
  /** One letter a content; `-` where there is none. */
  readonly local: string;
  readonly live: string;
  readonly base?: string;
  /** Contents that were live at this target before, as letters. */
  readonly wasLive?: string;
  readonly brought?: string;
  /** Versions, newest first, as letters. */
  readonly git?: string;
  readonly ledger?: string;
  readonly store?: string;
  readonly isCommitAncestor?: boolean;
  /** `kind proof`, with `+n` for the number of versions. */
  readonly is: string;
}

/** Proof by commit is off unless a line says so. */
function judged({ local, live, base = "-", wasLive = "", brought = "", git, ledger, store, isCommitAncestor = false }: Case): string {
  const held = (letter: string): Digest | undefined => (letter === "-" ? undefined : digestOf(letter));
  const places = (source: HistoryPlaces["source"], history: string): HistoryPlaces => {
    const [ofLocal, ofLive, ofBase] = [local, live, base].map((letter) => placeIn(history.split(""), letter));
    return { source, ...(ofLocal && { local: ofLocal }), ...(ofLive && { live: ofLive }), ...(ofBase && { base: ofBase }) };
  };
  const facts: LineageFacts = {
    local: held(local),
    live: held(live),
    base: held(base),
    wasLive: new Set(wasLive.split("").map(digestOf)),
    isKept: false,
    brought: new Set(brought.split("").map(digestOf)),
    histories: [
      ...(ledger === undefined ? [] : [places("ledger", ledger)]),
      ...(store === undefined ? [] : [places("store", store)]),
      ...(git === undefined ? [] : [places("git", git)]),
    ],
    liveCommitIsAncestor: isCommitAncestor,
  };
  return said(judgeLineage(facts));
}

const said = (lineage: Lineage | undefined): string =>
  lineage ? `${lineage.kind} ${lineage.proof}${lineage.versions === undefined ? "" : ` +${lineage.versions}`}` : "nothing";

const equality: readonly Case[] = [
  { claim: "equal bytes are same, whatever was seen", local: "A", live: "A", base: "B", wasLive: "A", is: "same bytes" },
  { claim: "equal bytes are same without a base", local: "A", live: "A", is: "same bytes" },
  { claim: "a path that is nowhere is nothing to speak of", local: "-", live: "-", base: "A", is: "nothing" },
];

const storeVersions: readonly Case[] = [
  {
    claim: "bytes that the bucket held before live's are behind, base or none",
    local: "A",
    live: "C",
    store: "CBA",
    is: "behind store +2",
  },
  { claim: "a fresh base does not launder them", local: "A", live: "C", base: "C", store: "CBA", is: "behind store +2" },
  {
    claim: "bytes that git holds after live's as well were brought back on purpose",
    local: "A",
    live: "B",
    base: "B",
    store: "BA",
    git: "ABA",
    is: "ahead base",
  },
  { claim: "the bucket alone never proves an edit to come after live", local: "X", live: "B", store: "BA", is: "unknown none" },
  {
    claim: "of an edit upon an earlier version it tells how far live has gone on",
    local: "X",
    live: "C",
    base: "A",
    store: "CBA",
    is: "diverged base +2",
  },
];

const absence: readonly Case[] = [
  { claim: "a file that only this copy has is new", local: "A", live: "-", is: "new none" },
  { claim: "a file deleted here that live still has as last seen is removed", local: "-", live: "A", base: "A", is: "removed base" },
  { claim: "a file that only live has was never here: behind", local: "-", live: "A", is: "behind none" },
  { claim: "a file deleted here and changed on live diverged", local: "-", live: "B", base: "A", is: "diverged base" },
  { claim: "an untouched file that live has lost is behind", local: "A", live: "-", base: "A", is: "behind base" },
  { claim: "a changed file that live has lost diverged", local: "B", live: "-", base: "A", is: "diverged base" },
  { claim: "bytes that live had and lost do not come back as new", local: "A", live: "-", wasLive: "AB", is: "behind ledger" },
  { claim: "other bytes at a path that live once had are new", local: "C", live: "-", wasLive: "AB", is: "new none" },
];

const ahead: readonly Case[] = [
  { claim: "an edit of what was last seen is ahead by base", local: "B", live: "A", base: "A", is: "ahead base" },
  { claim: "committed bytes over an earlier commit are ahead by git", local: "B", live: "A", git: "BA", is: "ahead git" },
  { claim: "an uncommitted edit over any commit of HEAD's history is ahead by git", local: "X", live: "A", git: "CBA", is: "ahead git" },
  { claim: "bytes that the ledger has after live's are ahead by ledger", local: "B", live: "A", ledger: "BA", is: "ahead ledger" },
  { claim: "a publisher's commit inside HEAD makes local ahead", local: "X", live: "L", isCommitAncestor: true, is: "ahead commit" },
  {
    claim: "with an older base, live's later commit is proof by git",
    local: "C",
    live: "B",
    base: "A",
    git: "CBA",
    is: "ahead git",
  },
];

const behind: readonly Case[] = [
  { claim: "untouched bytes are behind once live went on, by base", local: "A", live: "B", base: "A", is: "behind base" },
  { claim: "versions are counted where a history tells", local: "A", live: "C", base: "A", ledger: "CBA", is: "behind base +2" },
  {
    claim: "bytes that a release brought and a stranger replaced are behind, with a fresh base too",
    local: "A",
    live: "B",
    base: "B",
    brought: "A",
    is: "behind ledger",
  },
  { claim: "bytes that were live before are behind by ledger", local: "A", live: "B", wasLive: "A", ledger: "BA", is: "behind ledger +1" },
  {
    claim: "bytes that were live before are behind although the base is fresh",
    local: "A",
    live: "C",
    base: "C",
    wasLive: "AB",
    ledger: "CBA",
    is: "behind ledger +2",
  },
  { claim: "an older commit's bytes are behind by git", local: "A", live: "C", git: "CBA", is: "behind git +2" },
  {
    claim: "an older commit's bytes are behind by git although the base is fresh",
    local: "A",
    live: "C",
    base: "C",
    git: "CBA",
    is: "behind git +2",
  },
  {
    claim: "a publisher's commit inside HEAD does not excuse an old version",
    local: "A",
    live: "B",
    wasLive: "A",
    isCommitAncestor: true,
    is: "behind ledger",
  },
];

const diverged: readonly Case[] = [
  { claim: "changed on both sides is diverged", local: "X", live: "L", base: "A", is: "diverged base" },
  { claim: "versions that live went on by are counted", local: "X", live: "C", base: "A", ledger: "CBA", is: "diverged base +2" },
  {
    claim: "live put back to before the base is diverged, not ahead",
    local: "D",
    live: "A",
    base: "C",
    git: "DCBA",
    is: "diverged base",
  },
  {
    claim: "a base that git does not know proves no descent",
    local: "C",
    live: "A",
    base: "U",
    git: "CBA",
    is: "diverged base",
  },
];

const putBack: readonly Case[] = [
  {
    claim: "live that was put back to an earlier content does not make an edit ahead by commit",
    local: "X",
    live: "A",
    base: "B",
    wasLive: "AB",
    isCommitAncestor: true,
    is: "diverged base",
  },
  { claim: "nor by git, without a base", local: "C", live: "A", wasLive: "AB", git: "CBA", is: "unknown none" },
  { claim: "nor by the ledger", local: "C", live: "A", wasLive: "AB", ledger: "CABA", is: "unknown none" },
  { claim: "a base that saw it put back does", local: "C", live: "A", base: "A", wasLive: "AB", is: "ahead base" },
];

const unknown: readonly Case[] = [
  { claim: "other bytes on live that nothing knows are unknown", local: "X", live: "L", is: "unknown none" },
  { claim: "a history that knows local alone proves nothing", local: "A", live: "L", git: "BA", is: "unknown none" },
  { claim: "an edit that the ledger does not know is not proven by it", local: "X", live: "B", ledger: "BA", is: "unknown none" },
];

const reverts: readonly Case[] = [
  {
    claim: "A→B→A in git proves A neither old nor new: unknown without a base",
    local: "A",
    live: "B",
    git: "ABA",
    is: "unknown none",
  },
  { claim: "A→B→A in git with B as base is an edit like any other", local: "A", live: "B", base: "B", git: "ABA", is: "ahead base" },
  {
    claim: "A→B→A in git is behind all the same when A was live before B",
    local: "A",
    live: "B",
    base: "B",
    git: "ABA",
    wasLive: "A",
    is: "behind ledger",
  },
  {
    claim: "live reverted to A in the ledger leaves B behind",
    local: "B",
    live: "A",
    base: "B",
    wasLive: "AB",
    ledger: "ABA",
    is: "behind base +1",
  },
  {
    claim: "git that went from B back to A and on to C proves C ahead of A",
    local: "C",
    live: "A",
    base: "B",
    git: "CABA",
    is: "ahead git",
  },
  {
    claim: "histories that disagree prove no staleness",
    local: "B",
    live: "A",
    base: "A",
    git: "BA",
    ledger: "AB",
    is: "ahead base",
  },
];

describe.each([
  ["equality", equality],
  ["absence on either side", absence],
  ["ahead", ahead],
  ["behind", behind],
  ["diverged", diverged],
  ["live put back on purpose", putBack],
  ["unknown", unknown],
  ["reverts", reverts],
  ["versions that the store keeps", storeVersions],
])("judgeLineage: %s", (_, cases) => {
  test.each(cases)("$claim", (one) => {
    expect(judged(one)).toBe(one.is);
  });
});

describe("judgeLineage", () => {
  test("never calls a path ahead whose bytes were live before, whatever else is claimed", () => {
    const letters = ["-", "A", "B", "C"];
    const pairs = letters.slice(1).flatMap((local) => letters.filter((letter) => letter !== local).map((live) => ({ local, live })));
    const situations = pairs.flatMap((pair) =>
      letters.flatMap((base) =>
        ["ABC", "CBA", "ABA", "BAB", ""].flatMap((git) =>
          [true, false].map((isCommitAncestor): Case => ({ claim: "", is: "", ...pair, base, git, isCommitAncestor, wasLive: pair.local })),
        ),
      ),
    );
    for (const situation of situations) expect(judged(situation)).toMatch(/^(?:behind|diverged) /u);
    expect(situations).toHaveLength(360);
  });

  test("never calls a path ahead without a base, a history or a commit to prove it", () => {
    for (const live of ["A", "-"]) expect(judged({ claim: "", local: "B", live, is: "" })).not.toMatch(/^ahead/u);
  });
});

import { expect, test } from "vitest";
import { callsOf, openIncident, atCall, problems, run, runUntilDone, wordOf, written, type Variant } from "./incident-run.ts";
import type { Fate, PortCall } from "./port-store.ts";

/** Every call in the soak; else the calls that write to a system or to the record of what was done, and some of the others. */
const isSoak = process.env["BELAY_SOAK"] === "1";
const others = isSoak ? 1 : 31;

const isWrite = ({ verb }: PortCall): boolean => verb === "write" || verb === "remove";
const isWeighty = (call: PortCall): boolean =>
  isWrite(call) && call.place !== "own" && call.place !== "snapshots" && (call.place !== "state" || call.key.startsWith("ledger/"));

interface Outcome {
  readonly at: string;
  readonly first: string;
  readonly later: readonly string[];
  readonly wrong: readonly string[];
  readonly twice: readonly string[];
}

async function interruptedAt(variant: Variant, at: number, fate: Fate): Promise<Omit<Outcome, "at">> {
  const stage = openIncident(variant);
  stage.hand = atCall(at, () => fate);
  const first = wordOf(await run(stage));
  stage.hand = () => "go";
  const later = await runUntilDone(stage);
  const wrong = await problems(stage, variant);
  const all = written(stage);
  const settled = stage.landings.length;
  expect(wordOf(await run(stage))).toBe("nothing-to-do");
  expect(written(stage)).toEqual(all);
  expect(stage.landings.slice(settled).flatMap(({ place, key }) => (place === "state" ? [key] : []))).toEqual([]);
  return { first, later, wrong, twice: all.filter((one, index) => all.indexOf(one) !== index) };
}

async function everywhere(variant: Variant, fate: Fate, isChosen: (call: PortCall, index: number) => boolean): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [index, call] of (await callsOf(variant)).entries()) {
    if (!isChosen(call, index)) continue;
    outcomes.push({ at: `${index} ${call.place} ${call.verb} ${call.key}`, ...(await interruptedAt(variant, index, fate)) });
  }
  expect(outcomes.length).toBeGreaterThan(3);
  return outcomes;
}

const isBad = ({ later, wrong, twice }: Outcome): boolean => wrong.length > 0 || twice.length > 0 || later.at(-1) !== "nothing-to-do";
const bad = (outcomes: readonly Outcome[]): readonly Outcome[] => outcomes.filter(isBad);
/** Every nth of the calls that are meant, whatever stands between them. */
function every(nth: number, isMeant: (call: PortCall) => boolean): (call: PortCall) => boolean {
  let met = 0;
  return (call) => {
    if (!isMeant(call)) return false;
    met += 1;
    return met % nth === 1;
  };
}

const sampled = (call: PortCall, index: number): boolean => isWeighty(call) || index % others === 0;

test(
  "pitfall 32: a reconcile whose process dies before any port call is finished by the next run, each edit made once",
  { timeout: 3_600_000 },
  async () => {
    const outcomes = await everywhere("plain", "die", sampled);
    expect(bad(outcomes)).toEqual([]);
    expect(outcomes.every(({ first }) => first === "died")).toBe(true);
  },
);

test("pitfall 32: so is one that dies once a write has landed and before it hears of it", { timeout: 3_600_000 }, async () => {
  expect(bad(await everywhere("plain", "die-after", isSoak ? isWrite : every(2, isWeighty)))).toEqual([]);
});

const isSampled = (call: PortCall, index: number): boolean => isSoak || (isWeighty(call) ? index % 4 === 0 : index % 97 === 0);

test(
  "with a stage, approvals and a calendar that rewrites what it is sent, a death at any call leaves nothing half done",
  { timeout: 3_600_000 },
  async () => {
    expect(bad(await everywhere("guarded", "die", isSampled))).toEqual([]);
    expect(bad(await everywhere("guarded", "die-after", isSoak ? isWrite : every(5, isWeighty)))).toEqual([]);
  },
);

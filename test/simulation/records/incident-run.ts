/** The incident's booking, one reconcile of it, and what every system must hold afterwards. */

import { redirectPage } from "../../../src/core/records/redirect-page.ts";
import type { Answer } from "../../../src/core/records/decide.ts";
import { reconcile, type ReconcileRequest, type ReconcileResult } from "../../../src/operations/records/reconcile.ts";
import { booking, event, incident, richPage } from "../../scenarios/records/records-world.ts";
import { People } from "../people.ts";
import type { Hand, Landing, PortCall } from "./port-store.ts";
import { RecordsStage, type Ended, type StageOptions } from "./records-stage.ts";

export const sunset = "g/2026-05-30-jonah-sunset.html";
export const afternoon = "g/2026-05-30-jonah-afternoon.html";

const half3: Answer = { field: "start", value: { kind: "moment", time: "15:30" }, because: "Mara: guest called" };
export const decided: ReconcileRequest = { named: "S2FJLN", answers: [half3], keep: sunset, deletes: false, leave: [] };

/** The rich page as it must be: these texts, and not one byte more. */
export const corrected: string = richPage
  .replace("2026-05-30T16:30:00-07:00", "2026-05-30T15:30:00-07:00")
  .replace("2026-05-30T19:30:00-07:00", "2026-05-30T18:30:00-07:00")
  .replace("<b>4:30</b>&ndash;<i>7:30</i>", "<b>3:30</b>&ndash;<i>6:30</i>")
  .replace("arrive at 4:00 PM", "arrive at 3:00 PM")
  .replace("2026-06-02T03:00:00Z", "2026-06-02T02:00:00Z");

/** Without the hour at which it was written. */
export const unstamped = (ics: string): string => ics.replace(/DTSTAMP:\d{8}T\d{6}Z/u, "DTSTAMP:").replace(/X-SERVER:\d+\r\n/gu, "");

const afterEvent = unstamped(event)
  .replace("20260530T163000", "20260530T153000")
  .replace("20260530T193000", "20260530T183000")
  .replace("SEQUENCE:1", "SEQUENCE:2");

const variants = {
  plain: {},
  /** A stage before production, approvals, and a calendar that writes lines of its own into what it is sent. */
  guarded: { production: { after: "staging", approvals: 1 } as const, isNormalised: true },
} as const;
export type Variant = keyof typeof variants;

let servers = 0;
const stampedByServer = (bytes: Uint8Array): Uint8Array => {
  const text = unstamped(new TextDecoder().decode(bytes)).replace("DTSTAMP:", "DTSTAMP:20310101T000000Z");
  servers += 1;
  return new TextEncoder().encode(text.replace("END:VEVENT", `X-SERVER:${servers}\r\nEND:VEVENT`));
};

export function openIncident(variant: Variant, more: Partial<StageOptions> = {}): RecordsStage {
  const options = variants[variant];
  return new RecordsStage({
    kind: booking,
    held: incident,
    ...("production" in options && { production: options.production, people: new People(["mara"]) }),
    ...("isNormalised" in options && { normalise: { calendar: stampedByServer } }),
    ...more,
  });
}

const asked = { ask: async () => await Promise.resolve(undefined), confirm: async () => await Promise.resolve("go" as const) };
export const run = async (stage: RecordsStage, request: ReconcileRequest = decided): Promise<Ended<ReconcileResult>> =>
  await stage.run(async (bench, context) => await reconcile(bench, request, asked, context));

/** `done`, `conflict`, `nothing-to-do`, `failed: store-unreachable`, `died`. */
export function wordOf(ended: Ended<ReconcileResult>): string {
  if (ended.kind === "died") return "died";
  if (ended.kind === "answered") return ended.answer.kind === "carried" ? ended.answer.carried.kind : ended.answer.kind;
  const { error } = ended;
  const code =
    error instanceof Error && "code" in error
      ? String(error.code)
      : `crashed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  return `failed: ${code}`;
}

/** Runs again until nothing is left to do; names what each run came to. */
export async function runUntilDone(stage: RecordsStage, request: ReconcileRequest = decided): Promise<readonly string[]> {
  const words: string[] = [];
  for (let turn = 0; turn < 6; turn += 1) {
    const word = wordOf(await run(stage, request));
    words.push(word);
    if (word === "nothing-to-do") return words;
  }
  return words;
}

const isSystem = ({ place }: Pick<Landing, "place">): boolean => !["state", "own", "snapshots", "folder"].includes(place);

/** What belay has written to systems, in order: `place key`. */
export const written = ({ landings }: RecordsStage): readonly string[] =>
  landings.filter(isSystem).map(({ place, key }) => `${place} ${key}`);

/** What is not as it must be once all is done: nothing, if all is well. */
export async function problems(stage: RecordsStage, variant: Variant): Promise<readonly string[]> {
  const redirect = new TextDecoder().decode(redirectPage(`/${sunset}`));
  const wanted: Record<string, string | undefined> = {
    [`pages ${sunset}`]: corrected,
    [`pages ${afternoon}`]: redirect,
    "pages g/_template.html": incident["pages"]?.["g/_template.html"],
    "record S2FJLN": (incident["record"]?.["S2FJLN"] ?? "").replace("jonah-afternoon", "jonah-sunset"),
    "calendar charter-1.ics": afterEvent,
    "listing l/1": incident["listing"]?.["l/1"],
    ...(variant === "guarded" && {
      [`staging ${sunset}`]: corrected,
      [`staging ${afternoon}`]: redirect,
      "staging g/_template.html": incident["pages"]?.["g/_template.html"],
    }),
  };
  const found: string[] = [];
  const held = await stage.everything();
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(held)])) {
    const space = name.indexOf(" ");
    const text = await stage.textAt(name.slice(0, space), name.slice(space + 1));
    const seen = name.startsWith("calendar") && text !== undefined ? unstamped(text) : text;
    if (seen !== wanted[name]) found.push(`${name} holds ${JSON.stringify(seen)}`);
  }
  return [...found, ...orderProblems(stage), ...(await recordProblems(stage))];
}

/** What stays is right before anything points to it, and it is pointed to before anything leads there. */
function orderProblems(stage: RecordsStage): string[] {
  const order = written(stage);
  const pairs = [
    [`pages ${sunset}`, "record S2FJLN"],
    ["calendar charter-1.ics", "record S2FJLN"],
    ["record S2FJLN", `pages ${afternoon}`],
  ] as const;
  return pairs.flatMap(([first, then]) => (order.indexOf(first) < order.lastIndexOf(then) ? [] : [`${then} was written before ${first}`]));
}

async function recordProblems(stage: RecordsStage): Promise<string[]> {
  const state = await stage.ledger();
  const open = Object.entries(state.targets).flatMap(([name, target]) => (target.open ? [`${name} is open`] : []));
  const tasks = state.records?.tasks.length === 1 ? [] : [`there are ${state.records?.tasks.length ?? 0} tasks`];
  const reports = (state.records?.decisions ?? []).flatMap(({ report, reconcile: id }) =>
    report === undefined ? [`${id} has no report`] : [],
  );
  return [...open, ...tasks, ...reports];
}

/** Every call of one undisturbed run, in order: the same each time. */
export async function callsOf(variant: Variant): Promise<readonly PortCall[]> {
  const stage = openIncident(variant);
  const calls: PortCall[] = [];
  stage.hand = (call) => {
    calls.push(call);
    return "go";
  };
  await run(stage);
  return calls;
}

/** Spoils one call, counted from zero over all processes. */
export function atCall(at: number, spoil: Hand): Hand {
  let calls = 0;
  return (call, process) => {
    calls += 1;
    return calls === at + 1 ? spoil(call, process) : "go";
  };
}

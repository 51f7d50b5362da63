/** D1 before the edit (decision 6), and R9 for pages to be: what is said to changes below a site's folder. */

import type { AgentSession, FileChange } from "../../core/guard/agent-call.ts";
import { dayOf, since } from "../../core/guard/edits/since.ts";
import { sightOf, type PagePlace, type SessionTime, type Sight } from "../../core/guard/edits/is-seen.ts";
import { keyUnder } from "../../core/guard/edits/key-under.ts";
import type { Look } from "../../core/guard/edits/look.ts";
import { plainLine } from "../../core/guard/plain-line.ts";
import type { GuardedSite } from "../../core/guard/scope.ts";
import { allowed, type Verdict } from "../../core/guard/verdict.ts";
import { quoted } from "../../core/deploy/rules/d1-seen.ts";
import type { KnownRecord } from "../../core/records/known-record.ts";
import type { FilesBench } from "./files-bench.ts";

/** A changed file that belay would publish. */
interface Page {
  readonly change: FileChange;
  readonly site: GuardedSite;
  readonly key: string;
  readonly isNew: boolean;
}

interface Unseen extends PagePlace {
  readonly sight: Sight;
  readonly verb: FileChange["verb"];
}

/** So many paths stand in the command that has them looked at. */
const pathsNamedMax = 5;

export async function judgePages(changes: readonly FileChange[], session: AgentSession, bench: FilesBench): Promise<Verdict> {
  const pages = changes.flatMap((change) => pagesAt(change, bench));
  if (pages.length === 0) return allowed;
  const { startedAtMs, created } = bench.memory.session(session);
  const time: SessionTime = { startedAtMs, nowMs: bench.now() };
  const looks = bench.looks.all();
  const unseen = pages.flatMap((page) => unseenAt(page, { time, looks, created: new Set(created) }));
  const [first] = unseen;
  if (first) return denyUnseen(first, unseen, { bench, time });
  for (const { change, site, key, isNew } of pages) {
    if (!isNew || change.after === undefined || change.verb === "delete") continue;
    const known = bench.scope.hasRecords ? await bench.recordOfPage?.(site, key, change.after) : undefined;
    if (known) return denyKnown(known, key, bench);
    bench.memory.noteCreated(session, change.path);
  }
  return allowed;
}

/** By its own name, and by where links lead: a page is one under each of them. */
function pagesAt(change: FileChange, bench: FilesBench): readonly Page[] {
  const real = bench.realPath(change.path);
  return bench.scope.sites.flatMap((site): readonly Page[] => {
    if (site.liveTargets.length === 0) return [];
    const keys = [keyUnder(site.root, change.path), keyUnder(bench.realPath(site.root), real)];
    return [...new Set(keys)].flatMap((key) =>
      key === undefined || key === "" || !bench.isPublished(site, key) ? [] : [{ change, site, key, isNew: !bench.isThere(change.path) }],
    );
  });
}

interface Seeing {
  readonly time: SessionTime;
  readonly looks: readonly Look[];
  readonly created: ReadonlySet<string>;
}

/** A page that nobody made yet, or that this session made, has nothing live to be seen, unless a look has found something there. */
function unseenAt({ change, site, key, isNew }: Page, { time, looks, created }: Seeing): readonly Unseen[] {
  return site.liveTargets.flatMap((target): readonly Unseen[] => {
    const place = { site: site.name, target, path: key };
    const sight = sightOf(place, time, looks);
    const isMade = isNew || created.has(change.path);
    const isHeld = sight.found !== undefined && sight.found.isGone !== true;
    return sight.isSeen || (isMade && !isHeld) ? [] : [{ ...place, sight, verb: change.verb }];
  });
}

interface Denying {
  readonly bench: FilesBench;
  readonly time: SessionTime;
}

function denyUnseen(first: Unseen, all: readonly Unseen[], { bench, time }: Denying): Verdict {
  const alike = all.filter(
    ({ site, target, sight }) => site === first.site && target === first.target && wayTo(sight) === wayTo(first.sight),
  );
  const paths = [...new Set(alike.map(({ path }) => path))];
  const others = paths.length === 1 ? "" : ` and ${paths.length - 1} more ${paths.length === 2 ? "page" : "pages"}`;
  const option = bench.scope.sites.length > 1 ? ` --site ${quoted(first.site)}` : "";
  const named = paths.slice(0, pathsNamedMax).map(quoted).join(" ");
  return {
    kind: "deny",
    rule: "D1",
    code: "not-seen-live",
    what: `this session has not seen ${plainLine(first.path)}${others} live at ${first.target}, and is about to ${first.verb === "delete" ? "delete" : "change"} ${paths.length === 1 ? "it" : "them"}`,
    intent: `edit page ${first.path}`,
    instead: `belay ${wayTo(first.sight)} ${first.target} ${named}${option}`,
    person: `see what live holds: \`belay diff ${first.target} ${quoted(first.path)}${option}\``,
    known: knownOf(first, time.nowMs),
  };
}

/** What was taken away here on purpose is not brought back by a pull; it is shown. */
const wayTo = ({ found }: Sight): "pull" | "diff" => (found?.lineage === "removed" ? "diff" : "pull");

function knownOf({ target, sight: { newest, found } }: Unseen, nowMs: number): string {
  if (!newest) return `nothing on this machine says what ${target} holds there; a pull shows it`;
  const when = `at the last look, ${since(newest.atMs, nowMs)},`;
  if (!found)
    return `${when} ${newest.isCut === true ? `most of ${target} was unknown to this copy` : "nothing newer stood there; this session has not looked since"}`;
  if (found.isGone === true) return `${when} ${target} did not hold it any more`;
  const by = found.liveBy === undefined ? "" : ` by ${plainLine(found.liveBy).slice(0, 24)}`;
  const at = found.liveAtMs === undefined ? "" : ` of ${dayOf(found.liveAtMs)}`;
  const release = found.release === undefined ? "" : ` (${plainLine(found.release).slice(0, 12)})`;
  return `${when} ${words[found.lineage]}${at}${by}${release}`;
}

const words = {
  behind: "live was newer than the copy here: a version",
  diverged: "live and the copy here had both changed; live's is a version",
  unknown: "live held a version that nothing ties to the copy here,",
  removed: "the file was gone here while live held a version",
} as const;

function denyKnown(known: KnownRecord, key: string, bench: FilesBench): Verdict {
  const subject = `${plainLine(known.kind)} ${plainLine(known.record)}`;
  const base = { kind: "deny", rule: "R9", code: "record-exists", intent: `create page for ${subject}` } as const;
  if (known.is === "claim") {
    return {
      ...base,
      what: `${plainLine(key)} would show ${subject}, which ${plainLine(known.by)} is making until ${dayOf(Date.parse(known.until))}`,
      instead: `belay find ${quoted(known.kind)}`,
      person: "agree with whoever claimed it",
    };
  }
  const { page, from } = known;
  const option =
    bench.scope.sites.length > 1 ? ` --site ${quoted(bench.scope.sites.find(({ targets }) => targets.includes(page.at))?.name ?? "")}` : "";
  return {
    ...base,
    what: `${plainLine(key)} would show ${subject}, which has a page already: ${plainLine(page.url ?? page.key)}`,
    ...(from === "target" && { instead: `belay pull ${page.at} ${quoted(page.key)}${option}` }),
    person: "say that it is another record, and make its page",
    ...(known.evidence[0] !== undefined && { known: plainLine(known.evidence[0]) }),
  };
}

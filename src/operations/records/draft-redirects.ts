/** A duplicate is replaced by a page that leads to the one that stays; deletion is asked for, and only where nothing links to it. */

import { bodyOf, bytesOf } from "../../core/body.ts";
import type { Digest, Revision } from "../../core/brand.ts";
import type { Change, Content, Refusal } from "../../core/plan/plan.ts";
import type { Survivor } from "../../core/records/decision.ts";
import { systemNamed, type RecordSystem } from "../../core/records/kind.ts";
import { redirectPage } from "../../core/records/redirect-page.ts";
import { urlPathOf } from "../../core/paths/key.ts";
import { urlPathPrefix, type Target } from "../../core/site.ts";
import type { Context } from "../workbench.ts";
import { changedWhileLooking, lineCountsOf, type Draft, type DraftFacts } from "./draft.ts";
import { names } from "../../core/records/pointer-text.ts";
import type { RecordPlace, RecordsBench } from "./records-bench.ts";
import { scanLinks } from "./scan-links.ts";
import { visitorPaths } from "./visitor-paths.ts";

export async function draftRedirects(records: RecordsBench, facts: DraftFacts, draft: Draft, context: Context): Promise<void> {
  for (const survivor of facts.survivors) {
    const system = systemNamed(records.kind, survivor.system);
    if (!system || system.isReadOnly || system.medium !== "pages") continue;
    const place = await records.placeOf(system);
    const stage = place.bench.site.targets.find(({ name }) => name === place.target.after);
    if (survivor.how === "delete") draft.refusals.push(...(await refuseLinked(records, { system, survivor, facts }, context)));
    for (const key of survivor.replace) {
      const own = facts.entity.sightings.filter(({ at, system: name }) => at.key === key && name === system.name);
      const sighted = own[0]?.revision;
      const common = { records, place, key, keep: survivor.keep, how: survivor.how, system: system.name, sighted };
      const paths = ownPaths(system, { key, keep: survivor.keep }, facts.entity.sightings);
      const replaced = await draftOne({ ...common, target: place.target, paths }, draft, context);
      if (stage && replaced) await draftOne({ ...common, target: stage, paths: [], sighted: undefined, as: replaced }, draft, context);
    }
  }
}

/** A short code that both have leads to the one that stays, and is purged and looked at with that. */
function ownPaths(
  system: RecordSystem,
  { key, keep }: { readonly key: string; readonly keep: string },
  sightings: DraftFacts["entity"]["sightings"],
): readonly string[] {
  const kept = new Set(visitorPaths(system, keep, sightings));
  const own = sightings.filter(({ at, system: name }) => at.key === key && name === system.name);
  return visitorPaths(system, key, own).filter((path) => !kept.has(path));
}

interface Deleting {
  readonly system: RecordSystem;
  readonly survivor: Survivor;
  readonly facts: DraftFacts;
}

/** Guests and search engines follow links that nobody remembers: what a page of the site still leads to is not deleted. */
async function refuseLinked(
  records: RecordsBench,
  { system, survivor: { replace, keep }, facts: { entity } }: Deleting,
  context: Context,
): Promise<Refusal[]> {
  const pages = replace.map((key) => ({ key, paths: ownPaths(system, { key, keep }, entity.sightings) }));
  const scan = await scanLinks(records, { system, pages }, context);
  return replace.flatMap((key): Refusal[] => {
    const { linking = [], unread = [] } = scan.get(key) ?? {};
    // Another system of the record may link as well: an event's description.
    const linked = [...new Set([...linkedBy(entity, key, replace), ...linking])];
    if (linked.length > 0) return [stillLinked(key, `${shown(linked)} still leads there`)];
    return unread.length === 0 ? [] : [stillLinked(key, `whether ${shown(unread)} leads there cannot be seen`)];
  });
}

const shownMax = 5;
const shown = (keys: readonly string[]): string =>
  `${keys.slice(0, shownMax).join(", ")}${keys.length > shownMax ? ` and ${keys.length - shownMax} more` : ""}`;

/** Objects of the record that lead to it. */
const linkedBy = ({ sightings }: DraftFacts["entity"], key: string, going: readonly string[]): string[] =>
  sightings.filter(({ at, links = [] }) => !going.includes(at.key) && links.some((link) => names(link, key))).map(({ at }) => at.key);

const stillLinked = (key: string, why: string): Refusal => ({
  rule: "R3",
  code: "still-linked",
  paths: [key],
  message: `${key} would be deleted, and ${why}`,
  remedy: "Leave out --delete: a redirect takes its place then.",
});

/** The stage's own work is not taken for the duplicate that lies on the target: nobody has looked at it. */
const stageDiffers = (stage: Target, target: Target, key: string): Draft["refusals"][number] => ({
  rule: "R3",
  code: "stage-differs",
  paths: [key],
  message: `${stage.name} holds another ${key} than ${target.name}, and a redirect would take its place there`,
  remedy: `belay promote ${target.name}   (takes it along first, or put ${stage.name} back: belay rollback ${stage.name})`,
});

interface Replacing {
  readonly records: RecordsBench;
  readonly place: RecordPlace;
  readonly target: Target;
  readonly key: string;
  readonly keep: string;
  readonly how: "redirect" | "delete";
  readonly system: string;
  readonly paths: readonly string[];
  /** The revision that was taken for a duplicate; absent of the stage's copy, which must hold the bytes of `as`. */
  readonly sighted: Revision | undefined;
  readonly as?: Digest;
}

/** Answers the digest of what is replaced. */
async function draftOne(
  { records, place, target, key, keep, how, system, paths, sighted, as }: Replacing,
  draft: Draft,
  context: Context,
): Promise<Digest | undefined> {
  const store = await place.bench.storeOf(target.store);
  const reading = await store.read(key, context);
  if (!reading) return undefined;
  const { headers = {}, sizeBytes, revision } = reading.observed;
  // Whatever it has become since, nobody has said that it is a duplicate.
  if (sighted !== undefined && sighted !== revision) {
    draft.refusals.push(changedWhileLooking(system, key, "changed"));
    return undefined;
  }
  const prior: Content = { digest: reading.body.digest, sizeBytes, headers };
  const at = { store: target.store, key };
  const expect = { kind: "unchanged", revision } as const;
  const bytes = redirectPage(`${urlPathPrefix(target)}${urlPathOf(keep)}`);
  const body = bodyOf(bytes, records.home.runtime.sha256(bytes));
  const content: Content = { digest: body.digest, sizeBytes: bytes.byteLength, headers: withoutEncoding(headers) };
  if (how === "redirect" && content.digest === prior.digest) return prior.digest;
  if (as !== undefined && as !== prior.digest) {
    draft.refusals.push(stageDiffers(target, place.target, key));
    return undefined;
  }
  const change: Change = how === "delete" ? { kind: "delete", at, expect, prior } : { kind: "replace", at, expect, content, prior };
  draft.writes.push({
    wave: "redirects",
    system,
    change,
    because: how === "delete" ? `the same record as ${keep}` : `leads to ${keep}`,
    site: place.bench.site.name,
    target,
    paths,
    isNormalised: false,
    lines: lineCountsOf(await bytesOf(reading.body), how === "delete" ? new Uint8Array() : bytes),
  });
  if (how === "redirect") draft.bodies.push(body);
  return prior.digest;
}

/** The redirect is written as it is, whatever the page before was packed with. */
const withoutEncoding = (headers: Content["headers"]): Content["headers"] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== "content-encoding"));

/** A record that points to a page which does not stay points to the one that does, in the form in which it was written (decision 36). */

import type { Replace } from "../../core/plan/plan.ts";
import type { Sighting } from "../../core/records/claim.ts";
import { isPlaceNamed } from "../../core/records/claims/field-places.ts";
import { bytesOf } from "../../core/body.ts";
import type { Edit, RecordDocument } from "../../core/records/document.ts";
import { systemNamed, type RecordSystem } from "../../core/records/kind.ts";
import { keyProblem } from "../../core/paths/key.ts";
import { keyMeant, names, sameForm } from "../../core/records/pointer-text.ts";
import type { Context } from "../workbench.ts";
import { changedWhileLooking, type Draft, type DraftFacts } from "./draft.ts";
import type { RecordsBench } from "./records-bench.ts";
import { sealEdits } from "./seal-edits.ts";
import { visitorPaths } from "./visitor-paths.ts";

interface Named {
  readonly system: string;
  readonly key: string;
}

interface Turn {
  readonly sighting: Sighting;
  readonly system: RecordSystem;
  readonly at: string;
  readonly raw: string;
  readonly to: string;
  /** The page that it leads to then. */
  readonly page: Named;
}

export async function draftPointers(records: RecordsBench, facts: DraftFacts, draft: Draft, context: Context): Promise<void> {
  for (const { named, ...turn } of turnsOf(records, facts)) {
    if (named !== undefined && (await isThere(records, named, context))) continue;
    if (await draftTurn(records, turn, draft, context)) await draftTurned(records, turn.page, { facts, draft }, context);
  }
}

/** Short codes that lead to the page, with what visitors get there once every correction has landed. */
async function draftTurned(
  records: RecordsBench,
  page: Named,
  { facts, draft }: { readonly facts: DraftFacts; readonly draft: Draft },
  context: Context,
): Promise<void> {
  const system = systemNamed(records.kind, page.system);
  if (system?.medium !== "pages") return;
  const paths = visitorPaths(system, page.key, facts.entity.sightings);
  const { bench, target } = await records.placeOf(system);
  const at = { store: target.store, key: page.key };
  const isDone = draft.turned.some((one) => one.at.store === at.store && one.at.key === at.key);
  if (isDone || paths.length === 0 || (target.cdn === undefined && target.url === undefined)) return;
  const corrected = draft.writes.find(({ change }) => change.at.store === at.store && change.at.key === at.key)?.change;
  const digest =
    corrected && corrected.kind !== "delete"
      ? corrected.content.digest
      : (await (await bench.storeOf(target.store)).read(page.key, context))?.body.digest;
  if (digest === undefined) return;
  draft.turned.push({ at, digest, system: system.name, site: bench.site.name, target: target.name, paths });
}

/** What no listing showed may be there all the same: a pointer is taken for dangling once the page was asked for by its name. */
async function isThere(records: RecordsBench, { system: name, key }: Named, context: Context): Promise<boolean> {
  const system = systemNamed(records.kind, name);
  if (!system || keyProblem(key) !== undefined) return false;
  const { bench, target } = await records.placeOf(system);
  return (await (await bench.storeOf(target.store)).read(key, context)) !== undefined;
}

/** Pointers whose page is replaced, or that name no page while the record has exactly one. */
function turnsOf({ kind }: RecordsBench, { entity, survivors }: DraftFacts): (Turn & { readonly named?: Named })[] {
  return entity.sightings.flatMap((sighting) => {
    const system = systemNamed(kind, sighting.system);
    if (!system || system.isReadOnly) return [];
    return (sighting.points ?? []).flatMap(({ at, to, raw }): (Turn & { readonly named?: Named })[] => {
      const keys = entity.sightings.filter((one) => one.system === to && one.isTemplate !== true).map((one) => one.at.key);
      const survivor = survivors.find((one) => one.system === to);
      const stays = survivor?.keep ?? (keys.length === 1 ? keys[0] : undefined);
      if (stays === undefined || names(raw, stays)) return [];
      const isReplaced = survivor?.replace.some((key) => names(raw, key)) === true;
      const isDangling = !keys.some((key) => names(raw, key));
      const turn = { sighting, system, at, raw, to: sameForm(raw, stays), page: { system: to, key: stays } };
      if (isReplaced) return [turn];
      return isDangling ? [{ ...turn, named: { system: to, key: keyMeant(raw, stays) } }] : [];
    });
  });
}

/** Whether it will be turned. */
async function draftTurn(records: RecordsBench, turn: Turn, draft: Draft, context: Context): Promise<boolean> {
  const { sighting, system, at, raw, to } = turn;
  const { bench, target } = await records.placeOf(system);
  const store = await bench.storeOf(target.store);
  const { key } = sighting.at;
  const address = { store: target.store, key };
  const corrected = draft.writes.find(({ change }) => change.at.store === target.store && change.at.key === key)?.change;
  const reading = await store.read(key, context);
  // What the wave before has written is what this one edits.
  const before = bodyOfChange(draft, corrected) ?? reading?.body;
  const headers = reading?.observed.headers ?? {};
  const codec = records.codecOf(system);
  const read = before && codec.read(await bytesOf(before), headers);
  // No page is replaced under a pointer that cannot be turned.
  if (!reading || !before || read?.kind !== "document") {
    draft.refusals.push(changedWhileLooking(system.name, key, reading ? "changed" : "deleted"));
    return false;
  }
  const { document } = read;
  const edits = editsTurning(document, turn);
  if (edits.length === 0) {
    draft.mentions.push({ at: address, raw, where: at, verdict: "blocking", why: `cannot be made to say ${to}` });
    return false;
  }
  const { content, body, rewrite } = sealEdits(records, { document, edits, headers, codec }, address);
  const change: Replace = {
    kind: "replace",
    at: address,
    expect: { kind: "unchanged", revision: reading.observed.revision },
    content,
    prior: { digest: before.digest, sizeBytes: before === reading.body ? reading.observed.sizeBytes : sizeOf(corrected), headers },
  };
  draft.writes.push({
    wave: "pointers",
    system: system.name,
    change,
    because: `${at}: ${raw} → ${to}`,
    site: bench.site.name,
    target,
    paths: [],
    isNormalised: system.medium === "calendar",
  });
  draft.bodies.push(body);
  draft.rewrites.push({ at: address, system: system.name, ...rewrite });
  draft.edits.push({ at: address, system: system.name, field: at, where: at, before: raw, after: to });
  return true;
}

const bodyOfChange = ({ bodies }: Draft, change: Draft["writes"][number]["change"] | undefined): Draft["bodies"][number] | undefined =>
  change && change.kind !== "delete" ? bodies.find(({ digest }) => digest === change.content.digest) : undefined;

function editsTurning({ segments }: RecordDocument, { sighting, at, raw, to }: Turn): Edit[] {
  return segments
    .filter(({ place, text }) => place.part === sighting.part && text === raw && isPlaceNamed(place, at))
    .flatMap((segment) => {
      const bytes = segment.encode(to);
      const [span] = segment.spans(0, segment.text.length);
      return bytes && span ? [{ span, bytes }] : [];
    });
}

const sizeOf = (change: Draft["writes"][number]["change"] | undefined): number =>
  change && change.kind !== "delete" ? change.content.sizeBytes : 0;

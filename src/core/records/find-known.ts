/** Whether a record is known already: what is asked for, or what a new page shows, held against every known one. */

import type { Entity } from "./claim.ts";
import { fitOf, type Query } from "./find-query.ts";
import { resolveIdentity } from "./identity/resolve-identity.ts";
import { pointed, traitsOf, type MatchRules, type Traits } from "./identity/traits.ts";
import type { Sketch } from "./sketch.ts";
import type { Value } from "./value.ts";

/** One known record, as the sketches of its objects show it. */
export interface KnownEntity extends Pick<Entity, "id"> {
  readonly sketches: readonly Sketch[];
}

export interface Match {
  readonly record: string;
  /** What speaks for it, one clause each. */
  readonly evidence: readonly string[];
}

export interface NearMatch extends Match {
  /** What speaks against it, or that too little was said. */
  readonly against: readonly string[];
}

export interface Known {
  /** Records that it is: more than one only where what is known of it fits several. */
  readonly found: readonly Match[];
  readonly doubts: readonly NearMatch[];
}

/** So many records at most are compared by identity; those that share most come first. */
const comparedMax = 300;

/**
 * A record is found where identity links the probe with one of its objects, or where every value that is asked for is what
 * it says and they name one record. What fits in part, or agrees in too little to be sure, is a doubt.
 */
export function findKnown(probe: Traits, entities: readonly KnownEntity[], rules: MatchRules): Known {
  const fits = entities.map((entity) => ({
    entity,
    fit: fitOf(
      probe.values,
      entity.sketches.map(({ claims }) => claims),
      rules,
    ),
  }));
  const near = fits
    .filter(({ entity, fit }) => fit.agrees.length > 0 || isPointed(probe, entity))
    .toSorted((one, other) => other.fit.agrees.length - one.fit.agrees.length)
    .slice(0, comparedMax);
  const identity = compared(
    probe,
    near.map(({ entity }) => entity),
    rules,
  );
  const found: Match[] = [];
  const doubts: NearMatch[] = [];
  for (const { entity, fit } of near) {
    const { links, against } = identity(entity);
    const { id: record } = entity;
    const isWhole = fit.differs.length === 0 && fit.unsaid.length === 0;
    if (links.length > 0 || (isWhole && fit.isTelling)) found.push({ record, evidence: links.length > 0 ? links : fit.agrees });
    else if (against) doubts.push({ record, evidence: against.evidence, against: [...new Set([...against.against, ...fit.differs])] });
    else if (fit.differs.length === 0) doubts.push({ record, evidence: fit.agrees, against: ["too little is said to be sure"] });
  }
  return { found, doubts };
}

interface Judged {
  readonly links: readonly string[];
  readonly against?: { readonly evidence: readonly string[]; readonly against: readonly string[] };
}

function compared(probe: Traits, entities: readonly KnownEntity[], rules: MatchRules): (entity: KnownEntity) => Judged {
  const traits = entities.flatMap(({ sketches }) => sketches.map(traitsOf));
  const { links, doubts, entities: groups } = resolveIdentity([...traits, probe], rules);
  const own = new Set(groups.find((ids) => ids.includes(probe.id)) ?? []);
  return ({ sketches }) => {
    const ids = new Set(sketches.map(({ id }) => id));
    const touches = ({ a, b }: { readonly a: string; readonly b: string }): boolean =>
      (a === probe.id && ids.has(b)) || (b === probe.id && ids.has(a));
    const direct = links.filter(touches).flatMap(({ evidence }) => evidence);
    const isLinked = direct.length > 0 || [...ids].some((id) => own.has(id));
    const doubt = doubts.find(touches);
    return {
      links: isLinked ? [...new Set(direct.length > 0 ? direct : ["the same as another of its objects"])] : [],
      ...(doubt && { against: doubt }),
    };
  };
}

/** The probe names one of the record's objects, or one of them names the probe. */
function isPointed(probe: Traits, { sketches }: KnownEntity): boolean {
  return sketches.some((sketch) => {
    const [mine = [], theirs = []] = [probe.names, traitsOf(sketch).names];
    return names(probe.points, sketch.system, theirs) || names(sketch.points, probe.system, mine);
  });
}

const names = (points: Traits["points"], system: string, keys: readonly string[]): boolean =>
  (points ?? []).some(({ to, raw }) => to === system && keys.some((key) => pointed(key) === pointed(raw)));

/** What the objects of a known record say, by field. */
export function fieldsOf(sketches: readonly Pick<Sketch, "claims">[]): Query {
  const values = new Map<string, Value[]>();
  for (const { claims } of sketches) for (const { field, value } of claims) values.set(field, [...(values.get(field) ?? []), value]);
  return values;
}

/** `fields:` of a kind of record: types, derivations and authorities. */

import { withDays } from "../core/records/day-and-time.ts";
import type { Authority, Derivation, Field } from "../core/records/kind.ts";
import { fieldTypes, type FieldType } from "../core/records/value.ts";
import { quoted, suggestion, type KeyPath, type Report } from "./problem.ts";
import type { RawField, RawKind } from "./raw-records.ts";
import { parseTimeSpan } from "./time-span.ts";

interface Written {
  readonly name: string;
  readonly path: KeyPath;
  readonly raw: RawField;
  readonly derivation?: Derivation;
  /** Where the derivation stands. */
  readonly derivedAt: KeyPath;
}
interface Facts {
  readonly names: readonly string[];
  readonly systems: readonly string[];
  readonly report: Report;
}

const derivationPattern = /^(?<from>[a-z][a-z0-9-]*)\s+(?<sign>[+-])\s*(?<span>\S+)$/u;
const minuteMs = 60_000;
/** Types from which another time can follow. */
const clockTypes: ReadonlySet<FieldType> = new Set(["datetime", "date", "time"]);

/** The fields of a kind in the order of belay.yaml. Complete only where nothing was reported. */
export function readRecordFields(kind: RawKind, path: KeyPath, report: Report): Field[] {
  const facts: Facts = { names: Object.keys(kind.fields), systems: Object.keys(kind.systems), report };
  const written = Object.entries(kind.fields).map(([name, raw]) => writtenField(name, raw, { path: [...path, "fields", name], facts }));
  const byName = new Map(written.map((one) => [one.name, one]));
  const circular = reportCircles(byName, report);
  const fields = written.flatMap((one): Field[] => {
    if (circular.has(one.name)) return [];
    const type = typeOf(one, byName, circular);
    checkType(one, type, byName, { circular, report });
    const authority = readAuthority(one, facts);
    if (type === undefined || authority === undefined) return [];
    const { unit, words } = one.raw;
    const { name, derivation } = one;
    return [
      {
        name,
        type,
        authority,
        words: words ?? [],
        ...(unit === undefined ? {} : { unit }),
        ...(derivation === undefined ? {} : { derivation }),
      },
    ];
  });
  return withDays(fields);
}

interface Here {
  readonly path: KeyPath;
  readonly facts: Facts;
}

function writtenField(name: string, raw: string | RawField, here: Here): Written {
  const { path, facts } = here;
  if (typeof raw !== "string") return writtenMap(name, raw, here);
  const type = fieldTypes.find((one) => one === raw);
  if (type !== undefined) return { name, path, raw: { type }, derivedAt: path };
  if (/[+-]\s*\d/u.test(raw)) return { name, path, raw: { derive: raw }, derivedAt: path, ...maybe(readOffset(raw, path, facts)) };
  facts.report(path, `is neither a type nor a derivation such as start + 3h: ${quoted(raw)}; ${suggestion(raw, fieldTypes)}`);
  return { name, path, raw: { derive: raw }, derivedAt: path };
}

function writtenMap(name: string, raw: RawField, { path, facts }: Here): Written {
  const { derive, "moves-with": from } = raw;
  if (derive !== undefined && from !== undefined) facts.report([...path, "moves-with"], "stands beside derive; use one of them", "key");
  if (from === undefined) {
    const derivedAt = [...path, "derive"];
    return { name, path, raw, derivedAt, ...maybe(derive === undefined ? undefined : readOffset(derive, derivedAt, facts)) };
  }
  const derivedAt = [...path, "moves-with"];
  if (facts.names.includes(from)) return { name, path, raw, derivedAt, derivation: { kind: "moves-with", from } };
  facts.report(derivedAt, `names no field: ${quoted(from)}; ${suggestion(from, others(name, facts))}`);
  return { name, path, raw, derivedAt };
}

const maybe = (derivation: Derivation | undefined): { readonly derivation?: Derivation } =>
  derivation === undefined ? {} : { derivation };
const others = (name: string, { names }: Facts): string[] => names.filter((one) => one !== name);

function readOffset(spelling: string, path: KeyPath, { names, report }: Facts): Derivation | undefined {
  const { from = "", sign, span = "" } = derivationPattern.exec(spelling.trim())?.groups ?? {};
  const ms = parseTimeSpan(span);
  if (ms === undefined || ms % minuteMs !== 0 || sign === undefined) {
    report(path, `must be FIELD + TIME or FIELD - TIME in whole minutes, such as start - 30m, but is ${quoted(spelling)}`);
    return undefined;
  }
  if (!names.includes(from)) {
    report(path, `derives from no field: ${quoted(from)}; ${suggestion(from, names)}`);
    return undefined;
  }
  const minutes = ms / minuteMs;
  return { kind: "offset", from, minutes: sign === "-" && minutes > 0 ? -minutes : minutes };
}

/** The names of all fields that lie on a circle of derivations; each circle is told once. */
function reportCircles(fields: ReadonlyMap<string, Written>, report: Report): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [start, written] of fields) {
    if (found.has(start)) continue;
    const chain = [start];
    for (let from = written.derivation?.from; from !== undefined && !chain.includes(from); from = fields.get(from)?.derivation?.from)
      chain.push(from);
    if (fields.get(chain.at(-1) ?? "")?.derivation?.from !== start) continue;
    for (const name of chain) found.add(name);
    report(written.derivedAt, `derives from itself: ${[...chain, start].join(" from ")}`);
  }
  return found;
}

function typeOf(field: Written, fields: ReadonlyMap<string, Written>, circular: ReadonlySet<string>): FieldType | undefined {
  const seen = new Set<string>();
  for (let one: Written | undefined = field; one !== undefined && !seen.has(one.name); one = fields.get(one.derivation?.from ?? "")) {
    if (one.raw.type !== undefined) return one.raw.type;
    if (circular.has(one.name)) return undefined;
    seen.add(one.name);
  }
  return undefined;
}

function checkType(
  field: Written,
  type: FieldType | undefined,
  fields: ReadonlyMap<string, Written>,
  { circular, report }: { readonly circular: ReadonlySet<string>; readonly report: Report },
): void {
  const { derivation, path, raw, derivedAt } = field;
  if (derivation === undefined) {
    // A derivation that could not be read is told already.
    const isDerived = raw.derive !== undefined || raw["moves-with"] !== undefined;
    if (type === undefined && !isDerived) report(path, "needs a type, `derive` or `moves-with`");
    return;
  }
  const from = fields.get(derivation.from);
  const source = from === undefined ? undefined : typeOf(from, fields, circular);
  if (source === undefined || type === undefined) return;
  const minutes = derivation.kind === "offset" ? derivation.minutes : 0;
  if (!clockTypes.has(source)) report(derivedAt, `derives from ${derivation.from}, which is no datetime, date or time but a ${source}`);
  else if (!clockTypes.has(type)) report([...path, "type"], `must be datetime, date or time, since it derives from ${derivation.from}`);
  else if (source === "date" && minutes % 1440 !== 0)
    report(derivedAt, `derives from the date ${derivation.from}, so it must be whole days`);
}

function readAuthority({ raw, path }: Written, { systems, report }: Facts): Authority | undefined {
  const said = raw.authority ?? "ask";
  if (said === "ask" || said === "newest") return { kind: said };
  if (systems.includes(said)) return { kind: "system", system: said };
  report([...path, "authority"], `names no system: ${quoted(said)}; ${suggestion(said, [...systems, "newest", "ask"])}`);
  return undefined;
}

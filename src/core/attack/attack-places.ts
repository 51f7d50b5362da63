/** What of a project the attacks are about: the places that stand where a template has a placeholder. */

import type { GuardScope } from "../guard/scope.ts";
import type { AttackCall, AttackInput } from "./attack.ts";

/** Values by placeholder. One that the project has not is absent. */
export type AttackPlaces = Readonly<Partial<Record<Placeholder, string>>>;

const placeholders = [
  "bucket",
  "key",
  "distribution",
  "table",
  "folder",
  "page",
  "line",
  "project",
  "home",
  "state",
  "other-bucket",
  "target",
] as const;
export type Placeholder = (typeof placeholders)[number];

/** A published file that is there, and a line of it. */
export interface KnownPage {
  /** Absolute. */
  readonly path: string;
  readonly line: string;
}

export interface PlacesFacts {
  readonly scope: GuardScope;
  readonly home: string;
  readonly page: KnownPage | undefined;
  /** Takes the places of this target where it has some. */
  readonly target: string | undefined;
}

/** Nobody's: the name is longer than anybody gives one, and it is never written to. */
const otherBucket = "belay-attack-tries-another-bucket";

export function placesOf({ scope, home, page, target }: PlacesFacts): AttackPlaces {
  const preferred = <One extends { readonly target?: string }>(all: readonly One[]): readonly One[] =>
    all.toSorted((left, right) => rank(left.target, scope, target) - rank(right.target, scope, target));
  const bucket = preferred(scope.buckets).find(({ name }) => /^[a-z0-9][a-z0-9.-]{1,62}$/u.test(name));
  const places: Readonly<Record<Placeholder, string | undefined>> = {
    bucket: bucket?.name,
    key: bucket && `${bucket.prefix}belay-attack.html`,
    distribution: preferred(scope.distributions)[0]?.name,
    table: scope.tables[0]?.name,
    folder: preferred(scope.folders).find(({ name }) => name !== "/")?.name,
    page: page?.path,
    line: page?.line,
    project: scope.folder,
    home,
    state: scope.stateFolders[0],
    "other-bucket": otherBucket,
    target: target ?? scope.sites.flatMap(({ liveTargets }) => liveTargets)[0],
  };
  return Object.fromEntries(Object.entries(places).filter(([, value]) => value !== undefined));
}

/** A target's places before those of records, the named one's first, and live before stages. */
function rank(name: string | undefined, { sites }: GuardScope, target: string | undefined): number {
  if (name === undefined) return 3;
  if (name === target) return 0;
  return sites.some(({ liveTargets }) => liveTargets.includes(name)) ? 1 : 2;
}

/** Whether it can stand in a command as it is; the rest would need quotation marks, which templates have already. */
const isPlainWord = (name: Placeholder, value: string): boolean => name === "line" || /^[\w./@:+-]+$/u.test(value);

const placeholder = /\{(?<name>[a-z-]+)\}/gu;

const isPlaceholder = (name: string): name is Placeholder => placeholders.some((one) => one === name);

/** `undefined` where the project lacks one of its places, or has it under a name that cannot stand in this command. */
export function filled(call: AttackCall, places: AttackPlaces): AttackCall | undefined {
  let isWhole = true;
  const done = mapTexts(call, (text) =>
    text.replaceAll(placeholder, (whole, name: string) => {
      if (!isPlaceholder(name)) return whole;
      const value = places[name];
      if (value === undefined || (call.kind === "shell" && !isPlainWord(name, value))) isWhole = false;
      return value ?? "";
    }),
  );
  return isWhole ? done : undefined;
}

type OnText = (text: string) => string;

function mapTexts(call: AttackCall, on: OnText): AttackCall {
  switch (call.kind) {
    case "shell":
      return { ...call, command: on(call.command) };
    case "write":
      return { ...call, path: on(call.path), text: on(call.text) };
    case "edit":
      return { ...call, path: on(call.path), before: on(call.before), after: on(call.after) };
    case "delete":
      return { ...call, path: on(call.path) };
    case "mcp":
      return { ...call, input: mapInput(call.input, on) };
  }
}

function mapInput(input: AttackInput, on: OnText): AttackInput {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name,
      typeof value === "string" ? on(value) : isList(value) ? value.map(on) : mapInput(value, on),
    ]),
  );
}

const isList = (value: AttackInput | readonly string[]): value is readonly string[] => Array.isArray(value);

/** The command that does what was wanted, past belay: every one of them works when pasted. */

import type { Effect } from "../effect.ts";
import type { GuardedName, GuardedSite, GuardScope } from "../scope.ts";
import { isKnown, type Word } from "../word.ts";
import { quotedWord } from "./plain-words.ts";

interface SafeWay {
  readonly instead?: string;
  readonly person?: string;
}

/** For a write, delete or purge that meets a guarded place of a target, or one of records. */
export function safeWay(effect: Effect, guarded: GuardedName | undefined, scope: GuardScope): SafeWay {
  const found = siteOf(guarded, scope);
  if (found === undefined) return withoutTarget(guarded);
  const { site, target } = found;
  const options = scope.sites.length > 1 ? ` --site ${quotedWord(site.name)}` : "";
  switch (effect.verb) {
    case "purge":
      // Not verify: that has nothing to hold against before the first release.
      return { instead: `belay status ${target}${options}`, person: deployPurges };
    case "configure":
      return effect.destination.kind === "bucket" && effect.destination.key === undefined
        ? { instead: `belay harden ${target}${options}`, person: "a person puts the settings up with `belay harden --apply`" }
        : { instead: deploy(effect, { site, target, options }, scope), person: whoPublishes(site, target) };
    case "read":
    case "write":
    case "delete":
    case "delegate":
      return {
        instead: restores(effect) ? `belay snapshots ${target}${options}` : deploy(effect, { site, target, options }, scope),
        person: whoPublishes(site, target),
      };
  }
}

const deployPurges = "belay purges what a deploy or a promotion changes, and waits for it";

const restores = ({ tool }: Effect): boolean => /restore/u.test(tool);

interface Aim {
  readonly site: GuardedSite;
  readonly target: string;
  readonly options: string;
}

/** A change goes to the stage before, where there is one; the path is named where the command told it. */
function deploy(effect: Effect, { site, target, options }: Aim, scope: GuardScope): string {
  const stage = stageBefore(site, target);
  const path = sitePath(effect, site, scope);
  return `belay deploy ${stage}${path === undefined ? "" : ` ${quotedWord(path)}`}${options}`;
}

/** The target that comes before this one in belay.yaml, for a live one; else the target itself. */
function stageBefore(site: GuardedSite, target: string): string {
  if (!site.liveTargets.includes(target)) return target;
  const before = site.targets.slice(0, Math.max(0, site.targets.indexOf(target))).filter((one) => !site.liveTargets.includes(one));
  return before.at(-1) ?? target;
}

/** The changed file's path in the site: its source below the site's folder, else the key that was named. */
function sitePath(effect: Effect, site: GuardedSite, scope: GuardScope): string | undefined {
  const source = effect.source?.kind === "file" ? below(effect.source.path, site.root) : undefined;
  if (source !== undefined) return source === "" ? undefined : source;
  if (effect.destination.kind === "file") return folderPath(effect.destination.path, scope);
  if (effect.destination.kind !== "bucket") return undefined;
  const { name, key } = effect.destination;
  return key === undefined || !isKnown(key) ? undefined : keyPath(name, key, scope);
}

/** A key without its target's prefix. */
function keyPath(name: Word, key: Word, scope: GuardScope): string | undefined {
  const prefix = scope.buckets.find((one) => one.name === name)?.prefix ?? "";
  const start = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
  const path = key.startsWith(start) ? key.slice(start.length).replace(/\/+$/u, "") : "";
  return isPath(path) ? path : undefined;
}

function folderPath(path: Word, scope: GuardScope): string | undefined {
  for (const { name } of scope.folders) {
    const inside = below(path, name);
    if (inside !== undefined) return inside === "" ? undefined : inside;
  }
  return undefined;
}

function below(path: Word, folder: string): string | undefined {
  if (!isKnown(path)) return undefined;
  if (path === folder) return "";
  const start = folder.endsWith("/") ? folder : `${folder}/`;
  if (!path.startsWith(start)) return undefined;
  const inside = path.slice(start.length);
  return isPath(inside) ? inside : "";
}

// A word that begins with a dash would be an option, and patterns are no paths.
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const isPath = (path: string): boolean => path !== "" && !path.startsWith("-") && !/[*?[\]\u0000-\u001f\u007f]/u.test(path);

function whoPublishes(site: GuardedSite, target: string): string {
  if (!site.liveTargets.includes(target) || stageBefore(site, target) === target)
    return `a person may look at it first with \`belay plan ${target}\``;
  return `from there it goes on with \`belay promote ${target}\`, once a person has approved it`;
}

function siteOf(guarded: GuardedName | undefined, scope: GuardScope): { readonly site: GuardedSite; readonly target: string } | undefined {
  const target = guarded?.target;
  if (guarded === undefined || target === undefined) return undefined;
  const named = scope.sites.find((site) => guarded.label.startsWith(`${site.name}/`) && site.targets.includes(target));
  const site = named ?? scope.sites.find((one) => one.targets.includes(target));
  return site === undefined ? undefined : { site, target };
}

/** Of records: the label begins with their kind. */
function withoutTarget(guarded: GuardedName | undefined): SafeWay {
  const kind = guarded?.label.split(" ")[0] ?? "";
  if (guarded === undefined || kind === "" || kind === "state" || !guarded.label.includes(" ")) return {};
  return {
    instead: `belay audit ${quotedWord(kind)}`,
    person: `a record is corrected in every system at once with \`belay reconcile ${kind} ID\``,
  };
}

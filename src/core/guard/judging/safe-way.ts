/** The command that does what was wanted, past belay: every one of them works when pasted. */

import { isProduction } from "../../site.ts";
import type { Effect } from "../effect.ts";
import { nameOf } from "../edits/key-under.ts";
import type { GuardedName, GuardedSite, GuardScope } from "../scope.ts";
import { matchKey } from "../tools/place-names.ts";
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
  const aim = { ...found, options: scope.sites.length > 1 ? ` --site ${quotedWord(found.site.name)}` : "" };
  const { target, options } = aim;
  if (restores(effect))
    return { instead: `belay snapshots ${target}${options}`, person: `go back to a release with \`belay rollback ${target}${options}\`` };
  switch (effect.verb) {
    case "purge":
      // Not verify: that has nothing to hold against before the first release.
      return { instead: `belay status ${target}${options}`, person: deployPurges };
    case "configure":
      return isWhole(effect)
        ? { instead: `belay harden ${target}${options}`, person: `put the settings up with \`belay harden ${target}${options} --apply\`` }
        : published(effect, aim, scope);
    case "delete":
      return deleted(effect, aim, scope);
    case "read":
    case "write":
    case "delegate":
      return fromTarget(effect, aim, scope) ?? published(effect, aim, scope);
  }
}

function deleted(effect: Effect, aim: Aim, scope: GuardScope): SafeWay {
  // A mirror deletes what its source lacks: what was wanted is the source, live.
  if (effect.source?.kind === "file") return published(effect, aim, scope);
  return removesPlace(effect) ? { person: "take such a place away, outside the agent" } : removed(effect, aim, scope);
}

/**
 * The same where the place only could be meant: named for a file of the site alone, since a file of another place may be anybody's
 * and nothing says that it belongs there.
 */
export function possibleWay(effect: Effect, guarded: GuardedName | undefined, scope: GuardScope): Pick<SafeWay, "instead"> {
  const root = siteOf(guarded, scope)?.site.root;
  const isOwn = root === undefined || (effect.source?.kind === "file" && below(effect.source.path, root) !== undefined);
  const { instead } = isOwn ? safeWay(effect, guarded, scope) : {};
  return instead === undefined ? {} : { instead };
}

/** D2 where a stage comes before it; at the first stage what matters is what live holds. Places of records have a rule of their own. */
export function ruleAt(guarded: GuardedName, scope: GuardScope): "D2" | "D8" | "guard" {
  const found = siteOf(guarded, scope);
  if (guarded.target === undefined) return "guard";
  return found !== undefined && firstStage(found.site, found.target) === found.target ? "D8" : "D2";
}

const deployPurges = "leave it to belay, which purges what a deploy or a promotion changes and waits for it";

const restores = ({ tool }: Effect): boolean => /restore/u.test(tool);

const isWhole = ({ destination }: Effect): boolean =>
  destination.kind === "distribution" || (destination.kind === "bucket" && destination.key === undefined);

/** The bucket or the distribution itself goes, and not what is in it. */
const removesPlace = ({ tool, destination }: Effect): boolean =>
  destination.kind === "distribution" || /(?:^|\s)rb$|delete[-_ ]?bucket$/iu.test(tool);

interface Aim {
  readonly site: GuardedSite;
  readonly target: string;
  readonly options: string;
}

/**
 * A change goes to the first stage. Files that are named need no confirmation there (decision 0037); everything else is planned first,
 * and the plan names the command that carries it out.
 */
function published(effect: Effect, aim: Aim, scope: GuardScope): SafeWay {
  const path = sitePath(effect, aim.site, scope);
  return { instead: `${broughtHere(effect, aim.site, path)}${goes(path, aim)}`, person: whoPublishes(aim) };
}

function goes(path: string | undefined, { site, target, options }: Aim): string {
  const stage = firstStage(site, target);
  // A first stage comes after no other.
  const verb = path !== undefined && isFile(path) && !isProduction({ name: stage }) ? "deploy" : "plan";
  return `belay ${verb} ${stage}${path === undefined ? "" : ` ${quotedWord(path)}`}${options}`;
}

/** What lies outside the site's folder is copied there first, never over another file. */
function broughtHere({ source }: Effect, { root }: GuardedSite, path: string | undefined): string {
  if (source?.kind !== "file" || path === undefined || !isFile(path) || !isKnown(source.path) || !source.path.startsWith("/")) return "";
  if (below(source.path, root) !== undefined || nameOf(source.path) !== nameOf(path)) return "";
  // Not `cp -n`, which leaves the old file and says that all went well: it would be the old one that is deployed. `set -C` fails there.
  return `(set -C; cat ${quotedWord(source.path)} > ${quotedWord(`${root}/${path}`)}) && `;
}

/**
 * A page goes from a stage once it is gone from the working copy. What takes it from there is for whoever knows what it holds: `rm` would
 * take work that nobody has saved.
 */
function removed(effect: Effect, aim: Aim, scope: GuardScope): SafeWay {
  const path = sitePath(effect, aim.site, scope);
  const { site, target, options } = aim;
  const named = path === undefined ? "" : ` ${quotedWord(path)}`;
  return {
    instead: `belay plan ${firstStage(site, target)}${named}${options}`,
    person: `take it out of the working copy, so that the next deploy deletes it, and ${whoPublishes(aim)}`,
  };
}

/** From one target to another: forwards it is a promotion, backwards a pull. */
function fromTarget({ source }: Effect, { site, target, options }: Aim, scope: GuardScope): SafeWay | undefined {
  if (source?.kind !== "bucket") return undefined;
  const from = scope.buckets.find((one) => one.name === source.name && one.target !== target && matchKey(source.key, one) === "is")?.target;
  if (from === undefined || !site.targets.includes(from)) return undefined;
  if (site.after?.[target] === from)
    return { instead: `belay promote ${target}${options}`, person: "approve it where the target wants that" };
  const path = source.key === undefined ? undefined : keyPath(source.name, source.key, scope);
  return {
    instead: `belay pull ${from}${path === undefined ? "" : ` ${quotedWord(path)}`}${options}`,
    person: `look at what was pulled; it is deployed to ${target} from the working copy then`,
  };
}

/** Whether a path is a file's, by the look of its name: a folder is planned, since more than what was named would go. */
const isFile = (path: string): boolean => /[^.]\.\w+$/u.test(nameOf(path));

/** Where a change of this target begins: the first of the stages before it. */
function firstStage(site: GuardedSite, target: string): string {
  let stage = target;
  for (const _ of site.targets) stage = site.after?.[stage] ?? stage;
  return stage;
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

function whoPublishes({ site, target, options }: Aim): string {
  return firstStage(site, target) === target
    ? `look at it first with \`belay plan ${target}${options}\``
    : `approve it; from there it goes on with \`belay promote ${target}${options}\``;
}

function siteOf(guarded: GuardedName | undefined, scope: GuardScope): { readonly site: GuardedSite; readonly target: string } | undefined {
  const target = guarded?.target;
  if (guarded === undefined || target === undefined) return undefined;
  const named = scope.sites.find((site) => guarded.label.startsWith(`${site.name}/`) && site.targets.includes(target));
  const site = named ?? scope.sites.find((one) => one.targets.includes(target));
  return site === undefined ? undefined : { site, target };
}

/** Of records: the label begins with their kind. The state has no such way. */
function withoutTarget(guarded: GuardedName | undefined): SafeWay {
  const [kind = "", ...system] = guarded?.label.split(" ") ?? [];
  if (kind === "" || system.length === 0) return {};
  return {
    instead: `belay audit ${quotedWord(kind)}`,
    person: `confirm what \`belay reconcile ${kind} ID\` plans: the correction everywhere at once`,
  };
}

/** What has no name of its own: stacks, credentials, the guard itself, code that cannot be read. */

import type { Effect } from "../effect.ts";
import type { GuardedName, GuardScope } from "../scope.ts";
import { mentions } from "../tools/place-names.ts";
import { isKnown, type Word } from "../word.ts";
import type { Finding } from "./finding.ts";
import { roleOf, shown, verbWords } from "./plain-words.ts";
import { ruleAt, safeWay } from "./safe-way.ts";

export function judgeOther(effect: Effect, scope: GuardScope): Finding | undefined {
  const { destination } = effect;
  switch (destination.kind) {
    case "infrastructure":
      return judgeMention(effect, destination.about, scope);
    case "credentials":
      return objection(effect, {
        kind: effect.verb === "delegate" ? "ask" : "deny",
        code: "credentials-touched",
        what: `${shown(effect.tool)} changes who one is towards AWS: ${shown(destination.about)}`,
        intent: "change credentials",
        person: "choose profiles and roles outside the agent",
      });
    case "guard":
      return judgeGuard(effect, destination.about);
    case "opaque":
      return judgeOpaque(effect, destination.about);
    case "bucket":
    case "distribution":
    case "table":
    case "url":
    case "file":
      return undefined;
  }
}

type Words = Pick<Finding, "kind" | "code" | "what" | "intent"> & {
  readonly rule?: Finding["rule"];
  readonly person?: string;
  readonly instead?: string;
};

const objection = (effect: Effect, words: Words): Finding => ({ rule: "guard", ...words, effect });

function judgeMention(effect: Effect, about: Word, scope: GuardScope): Finding | undefined {
  const guarded = mentioned(about, scope);
  if (guarded !== undefined) {
    return objection(effect, {
      kind: "deny",
      rule: ruleAt(guarded, scope),
      code: "guarded-write",
      what: `${shown(effect.tool)} ${verbWords[effect.verb]} ${shown(guarded.name)}, which is ${roleOf(guarded)}`,
      intent: `${effect.verb} ${guarded.name}`,
      ...safeWay(effect, guarded, scope),
    });
  }
  if (isKnown(about) || isNothingGuarded(scope)) return undefined;
  const preview = previewOf(effect.tool);
  return objection(effect, {
    kind: "deny",
    code: "infrastructure",
    what: `${shown(effect.tool)} changes whatever its description names, and that this is nothing guarded cannot be shown`,
    intent: "change infrastructure",
    ...(preview === undefined ? {} : { instead: preview }),
    person: "run it, after a look at the preview",
  });
}

const isNothingGuarded = ({ buckets, distributions, tables }: GuardScope): boolean =>
  buckets.length === 0 && distributions.length === 0 && tables.length === 0;

function mentioned(about: Word, { buckets, distributions, tables }: GuardScope): GuardedName | undefined {
  if (about.trim() === "") return undefined;
  return [...buckets, ...distributions, ...tables].find(({ name }) => mentions(about, name));
}

/** What shows the same change without making it, by the tool's first word. */
const previews: ReadonlyMap<string, string> = new Map([
  ["terraform", "terraform plan"],
  ["tofu", "tofu plan"],
  ["terragrunt", "terragrunt plan"],
  ["pulumi", "pulumi preview"],
  ["cdk", "cdk diff"],
  ["cdktf", "cdktf diff"],
  ["sst", "sst diff"],
  ["serverless", "serverless package"],
  ["sam", "sam validate"],
  ["hugo", "hugo deploy --dryRun"],
]);

const previewOf = (tool: string): string | undefined => previews.get(tool.split(" ")[0] ?? "");

/** `belay …`: a command that is a person's. Everything else is about the guard. */
function judgeGuard(effect: Effect, about: string): Finding {
  const isPersons = about.startsWith("belay ");
  return objection(effect, {
    kind: "deny",
    code: isPersons ? "persons-command" : "guard-touched",
    what: isPersons ? `\`${shown(about)}\` is a person's, not an agent's` : `${shown(effect.tool)}: ${shown(about)}`,
    intent: isPersons ? `run ${about}` : "switch the guard off",
    person: isPersons ? "run it at a terminal of their own" : "change the guard outside the agent",
  });
}

function judgeOpaque(effect: Effect, about: string): Finding {
  const isDelegated = effect.verb === "delegate";
  return objection(effect, {
    kind: isDelegated ? "ask" : "deny",
    code: isDelegated ? "delegated" : "opaque-code",
    what: isDelegated
      ? `${shown(effect.tool)} hands on to ${shown(about)}, where the guard does not see what is done`
      : `${shown(effect.tool)} runs ${shown(about)}, which cannot be read beforehand`,
    intent: isDelegated ? `delegate ${effect.tool}` : "run unread code",
    ...(isDelegated && { person: "allow it" }),
  });
}

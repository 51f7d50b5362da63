/** A site whose production is guarded, and what a guard would find on its machine: for verdicts on commands. */

import { parseScript } from "../../src/codecs/shell-script/parse-script.ts";
import { guardScopeOf } from "../../src/config/guard-scope.ts";
import { parseConfig } from "../../src/config/load-config.ts";
import type { Effect } from "../../src/core/guard/effect.ts";
import { effectsOfCommand } from "../../src/core/guard/effects-of-command.ts";
import { judgeEffects } from "../../src/core/guard/judge-effects.ts";
import type { ReaderFacts } from "../../src/core/guard/reading.ts";
import type { GuardScope } from "../../src/core/guard/scope.ts";
import type { Verdict } from "../../src/core/guard/verdict.ts";

export const folder = "/home/dev/queen";
const home = "/home/dev";

export const scope: GuardScope = guardScopeOf(
  parseConfig(
    `version: 1
state: .belay
site:
  root: site
  targets:
    staging: { store: "s3://queenofsandiego-staging", cdn: "cloudfront:E2STAGING", guard: false }
    production: { store: "s3://queenofsandiego-prod", cdn: "cloudfront:E1GUARDED", after: staging }
guard:
  aliases: { qos-prod-ap-abcdefghijk-s3alias: queenofsandiego-prod }
  access-points: { "arn:aws:s3:us-west-2:111122223333:accesspoint/qos-prod-ap": queenofsandiego-prod }
  mounts: { /mnt/prod: queenofsandiego-prod }
records:
  booking:
    zone: America/Los_Angeles
    fields: { code: key, start: datetime }
    systems:
      table: { store: "dynamodb:qos-prod", key: [pk], fields: { code: pk, start: start_time } }
`,
    `${folder}/belay.yaml`,
  ),
);

/** Texts by their paths: in the working folder, or in the home folder where they begin with `.config/`. */
export type Files = Readonly<Record<string, string>>;

const placeOf = (name: string): string => (name.startsWith(".config/") ? `${home}/${name}` : `${folder}/${name}`);

/** Facts about these files and no others. */
export function factsOf(files: Files = {}): ReaderFacts {
  const texts = new Map(Object.entries(files).map(([name, text]) => [placeOf(name), text]));
  return {
    readFile: (path) => {
      const text = texts.get(path);
      return text === undefined ? undefined : { kind: "text", text };
    },
    listFolder: (path) => [
      ...new Set(
        [...texts.keys()].flatMap((name) => (name.startsWith(`${path}/`) ? [name.slice(path.length + 1).split("/")[0] ?? ""] : [])),
      ),
    ],
    homeFolder: home,
  };
}

const effectsOf = (command: string, files: Files): readonly Effect[] =>
  effectsOfCommand(command, { cwd: folder, env: new Map([["HOME", home]]) }, { parse: parseScript, facts: factsOf(files) });

/** The verdict on a shell command. */
export const judged = (command: string, files: Files = {}): Verdict => judgeEffects(effectsOf(command, files), scope);

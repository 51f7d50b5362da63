/** A site whose production is guarded, and verdicts on programs in commands. */

import { parseScript } from "../../../src/codecs/shell-script/parse-script.ts";
import { guardScopeOf } from "../../../src/config/guard-scope.ts";
import { parseConfig } from "../../../src/config/load-config.ts";
import { effectsOfPowershell } from "../../../src/core/guard/code/powershell.ts";
import type { Effect } from "../../../src/core/guard/effect.ts";
import { effectsOfCommand } from "../../../src/core/guard/effects-of-command.ts";
import { judgeEffects } from "../../../src/core/guard/judge-effects.ts";
import type { ReaderFacts } from "../../../src/core/guard/reading.ts";
import type { GuardScope } from "../../../src/core/guard/scope.ts";

const folder = "/home/dev/queen";
const home = "/home/dev";

const scope: GuardScope = guardScopeOf(
  parseConfig(
    `version: 1
state: .belay
site:
  root: site
  targets:
    staging: { store: "s3://queenofsandiego-staging", cdn: "cloudfront:E2STAGING", guard: false }
    production: { store: "s3://queenofsandiego-prod", cdn: "cloudfront:E1GUARDED", after: staging }
guard:
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

/** Facts about files, by paths relative to the working folder. */
export function factsOf(files: Readonly<Record<string, string>> = {}): ReaderFacts {
  return {
    readFile: (path) => {
      const name = path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
      const text = Object.hasOwn(files, name) ? files[name] : undefined;
      return text === undefined ? undefined : { kind: "text", text };
    },
    listFolder: (path) =>
      path === folder
        ? Object.keys(files)
        : Object.keys(files).flatMap((name) =>
            `${folder}/${name}`.startsWith(`${path}/`) ? [name.slice(path.length - folder.length)] : [],
          ),
    homeFolder: home,
  };
}

const effectsOf = (command: string, files: Readonly<Record<string, string>> = {}): readonly Effect[] =>
  effectsOfCommand(command, { cwd: folder, env: new Map([["HOME", home]]) }, { parse: parseScript, facts: factsOf(files) });

/** What an agent's shell call is told. */
export const verdictOf = (command: string, files: Readonly<Record<string, string>> = {}): "allow" | "ask" | "deny" =>
  judgeEffects(effectsOf(command, files), scope).kind;

/** What a program on the standard input of `program` is told. */
export const programVerdict = (program: string, text: string, files: Readonly<Record<string, string>> = {}): "allow" | "ask" | "deny" =>
  verdictOf(`${program} <<'END_OF_PROGRAM'\n${text}\nEND_OF_PROGRAM`, files);

export const powershellVerdict = (text: string): "allow" | "ask" | "deny" =>
  judgeEffects(effectsOfPowershell(text, { cwd: folder }, { parse: parseScript, facts: factsOf() }), scope).kind;

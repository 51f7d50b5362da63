import { existsSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { parseScript } from "../../src/codecs/shell-script/parse-script.ts";
import { guardScopeOf } from "../../src/config/guard-scope.ts";
import { parseConfig } from "../../src/config/load-config.ts";
import { effectsOfCommand } from "../../src/core/guard/effects-of-command.ts";
import { judgeEffects } from "../../src/core/guard/judge-effects.ts";
import type { ReaderFacts } from "../../src/core/guard/reading.ts";
import type { GuardScope } from "../../src/core/guard/scope.ts";
import type { Verdict } from "../../src/core/guard/verdict.ts";
import { filesOf, readCorpus, type CorpusRow } from "./corpus-rows.ts";

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

function factsFor(row: CorpusRow): ReaderFacts {
  const files = new Map(
    [...filesOf(row)].map(([name, text]) => [name.startsWith(".config/") ? `${home}/${name}` : `${folder}/${name}`, text]),
  );
  return {
    readFile: (path) => {
      const text = files.get(path);
      return text === undefined ? undefined : { kind: "text", text };
    },
    listFolder: (path) => [...files.keys()].filter((name) => name.startsWith(`${path}/`)).map((name) => name.slice(path.length + 1)),
    homeFolder: home,
  };
}

function verdictOf(row: CorpusRow): Verdict {
  const start = { cwd: folder, env: new Map([["HOME", home]]) };
  return judgeEffects(effectsOfCommand(row.command, start, { parse: parseScript, facts: factsFor(row) }), scope);
}

/** What only AWS can stop passes the guard. */
const answer = ({ expected }: CorpusRow): string => (expected === "aws-only" ? "allow" : expected);

const corpora: readonly (readonly [string, URL])[] = [
  ["corpus.tsv", new URL("corpus.tsv", import.meta.url)],
  ["../shared/corpus/guard-commands.tsv", new URL("../../../shared/corpus/guard-commands.tsv", import.meta.url)],
];

for (const [name, path] of corpora) {
  describe.skipIf(!existsSync(path))(`every line of ${name} gets its answer`, () => {
    const rows = existsSync(path) ? readCorpus(path) : [];

    test.each(rows.map((row) => [row.id, row.expected, row.command, row] as const))("%s %s: %s", (_id, _expected, _command, row) => {
      const verdict = verdictOf(row);
      expect({ command: row.command, kind: verdict.kind, ...("what" in verdict ? { what: verdict.what } : {}) }).toMatchObject({
        kind: answer(row),
      });
    });
  });
}

import { existsSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { filesOf, readCorpus, type CorpusRow } from "./corpus-rows.ts";
import { judged } from "./guarded-site.ts";

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
      const verdict = judged(row.command, filesOf(row));
      expect({ command: row.command, kind: verdict.kind, ...("what" in verdict ? { what: verdict.what } : {}) }).toMatchObject({
        kind: answer(row),
      });
    });
  });
}

/** Facts of invented reports for tests. */

import { sideBySide } from "../../src/codecs/text-diff/side-by-side.ts";
import { asDigest, asRevision } from "../../src/core/brand.ts";
import { redactLines } from "../../src/core/notice/redact-lines.ts";
import type { PageLoss } from "../../src/core/page-terms.ts";
import type { Change, IdentifiedPlan, Plan } from "../../src/core/plan/plan.ts";
import type { FileReport, ReportFacts, VerificationReport } from "../../src/operations/report/report-facts.ts";
import { digestOf, person, production } from "./deploy-facts.ts";

const noLoss: PageLoss = { vanishes: [], returns: [], appears: [], tokens: [], lines: { added: 0, removed: 0 } };

/** A small PNG: one grey pixel. */
export const pngBytes: Uint8Array = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==",
  "base64",
);

/** As an operation compares two texts for a report. */
const shownDiff = (before: string, after: string): ReturnType<typeof sideBySide> =>
  sideBySide({ before, after, shown: { before: redactLines(before), after: redactLines(after) } });

export interface InventedFile {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
  readonly because?: string;
  readonly loss?: Partial<PageLoss>;
  readonly headers?: Readonly<Record<string, string>>;
}

export function fileOf({
  path,
  before,
  after,
  because = "changed here",
  loss,
  headers = { "content-type": "text/html" },
}: InventedFile): FileReport {
  const content = (text: string, digit: string): NonNullable<FileReport["before"]> => ({
    digest: digestOf(digit),
    sizeBytes: Buffer.byteLength(text),
    headers: digit === "a" ? { "content-type": "text/html" } : headers,
  });
  return {
    path,
    kind: before === undefined ? "create" : after === undefined ? "delete" : "replace",
    wave: "pages",
    because,
    ...(before === undefined ? {} : { before: content(before, "a") }),
    ...(after === undefined ? {} : { after: content(after, "b") }),
    detail: {
      kind: "text",
      diff: shownDiff(before ?? "", after ?? ""),
      ...(loss ? { loss: { ...noLoss, ...loss } } : {}),
    },
  };
}

function changeOf({ path, kind, before, after }: FileReport): Change {
  const at = { store: production.store, key: path };
  const expect = { kind: "unchanged", revision: asRevision("v1") } as const;
  const content = { digest: digestOf("b"), sizeBytes: 0, headers: {}, ...after };
  const prior = { digest: digestOf("a"), sizeBytes: 0, headers: {}, ...before };
  if (kind === "create") return { kind, at, expect: { kind: "absent" }, content };
  return kind === "delete" ? { kind, at, expect, prior } : { kind: "replace", at, expect, content, prior };
}

function planOf(files: readonly FileReport[], more: Partial<Plan> = {}): IdentifiedPlan {
  const steps = files.filter(({ kind }) => kind !== "held").map((file) => ({ change: changeOf(file), because: file.because }));
  return {
    id: asDigest("1a2b3c4d".repeat(8)),
    plan: {
      format: 1,
      intent: "promote",
      site: "default",
      target: "production",
      store: production.store,
      title: "Summer hours",
      basis: { seq: 12, hash: "7".repeat(64) },
      waves: steps.length === 0 ? [] : [{ name: "pages", steps, purge: ["/", "/index.html"], checks: [] }],
      refusals: [],
      proof: {
        local: digestOf("b"),
        live: digestOf("a"),
        diff: { added: 3, removed: 1, files: steps.length, binary: 0 },
        tokens: [{ name: "HERO_FADE", path: "index.html", local: "ok", live: "ok" }],
        stagingInvalidation: "none (not this target)",
        productionInvalidation: "pending",
      },
      policy: digestOf("f"),
      ...more,
    },
  };
}

export function factsOf(files: readonly FileReport[], plan: Partial<Plan> = {}, more: Partial<ReportFacts> = {}): ReportFacts {
  return {
    made: { at: "2031-05-20T14:02:00.000Z", by: person },
    identified: planOf(files, plan),
    target: { ...production, url: "https://marisol.example" },
    files,
    approvals: [],
    ...more,
  };
}

/** A look at staging with one page and its two screenshots. */
export const stageOf = (path: string, words = "console error: x is not defined"): VerificationReport => ({
  verification: {
    format: 1,
    kind: "verification",
    site: "default",
    target: "staging",
    at: "2031-05-20T13:40:00.000Z",
    outcome: "bad",
    files: [
      {
        path,
        url: `https://staging.marisol.example/${path}`,
        digest: digestOf("b"),
        outcome: "bad",
        problems: [words],
        got: { status: 200, digest: digestOf("c"), contentType: "text/html", cacheControl: words, cache: "hit" },
      },
    ],
    tokens: [{ name: "HERO_FADE", path, state: "missing" }],
    looks: [
      {
        path,
        url: `https://staging.marisol.example/${path}`,
        widthPx: 1280,
        screenshot: digestOf("d"),
        before: digestOf("e"),
        title: words,
        problems: [words],
      },
    ],
  },
  pictures: new Map([[digestOf("d"), { type: "image/png", bytes: pngBytes }]]),
  picturesLeftOut: 1,
});

/** Gathers what a report of a plan tells: per file what it was and would be, what visitors lose and gain, who approved. */

import { pageLoss } from "../../codecs/html-page/page-loss.ts";
import { sideBySide } from "../../codecs/text-diff/side-by-side.ts";
import { comparableTexts, textBytesMax } from "../../codecs/text-diff/text-lines.ts";
import { bytesOf } from "../../core/body.ts";
import type { Digest } from "../../core/brand.ts";
import { redactLines } from "../../core/notice/redact-lines.ts";
import { compareKeys, isPage } from "../../core/paths/key.ts";
import type { IdentifiedPlan, Plan, StalePath, Step, Wave } from "../../core/plan/plan.ts";
import type { PageLoss } from "../../core/page-terms.ts";
import type { Store } from "../../ports/store.ts";
import { targetNamed } from "../apply/apply.ts";
import { concurrently } from "../concurrently.ts";
import type { FileDetail, FileReport, ReportFacts } from "./report-facts.ts";
import { pictureFrom } from "./report-picture.ts";
import { stageReport } from "./report-verification.ts";
import { findBytes } from "../compare/seen-bytes.ts";
import type { Context, Workbench } from "../workbench.ts";

/** Files whose content is looked at; all others are listed. */
const detailedMax = 60;
/** Before and after are shown side by side up to this size each. */
const pictureBytesMax = 200 * 1024;
/** Of all pictures of files in one report together. */
const picturesBytesMax = 2 * 1024 * 1024;

/** Reads, writes nothing. What cannot be found any more is told as such in the report. */
export async function gatherReport(bench: Workbench, identified: IdentifiedPlan, context: Context): Promise<ReportFacts> {
  const { plan } = identified;
  const target = targetNamed(bench, plan.target);
  const ledger = await bench.ledger.state(context);
  const files = filesOf(identified).toSorted((one, other) => rankOf(one) - rankOf(other) || compareKeys(one.path, other.path));
  const detailed = files.slice(0, detailedMax);
  let done = 0;
  const reading: Reading = { bench, losses: lossesIn(plan), store: await bench.storeOf(plan.store), context };
  const details = await concurrently(detailed, bench.concurrency, async (file) => {
    const detail = await detailOf(reading, file);
    done += 1;
    context.report({ phase: "comparing", done, total: detailed.length, path: file.path });
    return detail;
  });
  const shown = withinRoom(detailed.map((file, at): Detailed => ({ ...file, detail: details[at] ?? notKept })));
  const stage = await stageReport(bench, { ledger, target, paths: new Set(files.map(({ path }) => path)) }, context);
  return {
    made: { at: new Date(bench.runtime.now()).toISOString(), by: bench.actor },
    identified,
    target,
    files: [...shown, ...files.slice(detailedMax)],
    approvals: ledger.approvals.filter((approval) => approval.plan === identified.id),
    ...(stage ? { stage } : {}),
  };
}

const notKept: FileDetail = { kind: "none", why: "its bytes are not kept where this report was made" };

/** The steps, and of a refused plan the files that it may not touch. */
function filesOf({ plan }: IdentifiedPlan): FileReport[] {
  const written = plan.waves.flatMap((wave) => wave.steps.map((step) => fileOf(step, wave.name)));
  const known = new Set(written.map(({ path }) => path));
  const held = plan.refusals.flatMap(({ stale = [] }) => stale).filter(({ path }) => !known.has(path) && known.add(path));
  return [
    ...written,
    ...held.map(({ path, lineage, live, local, liveSizeBytes, localSizeBytes }): FileReport => ({
      path,
      kind: "held",
      because: heldBecause[lineage],
      ...(live === undefined ? {} : { before: { digest: live, ...(liveSizeBytes === undefined ? {} : { sizeBytes: liveSizeBytes }) } }),
      ...(local === undefined ? {} : { after: { digest: local, ...(localSizeBytes === undefined ? {} : { sizeBytes: localSizeBytes }) } }),
    })),
  ];
}

const lossesIn = ({ refusals }: Plan): ReadonlyMap<string, PageLoss> =>
  new Map(refusals.flatMap(({ stale = [] }) => stale.flatMap(({ path, loss }) => (loss ? [[path, loss] as const] : []))));

const heldBecause: Readonly<Record<StalePath["lineage"], string>> = {
  behind: "live has gone on since this copy last saw it",
  diverged: "live and this copy have both changed since they were the same",
  unknown: "this copy has never seen what is live",
};

function fileOf({ change, because, from }: Step, wave: Wave["name"]): FileReport {
  const place = { path: change.at.key, kind: change.kind, wave, because, ...(from ? { from } : {}) };
  switch (change.kind) {
    case "create":
      return { ...place, after: change.content };
    case "replace":
      return { ...place, before: change.prior, after: change.content };
    case "delete":
      return { ...place, before: change.prior };
  }
}

/** What is refused, then pages that change, come or go, then what else can be read, then the rest. */
function rankOf({ path, kind }: FileReport): number {
  if (kind === "held") return 0;
  if (isPage(path)) return { replace: 1, delete: 2, create: 3 }[kind];
  return /\.(?:css|csv|ics|[cm]?js|json|md|svg|txt|xml|ya?ml)$/iu.test(path) ? 4 : 5;
}

const empty = new Uint8Array();

interface Detailed extends FileReport {
  readonly detail: FileDetail;
}

interface Reading {
  readonly bench: Workbench;
  /** What refusals say of pages, by path. */
  readonly losses: ReadonlyMap<string, PageLoss>;
  readonly store: Store;
  readonly context: Context;
}

async function detailOf(reading: Reading, file: FileReport): Promise<FileDetail> {
  const [before, after] = await Promise.all([beforeBytes(reading, file), afterBytes(reading, file)]);
  if (before === "large" || after === "large") return { kind: "none", why: "it is too large to be shown" };
  if (before === "lost" || after === "lost") return notKept;
  const pictures = picturesOf(before, after);
  if (pictures) return pictures;
  return textDetail(reading, file.path, { before: before ?? empty, after: after ?? empty });
}

interface Bytes {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

function textDetail({ bench, losses }: Reading, path: string, { before, after }: Bytes): FileDetail {
  const texts = comparableTexts(before, after);
  if (!texts) return { kind: "none", why: "it is not text" };
  const [left = "", right = ""] = texts;
  const diff = sideBySide({ before: left, after: right, shown: { before: redactLines(left), after: redactLines(right) } });
  if (!isPage(path)) return { kind: "text", diff };
  const tokens = bench.site.tokens.filter((token) => token.file === path);
  // A refusal also knows the earlier versions of the page, and so what would come back.
  return { kind: "text", diff, loss: losses.get(path) ?? pageLoss({ local: after, live: before, earlier: [], tokens }) };
}

/** Pictures are decoration where text is the matter: what finds no room is told by its size alone. */
function withinRoom(files: readonly Detailed[]): Detailed[] {
  let room = picturesBytesMax;
  return files.map((file) => {
    if (file.detail.kind !== "pictures") return file;
    const size = (file.detail.before?.bytes.byteLength ?? 0) + (file.detail.after?.bytes.byteLength ?? 0);
    if (size > room) return { ...file, detail: { kind: "none", why: "the report has no room for more pictures" } };
    room -= size;
    return file;
  });
}

/** Present where every side that there is holds a small raster image. */
function picturesOf(before: Uint8Array | undefined, after: Uint8Array | undefined): FileDetail | undefined {
  const [was, is] = [before && pictureFrom(before), after && pictureFrom(after)];
  if ((before && !was) || (after && !is) || (!was && !is)) return undefined;
  if ([was, is].some((picture) => picture && picture.bytes.byteLength > pictureBytesMax)) {
    return { kind: "none", why: "the picture is too large to be shown here" };
  }
  return { kind: "pictures", ...(was ? { before: was } : {}), ...(is ? { after: is } : {}) };
}

type Found = Uint8Array | "large" | "lost" | undefined;

async function beforeBytes({ bench, store, context }: Reading, { path, before }: FileReport): Promise<Found> {
  if (!before?.digest) return undefined;
  return await bytesFrom(bench, { digest: before.digest, sizeBytes: before.sizeBytes ?? 0 }, [{ store, path }], context);
}

async function afterBytes({ bench, store, context }: Reading, { path, after, from }: FileReport): Promise<Found> {
  if (!after?.digest) return undefined;
  const source = from && { store: await bench.storeOf(from.store), path: from.key };
  const places = source
    ? [source, { store, path }]
    : [
        { store: bench.folder, path },
        { store, path },
      ];
  return await bytesFrom(bench, { digest: after.digest, sizeBytes: after.sizeBytes ?? 0 }, places, context);
}

async function bytesFrom(
  bench: Workbench,
  { digest, sizeBytes }: { readonly digest: Digest; readonly sizeBytes: number },
  places: readonly { readonly store: Store; readonly path: string }[],
  context: Context,
): Promise<Found> {
  if (sizeBytes >= textBytesMax) return "large";
  const body = await findBytes(bench, digest, places, context);
  if (!body) return "lost";
  return body.sizeBytes >= textBytesMax ? "large" : await bytesOf(body);
}

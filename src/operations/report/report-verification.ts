/** A verification with its screenshots, for a report. */

import { bytesOf } from "../../core/body.ts";
import type { Digest } from "../../core/brand.ts";
import { targetState, type LedgerState } from "../../core/ledger/fold.ts";
import type { Target } from "../../core/site.ts";
import { parseVerification } from "../../core/verify/parse-verification.ts";
import type { Verification } from "../../core/verify/verification.ts";
import { openRemembered } from "../plan-shelf.ts";
import { pictureFrom } from "./report-picture.ts";
import type { Picture, VerificationReport, VerifyReportFacts } from "./report-facts.ts";
import type { Context, Workbench } from "../workbench.ts";

/** Of all screenshots of one report together: what a mail still carries. */
const picturesBytesMax = 3 * 1024 * 1024;

/** The facts of `belay verify --html`. */
export async function gatherVerifyReport(bench: Workbench, verification: Verification, context: Context): Promise<VerifyReportFacts> {
  const target = bench.site.targets.find(({ name }) => name === verification.target);
  if (!target) throw new Error(`belay bug: a verification of ${verification.target}, which is no target`);
  const made = { at: new Date(bench.runtime.now()).toISOString(), by: bench.actor };
  return { made, target, ...(await withPictures(bench, verification, context)) };
}

/** The newest look at the stage that a target takes its bytes from; of its files and pages those that are asked for. */
export async function stageReport(
  bench: Workbench,
  { ledger, target, paths }: { readonly ledger: LedgerState; readonly target: Target; readonly paths: ReadonlySet<string> },
  context: Context,
): Promise<VerificationReport | undefined> {
  if (target.after === undefined) return undefined;
  const { verified } = targetState(ledger, bench.site.name, target.after);
  const body = verified && (await bench.vault.open(verified.document, context));
  const verification = body && parseVerification(await bytesOf(body));
  if (!verification) return undefined;
  const files = verification.files.filter(({ path }) => paths.has(path));
  const looks = verification.looks?.filter(({ path }) => paths.has(path));
  if (files.length === 0) return undefined;
  const tokens = verification.tokens.filter(({ path }) => paths.has(path));
  return await withPictures(bench, { ...verification, files, tokens, ...(looks ? { looks } : {}) }, context);
}

async function withPictures(bench: Workbench, verification: Verification, context: Context): Promise<VerificationReport> {
  const pictures = new Map<Digest, Picture>();
  let [room, picturesLeftOut] = [picturesBytesMax, 0];
  for (const digest of (verification.looks ?? []).flatMap(({ before, screenshot }) => [before, screenshot])) {
    if (digest === undefined || pictures.has(digest)) continue;
    const body = (await openRemembered(bench.seenBytes, digest, context)) ?? (await bench.vault.open(digest, context));
    const picture = body && body.sizeBytes <= room ? pictureFrom(await bytesOf(body)) : undefined;
    if (picture) {
      pictures.set(digest, picture);
      room -= picture.bytes.byteLength;
    } else picturesLeftOut += 1;
  }
  return { verification, pictures, picturesLeftOut };
}

/** `belay verify`: what visitors get of a target, looked at again, and recorded whatever it is. */

import { BelayError } from "../../core/belay-error.ts";
import { bodyOf, bytesOf } from "../../core/body.ts";
import type { Digest } from "../../core/brand.ts";
import { targetState, type OpenPlan } from "../../core/ledger/fold.ts";
import type { Target } from "../../core/site.ts";
import { worst } from "../../core/verify/judge-sight.ts";
import { parseVerification, verificationBytes } from "../../core/verify/parse-verification.ts";
import type { BrowserLook, Outcome, Verification } from "../../core/verify/verification.ts";
import { appendAlways } from "../append-always.ts";
import { lookClosely } from "./look-at.ts";
import { lookInBrowser, requireBrowser } from "./look-in-browser.ts";
import type { Selection } from "../compare/observe.ts";
import { scopeOf, type Scope } from "./verify-scope.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface VerifyRequest {
  readonly target: Target;
  readonly selection: Selection;
  /** However many pages there are. */
  readonly isAll: boolean;
  /** How long to look again at what may yet come right, in milliseconds. */
  readonly withinMs: number;
  /** Show the pages in a browser, too. */
  readonly wantsBrowser: boolean;
  /** A person's own look, in their words. It never makes a bad look good. */
  readonly note?: string;
}

export interface VerifyResult {
  readonly target: Target;
  readonly verification: Verification;
  /** Of the verification, in the vault. */
  readonly document: Digest;
  /** Of its entry in the ledger. */
  readonly seq: number;
  readonly scope: Pick<Scope, "kind" | "next" | "leftOut">;
  /** A deploy that has not ended: what it wrote is not on record yet. */
  readonly open: OpenPlan | null;
  /** Present where a browser looked: pages that it did not show, being too many. */
  readonly notShown?: number;
}

const noteCharsMax = 2000;

/** Appends `verified` also where the outcome is bad or unknown. */
export async function verify(bench: Workbench, request: VerifyRequest, context: Context): Promise<VerifyResult> {
  const { target, selection, isAll, withinMs, wantsBrowser } = request;
  const note = request.note?.trim();
  requireNote(note, target);
  if (wantsBrowser) await requireBrowser(bench, target, context);
  const ledger = await bench.ledger.state(context);
  const { open, verified } = targetState(ledger, bench.site.name, target.name);
  const scope = await scopeOf(bench, { ledger, target, selection, isAll }, context);
  const looked = await lookClosely(bench, { target, files: scope.files, withinMs, assets: scope.assets }, context);
  const shown = wantsBrowser
    ? await lookInBrowser(bench, { target, scope, earlier: await openVerification(bench, verified?.document, context) }, context)
    : undefined;
  const files = looked.map(({ file }) => file);
  const verification: Verification = {
    format: 1,
    kind: "verification",
    site: bench.site.name,
    target: target.name,
    at: new Date(bench.runtime.now()).toISOString(),
    outcome: worst([...files.map(({ outcome }) => outcome), browserOutcome(shown?.looks)]),
    files,
    tokens: looked.flatMap(({ tokens }) => tokens),
    ...(shown === undefined ? {} : { looks: shown.looks }),
  };
  const { document, seq } = await record(bench, verification, note, context);
  const { kind, next, leftOut } = scope;
  return {
    target,
    verification,
    document,
    seq,
    scope: { kind, leftOut, ...(next === undefined ? {} : { next }) },
    open,
    ...(shown === undefined ? {} : { notShown: shown.leftOut }),
  };
}

/** A page that no browser could show was not seen, whatever its bytes are. What a browser complains of is told and decides nothing. */
const browserOutcome = (looks: readonly BrowserLook[] = []): Outcome =>
  looks.some(({ screenshot }) => screenshot === undefined) ? "unknown" : "good";

function requireNote(note: string | undefined, { name }: Target): void {
  if (note === undefined) return;
  const again = `belay verify ${name} --by NAME --note "what was seen"`;
  if (note === "") throw new BelayError("usage", "The note says nothing.", again);
  if (note.length > noteCharsMax) throw new BelayError("usage", `The note is longer than ${noteCharsMax} characters.`, again);
}

async function record(
  bench: Workbench,
  verification: Verification,
  note: string | undefined,
  context: Context,
): Promise<{ readonly document: Digest; readonly seq: number }> {
  const bytes = verificationBytes(verification);
  const document = bench.runtime.sha256(bytes);
  await bench.vault.keep(bodyOf(bytes, document), context);
  const { site, target, outcome, files } = verification;
  const entry = await appendAlways(
    bench,
    {
      kind: "verified",
      actor: bench.actor,
      site,
      target,
      document,
      files: files.length,
      outcome,
      ...(note === undefined ? {} : { note }),
    },
    context,
  );
  return { document, seq: entry.seq };
}

/** A verification from the vault; `undefined` where none is named, or where it is gone. */
export async function openVerification(
  bench: Pick<Workbench, "vault">,
  document: Digest | undefined,
  context: Context,
): Promise<Verification | undefined> {
  const body = document === undefined ? undefined : await bench.vault.open(document, context);
  return body && parseVerification(await bytesOf(body));
}

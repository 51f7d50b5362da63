/** One step, to a fate that is known or honestly unknown. */

import { invariant } from "../../core/belay-error.ts";
import type { Body } from "../../core/body.ts";
import type { Revision } from "../../core/brand.ts";
import type { Change, Content, Observed, Provenance, Source, Unchanged } from "../../core/plan/plan.ts";
import type { Confirm, CopyOutcome, Store, WriteOutcome } from "../../ports/store.ts";
import type { Context } from "../workbench.ts";

export type Fate =
  | { readonly kind: "done"; readonly revision: Revision | undefined }
  | { readonly kind: "conflict"; readonly found: Observed | undefined }
  | { readonly kind: "unsettled"; readonly cause: unknown }
  /** Somebody else owns the plan now: nothing was sent. */
  | { readonly kind: "adopted" };

export interface Writing {
  readonly store: Store;
  readonly change: Change;
  /** Where the bytes lie already: the store is asked to copy them from there, and they are opened only if it does not. */
  readonly from?: Source;
  /** Opened only when a write is really made, and before `mayWrite` is asked. */
  readonly body: () => Promise<Body>;
  /** Asked right before each request: nothing slow may come between the answer and the write (see tenure.ts). */
  readonly mayWrite: () => Promise<boolean>;
  /** Asked after `body`, which tells where the bytes come from. */
  readonly provenance: () => Provenance | undefined;
}

const attemptsMax = 3;

/**
 * Writes until the outcome is known, at most three times. A conflict is believed only after looking: a lost reply
 * of our own comes back as one. Throws what the store throws; a thrown write has not landed.
 */
export async function settle(writing: Writing, context: Context): Promise<Fate> {
  let doubt: { readonly cause: unknown } | undefined;
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    try {
      const outcome = await perform(writing, context);
      if (outcome.kind === "written") return { kind: "done", revision: outcome.revision };
      if (outcome.kind === "removed") return { kind: "done", revision: undefined };
      if (outcome.kind === "adopted") return outcome;
      if (outcome.kind === "unknown") doubt = { cause: outcome.cause };
      if (outcome.kind === "unknown" && outcome.isUnchecked) return { kind: "unsettled", cause: outcome.cause };
      const fate = await rederive(writing, context);
      if (fate.kind !== "not-done") return fate;
      // Not done and no conflict: the request was lost on its way, or a stranger came and went. Try again.
    } catch (error) {
      // From the first doubt on, what cannot be looked at may have landed, or may land yet.
      if (!doubt) throw error;
      return { kind: "unsettled", cause: doubt.cause };
    }
  }
  return { kind: "unsettled", cause: doubt?.cause ?? new Error("the store reported a conflict that could not be found") };
}

async function perform(writing: Writing, context: Context): Promise<WriteOutcome | { readonly kind: "adopted" }> {
  const { store, change } = writing;
  const { key } = change.at;
  const copied = await performCopy(writing, context);
  if (copied.kind !== "not-copied") return copied;
  const body = change.kind === "delete" ? undefined : await writing.body();
  const provenance = writing.provenance();
  // A store whose way to the write is long asks again, right before it.
  let isOwner = true;
  const confirm = async (): Promise<boolean> => (isOwner = await writing.mayWrite());
  if (!(await confirm())) return { kind: "adopted" };
  const outcome =
    change.kind === "delete" || !body
      ? await store.remove({ key, expect: expectedRevision(change), confirm }, context)
      : await store.write(
          { key, expect: change.expect, body, headers: change.content.headers, confirm, ...(provenance && { provenance }) },
          context,
        );
  return isOwner ? outcome : { kind: "adopted" };
}

/** Of a step without a source, and of a store that copies nothing, nothing is copied. */
async function performCopy(
  { store, change, from, ...writing }: Writing,
  context: Context,
): Promise<CopyOutcome | { readonly kind: "adopted" }> {
  if (!from || !store.copy || change.kind === "delete") return { kind: "not-copied", why: "there is nothing to copy from, or no way to" };
  let isOwner = true;
  const confirm: Confirm = async () => (isOwner = await writing.mayWrite());
  if (!(await confirm())) return { kind: "adopted" };
  const { at, expect, content } = change;
  const provenance = writing.provenance();
  const outcome = await store.copy({ key: at.key, expect, from, ...content, confirm, ...(provenance && { provenance }) }, context);
  return isOwner ? outcome : { kind: "adopted" };
}

function expectedRevision(change: Change): Unchanged {
  invariant(change.expect.kind === "unchanged", "a delete expects a revision");
  return change.expect;
}

export type Derived = Extract<Fate, { kind: "done" | "conflict" }> | { readonly kind: "not-done" };

/** A step's fate from the live state alone: content there → done; expectation still holds → not done; else → conflict. */
export async function rederive({ store, change }: Pick<Writing, "store" | "change">, context: Context): Promise<Derived> {
  const found = (await store.read(change.at.key, context))?.observed;
  if (hasArrived(change, found)) return { kind: "done", revision: found?.revision };
  return isExpected(change, found) ? { kind: "not-done" } : { kind: "conflict", found };
}

/** Whether what was found is what the change expects to replace. */
export const isExpected = ({ expect }: Change, found: Observed | undefined): boolean =>
  expect.kind === "absent" ? found === undefined : found?.revision === expect.revision;

export const hasArrived = (change: Change, found: Observed | undefined): boolean =>
  change.kind === "delete" ? found === undefined : found !== undefined && holdsContent(found, change.content);

function holdsContent(found: Observed, content: Content): boolean {
  const headers = found.headers ?? {};
  const names = new Set([...Object.keys(headers), ...Object.keys(content.headers)]);
  return found.digest === content.digest && [...names].every((name) => headers[name] === content.headers[name]);
}

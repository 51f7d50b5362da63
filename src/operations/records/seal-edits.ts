/** The one way from edits to the bytes of an object: applied, checked by what shares no code with that, and sealed (R7). */

import { secondOpinion } from "../../codecs/html-document/second-opinion.ts";
import { BelayError } from "../../core/belay-error.ts";
import { bodyOf, type Body } from "../../core/body.ts";
import type { Digest, StoreName } from "../../core/brand.ts";
import type { Content } from "../../core/plan/plan.ts";
import type { Edit, RecordCodec, RecordDocument, Span } from "../../core/records/document.ts";
import { applyEdits } from "../../core/records/edits/apply-edits.ts";
import { checkEdits } from "../../core/records/edits/check-edits.ts";
import { checkedEdits } from "../../core/records/edits/checked-edit.ts";
import { orderEdits } from "../../core/records/edits/order-edits.ts";
import type { RecordRewrite } from "../../core/records/records-part.ts";
import type { RecordsBench } from "./records-bench.ts";

/** The new bytes of an object, with the proof that nothing else changes. */
export interface Sealed {
  readonly content: Content;
  readonly body: Body;
  readonly rewrite: Omit<RecordRewrite, "at" | "system">;
}

export interface Sealing {
  readonly document: RecordDocument;
  /** At least one. */
  readonly edits: readonly Edit[];
  readonly headers: Content["headers"];
  readonly codec: Pick<RecordCodec, "name">;
}

/** Throws `input-invalid` where two edits contradict one another, or where a checker of its own finds more changed than was meant. */
export function sealEdits(
  records: RecordsBench,
  { document, edits, headers, codec }: Sealing,
  { store, key }: { readonly store: StoreName; readonly key: string },
): Sealed {
  const { sha256 } = records.home.runtime;
  const ordered = orderEdits(edits);
  if (!ordered) throw contradictory(store, key);
  const opinion = codec.name === "html" ? secondOpinion(document.bytes, headers, ordered) : undefined;
  if (opinion?.kind === "refuses") throw unproven(store, key, opinion.why);
  const after = applyEdits(document.bytes, ordered);
  const checked = checkedEdits(document.bytes, ordered, sha256);
  const verdict = checkEdits(document.bytes, after, checked, sha256);
  if (verdict.kind === "bad") throw unproven(store, key, verdict.why);
  const sealedBytes = document.seal(after);
  const body = bodyOf(sealedBytes, sha256(sealedBytes));
  return {
    body,
    content: { digest: body.digest, sizeBytes: sealedBytes.byteLength, headers },
    rewrite: { replaced: checked.map(replacedOf), outside: outsideOf(checked) },
  };
}

const replacedOf = ({ span, old, new: said }: { readonly span: Span; readonly old: Uint8Array; readonly new: Uint8Array }) => ({
  span,
  old: base64(old),
  new: base64(said),
});

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

function outsideOf([first]: readonly { readonly outside: Digest }[]): Digest {
  if (!first) throw new Error("belay bug: an edited object has edits");
  return first.outside;
}

const contradictory = (store: StoreName, key: string): BelayError =>
  new BelayError(
    "input-invalid",
    `Two corrections of ${store} ${key} would change the same bytes differently, so none is made.`,
    "Correct this object by hand, then run the same command again.",
  );

const unproven = (store: StoreName, key: string, why: string): BelayError =>
  new BelayError(
    "input-invalid",
    `The edit of ${store} ${key} would change more than it should, so it is not made: ${why}.`,
    "Correct this object by hand, and report this as a bug with the page.",
  );

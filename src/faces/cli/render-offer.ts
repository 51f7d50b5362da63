/** What a signature will say, shown before it is asked for: these lines and the plan above them are all of it. */

import type { SigningOffer } from "../../operations/approve/approve.ts";
import type { BoundPolicy, PolicyOffer } from "../../operations/approve/policy-approve.ts";
import type { IdentifiedPlan } from "../../core/plan/plan.ts";
import { plain } from "./plain-text.ts";
import { shortId } from "./render-proof.ts";
import type { View } from "./screen.ts";
import { wrap } from "./text-width.ts";
import { localTime } from "./when.ts";

const labelWidth = 9;

export function offerLines(
  { id, plan }: IdentifiedPlan,
  { needs, store, ledger, expires, approvedBy }: SigningOffer,
  view: View,
): string[] {
  const { merges = [], emergency } = plan;
  const kind = needs.keys === "security-key" ? ", by security key" : "";
  const others = needs.approvers === "others" ? ", not whoever brought it" : "";
  const facts: (readonly [string, string])[] = [
    ["plan", view.isVerbose ? id : `${shortId(id)}  exactly these steps, once`],
    ["target", `${plan.target}  ${plain(store)}`],
    ["ledger", ledger.slice(0, 12)],
    ["until", localTime(expires, view.nowMs)],
    [
      "needs",
      `${needs.count} ${needs.count === 1 ? "person" : "people"}${kind}${others}; so far ${approvedBy.length === 0 ? "nobody" : approvedBy.map(plain).join(", ")}`,
    ],
    ...(merges.length === 0 ? [] : [["merges", `${merges.join(", ")}: nobody watched, and you have looked at them`] as const]),
    ...(emergency === undefined ? [] : [["emergency", plain(emergency)] as const]),
  ];
  return ["", view.paint.bold("your signature says"), ...factLines(facts, view)];
}

const factLines = (facts: readonly (readonly [string, string])[], view: View): string[] =>
  facts.flatMap(([label, fact]) =>
    wrap(fact, { width: view.columns, first: `  ${label.padEnd(labelWidth)}  `, rest: " ".repeat(labelWidth + 4) }),
  );

/** What belay.yaml would change, and who decides. */
export function policyOfferLines({ digest, binding, isSigned, ledger, expires }: PolicyOffer, view: View): string[] {
  const signing: readonly (readonly [string, string])[] = [
    ["policy", shortId(digest)],
    ["ledger", ledger.slice(0, 12)],
    ["until", localTime(expires, view.nowMs)],
  ];
  const head =
    binding.length === 0 ? ["No policy binds yet: belay.yaml as it stands would."] : binding.flatMap((one) => boundLines(one, view));
  return isSigned ? [...head, "", view.paint.bold("your signature says"), ...factLines(signing, view)] : head;
}

const ways = { "first-use": "since production was first recorded", person: "by a person's word", signature: "by signature of" } as const;

/** The policy in force, and how belay.yaml differs from it. */
export function boundLines({ site, digest, at, by, signer, differences }: BoundPolicy, view: View): string[] {
  const who = signer === undefined ? ways[by] : `${ways[by]} ${plain(signer)}`;
  const head = `policy ${shortId(digest)} binds ${plain(site)}, ${who}, ${localTime(at, view.nowMs)}`;
  return [...wrap(head, { width: view.columns, first: "", rest: "  " }), ...differenceLines(differences, view)];
}

function differenceLines(differences: readonly string[] | undefined, view: View): string[] {
  if (differences === undefined) return ["  its document cannot be read, so what differs is not known"];
  if (differences.length === 0) return ["  belay.yaml says the same"];
  return differences.flatMap((one) => wrap(plain(one), { width: view.columns, first: "  ~ ", rest: "    " }));
}

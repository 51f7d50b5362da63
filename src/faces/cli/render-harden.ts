/** `belay harden` for people: what is and what is to be, setting by setting, and what all of it does not hold. */

import { gaps } from "../../core/harden/uncovered.ts";
import { isAllBlocked, type SettingChange } from "../../core/harden/harden-plan.ts";
import type { HardenResult, Hardening } from "../../operations/harden/harden.ts";
import { policyDiff } from "../../operations/harden/policy-diff.ts";
import { counted, plain, plainLine } from "./plain-text.ts";
import { shortId } from "./render-proof.ts";
import type { View } from "./screen.ts";
import { aligned, wrap } from "./text-width.ts";

/** One bucket's plan: settings, then the policy's diff, then what is left as it is. */
export function hardeningLines(hardening: Hardening, view: View): string[] {
  const { plan, kept, notes, id } = hardening;
  const { paint, columns } = view;
  const rows = plan.changes.map((change) => ["  ", labelOf(change, plan.bucket), told(change, "now"), "→", told(change, "next")]);
  const remarks = [...keptNotes(kept), ...notes].flatMap((note) => wrap(plain(note), { width: columns, first: "  · ", rest: "    " }));
  return [
    paint.bold(`Bucket ${plain(plan.bucket)} (${plan.places.map(plain).join(", ")})`),
    ...(rows.length === 0 ? ["  stands as it should: nothing to do"] : aligned(rows).map((line) => line.trimEnd())),
    ...remarks,
    ...plan.changes.flatMap((change) => diffLines(policyDiff(change), view)),
    ...(rows.length === 0 ? [] : ["", `plan ${shortId(id)}`]),
  ];
}

/** The gaps, which stand under every plan. */
export const gapLines = ({ columns, paint }: View): string[] => [
  paint.bold("What these walls do not hold"),
  ...gaps.flatMap(({ text }) => wrap(text, { width: columns, first: "  · ", rest: "    " })),
];

export function placeholderLines({ placeholders }: HardenResult, { columns }: View): string[] {
  if (placeholders.length === 0) return [];
  return wrap(`Placeholders in the documents, to be filled in: ${placeholders.map(plain).join(", ")}`, { width: columns, rest: "  " });
}

export const skippedLines = ({ skipped }: HardenResult, { columns }: View): string[] =>
  skipped.flatMap(({ name, store }) =>
    wrap(`${plain(name)} lies in ${plain(store)}, where no policy can be put: the folder's own permissions are the wall.`, {
      width: columns,
      rest: "  ",
    }),
  );

function keptNotes(kept: Hardening["kept"]): string[] {
  if (kept.length === 0) return [];
  const names = kept.map(({ Sid }) => (typeof Sid === "string" && Sid !== "" ? Sid : "one without a Sid"));
  return [
    `${counted(kept.length, "statement")} of others ${kept.length === 1 ? "stays" : "stay"} as ${kept.length === 1 ? "it is" : "they are"}: ${names.join(", ")}`,
  ];
}

/** With the bucket, where it is another one. */
export const labelOf = ({ setting, bucket }: SettingChange, own: string): string =>
  `${setting.replaceAll("-", " ")}${bucket === own ? "" : ` of ${plain(bucket)}`}`;

function told(change: SettingChange, side: "now" | "next"): string {
  switch (change.setting) {
    case "versioning":
      return change[side] === "Enabled" ? "on" : change[side] === "never" ? "never on" : "suspended";
    case "public-access-block":
      return change[side] === null ? "off" : isAllBlocked(change[side]) ? "all of it" : "some of it";
    case "logging": {
      const value = change[side];
      return value === null ? "off" : `s3://${plain(value.bucket)}/${plain(value.prefix)}`;
    }
    case "policy":
      return side === "now" ? (change.now === null ? "none" : "as below") : "as below";
  }
}

/** Lines of JSON are shown whole, however long: what is cut off is not seen. */
function diffLines(diff: string, { paint }: View): string[] {
  if (diff === "") return [];
  const painted = (line: string): string => (line.startsWith("+") ? paint.green(line) : line.startsWith("-") ? paint.red(line) : line);
  return [
    "",
    ...diff
      .trimEnd()
      .split("\n")
      .map((line) => painted(plainLine(line))),
  ];
}

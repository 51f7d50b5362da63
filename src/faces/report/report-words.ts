/** What reports say, whether as HTML or as Markdown. Texts from outside are not cleaned here: the renderers do that. */

import type { Actor } from "../../core/ledger/entry.ts";
import type { PageLoss, Term } from "../../core/page-terms.ts";
import { isPage } from "../../core/paths/key.ts";
import { stepsOf, type Headers, type Plan } from "../../core/plan/plan.ts";
import type { Outcome } from "../../core/verify/verification.ts";
import type { FileReport, Made, ReportFacts } from "../../operations/report/report-facts.ts";
import { counted } from "../cli/plain-text.ts";
import { diffFact, shortId, stateWord } from "../cli/render-proof.ts";

export type Tone = "good" | "bad" | "wait";

export interface Verdict {
  readonly tone: Tone;
  /** The sign in front says without colour what the tone is. */
  readonly heading: string;
  readonly lines: readonly string[];
  readonly commands: readonly { readonly say: string; readonly command: string }[];
}

export function verdictOf({ identified: { id, plan }, approvals }: ReportFacts): Verdict {
  const lines = plan.emergency === undefined ? [] : [`Emergency, past the approval of others: ${plan.emergency}`];
  const apply = { say: "to carry it out", command: `belay apply ${shortId(id)}` };
  if (plan.refusals.length > 0) {
    const needsPerson = plan.refusals.some(({ rule }) => rule === "D8");
    const who = needsPerson
      ? "A person has to look at it first: live holds work that this copy has never seen."
      : "The way on stands with each reason.";
    return { tone: "bad", heading: "✖ Refused: nothing will be written", lines: [who, ...lines], commands: [] };
  }
  if (stepsOf(plan).length === 0) {
    return { tone: "good", heading: `✔ Nothing to do: ${plan.target} holds all of it already`, lines, commands: [] };
  }
  const missing = (plan.needs?.count ?? 0) - approvals.length;
  if (!plan.needs || missing <= 0) {
    const given = approvals.length > 0 ? [`Approved by ${approvals.map(({ signer }) => signer).join(", ")}.`] : [];
    return { tone: "good", heading: "✔ Ready: no rule stands in its way", lines: [...given, ...lines], commands: [apply] };
  }
  const { approvers, keys } = plan.needs;
  return {
    tone: "wait",
    heading: `● Waits for ${counted(missing, "approval")}`,
    lines: [
      `Approval is a person's signature under exactly this plan${keys === "security-key" ? ", given with a security key that is touched" : ""}.`,
      ...(approvers === "others" ? ["Whoever brought the change cannot be the one who approves it."] : []),
      ...(approvals.length > 0 ? [`Given so far by ${approvals.map(({ signer }) => signer).join(", ")}.`] : []),
      ...lines,
    ],
    commands: [
      { say: "to approve it, on your own machine", command: `belay approve ${shortId(id)}` },
      { ...apply, say: "then, to carry it out" },
    ],
  };
}

const intents: Readonly<Record<Plan["intent"], string>> = {
  deploy: "Deploy",
  restore: "Restore",
  rollback: "Rollback",
  promote: "Promotion",
  sweep: "Sweep",
  reconcile: "Correction",
};

/** `Promotion to production`. */
export const intentOf = ({ intent, target }: Plan): string => `${intents[intent]} ${intent === "sweep" ? "of" : "to"} ${target}`;

/** What would happen, in one sentence. */
export function outlineOf({ identified: { plan }, files }: ReportFacts): string {
  const written = files.filter(({ kind }) => kind !== "held");
  const phrases = (["replace", "create", "delete"] as const).flatMap((kind) => {
    const own = written.filter((file) => file.kind === kind);
    const pages = own.filter(({ path }) => isPage(path)).length;
    const others = own.length - pages;
    const what = [
      pages === 0 ? "" : counted(pages, "page"),
      others === 0 ? "" : counted(others, pages === 0 ? "file" : "other file"),
    ].filter(Boolean);
    return own.length === 0 ? [] : [`${what.join(" and ")} ${outcomes[kind]}`];
  });
  if (phrases.length === 0) return plan.refusals.length > 0 ? "Nothing can be written as it is." : "Nothing changes.";
  const begin = plan.refusals.length > 0 ? "Were it not refused: " : "";
  const sentence = `${begin}${phrases.join(", ")} on ${plan.target}.`;
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}

const outcomes = { replace: "would change", create: "would be new", delete: "would be gone" } as const;

export const kindWords: Readonly<Record<FileReport["kind"], string>> = {
  create: "new",
  replace: "changed",
  delete: "gone",
  held: "refused",
};

/** The six lines of rule D6, each with what stands behind its label. */
export function proofFacts({ proof, waves, refusals }: Plan): readonly (readonly [label: string, lines: readonly string[]])[] {
  const changes = waves.flatMap((wave) => wave.steps).map(({ change }) => change);
  // A refused plan's proof also covers files that it may not write, so no count is given there.
  const of = (count: number): string => (refusals.length > 0 || count < 2 ? "" : `  (manifest of ${counted(count, "file")})`);
  const kept = proof.tokens.filter(({ local, live }) => local === "ok" && live === "ok");
  const tokens = [
    ...proof.tokens
      .filter((token) => !kept.includes(token))
      .map(({ name, path, local, live }) => `${name} (${path}): here ${stateWord[local]}, live ${stateWord[live]}`),
    ...(kept.length === 0 ? [] : [`${kept.length} kept here and live: ${kept.map(({ name }) => name).join(", ")}`]),
  ];
  return [
    ["local", [`${proof.local}${of(changes.filter(({ kind }) => kind !== "delete").length)}`]],
    ["live", [`${proof.live}${of(changes.filter(({ kind }) => kind !== "create").length)}`]],
    ["diff", [diffFact(proof.diff)]],
    ["tokens", tokens.length === 0 ? ["none touched"] : tokens],
    ["staging invalidation", [proof.stagingInvalidation]],
    ["production invalidation", [proof.productionInvalidation]],
  ];
}

/** `2031-05-20 14:02 UTC`. */
export const momentOf = (iso: string): string =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d/u.test(iso) ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : iso;

/** A name, and how far it is to be trusted. */
const actorOf = ({ name, kind, proof, from }: Actor): string => {
  const what = kind === "unknown" ? "" : `${kind}, `;
  return `${name} (${what}${proof === "verified" ? "verified" : "claimed"} by ${from})`;
};

export const madeBy = ({ at, by }: Made): string => `${momentOf(at)} by ${actorOf(by)}`;

const kilo = 1000;

export function sizeText(bytes: number): string {
  if (bytes < kilo) return `${bytes} B`;
  return bytes < kilo * kilo ? `${(bytes / kilo).toFixed(1)} kB` : `${(bytes / kilo / kilo).toFixed(1)} MB`;
}

/** `4.1 kB → 4.3 kB`, or the one size that there is. */
export function sizesOf({ before, after }: FileReport): string {
  const [was, is] = [before?.sizeBytes, after?.sizeBytes];
  const sides = [was, is].flatMap((size) => (size === undefined ? [] : [sizeText(size)]));
  return was === is ? (sides[0] ?? "") : sides.join(" → ");
}

export interface HeaderDifference {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Headers that differ; of a file that comes, all of them. Empty where a side's headers are not known. */
export function headerDifferences({ kind, before, after }: FileReport): HeaderDifference[] {
  const [was, is]: readonly (Headers | undefined)[] = [kind === "create" ? {} : before?.headers, after?.headers];
  if (!was || !is) return [];
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].toSorted();
  return names.map((name) => ({ name, before: own(was, name), after: own(is, name) })).filter((row) => row.before !== row.after);
}

const own = (headers: Headers, name: string): string | undefined => (Object.hasOwn(headers, name) ? headers[name] : undefined);

/** `script` and the rest, without saying the kind twice. */
export const termText = ({ kind, text }: Term): string =>
  kind === "script" || kind === "style" ? text.replace(/^inline (?:script|styles?): /u, "") : text;

/** Whether there is anything that visitors would notice. */
export const hasLoss = ({ vanishes, returns, appears, tokens }: PageLoss): boolean =>
  vanishes.length + returns.length + appears.length + tokens.length > 0;

export const outcomeWords: Readonly<Record<Outcome, { readonly tone: Tone; readonly word: string }>> = {
  good: { tone: "good", word: "✔ as it should be" },
  bad: { tone: "bad", word: "✖ wrong" },
  unknown: { tone: "wait", word: "? could not be told" },
};

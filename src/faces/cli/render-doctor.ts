/** `belay doctor` for people: what is unsafe first, each with what to do about it. */

import { severities, type Finding, type Severity } from "../../core/doctor/finding.ts";
import type { DoctorResult } from "../../operations/doctor/doctor.ts";
import { counted, plain } from "./plain-text.ts";
import type { View } from "./screen.ts";
import { cutTo, widthOf, wrap } from "./text-width.ts";

const heads: Readonly<Record<Severity, string>> = { unsafe: "Unsafe", warning: "Warnings", note: "Notes", ok: "Fine" };
/** Colour is never the only sign. */
const signs: Readonly<Record<Severity, string>> = { unsafe: "✖", warning: "!", note: "·", ok: "✓" };

export function doctorLines({ findings, summary }: DoctorResult, view: View): string[] {
  const shown = severities.filter((severity) => severity !== "ok" || view.isVerbose);
  const blocks = shown.flatMap((severity) => {
    const of = gathered(findings.filter((finding) => finding.severity === severity));
    return of.length === 0 ? [] : [[view.paint.bold(heads[severity]), ...of.flatMap((finding) => findingLines(finding, view))]];
  });
  return [...blocks.flatMap((block) => [...block, ""]), ...sumLines(summary, view)];
}

function sumLines({ unsafe, warning, note, ok }: DoctorResult["summary"], { isVerbose }: View): string[] {
  const fine = ok === 0 || isVerbose ? "" : " (--verbose shows it)";
  return [
    `${unsafe === 0 ? "nothing unsafe" : `${unsafe} unsafe`}, ${counted(warning, "warning")}, ${counted(note, "note")}, ${ok} fine${fine}`,
  ];
}

/** A permission's name in a reason: of ten questions that one denial keeps from being asked, only it differs. */
const permission = /\b(?:cloudfront|iam|route53|s3|sts):[A-Za-z]+/gu;

const keyOf = ({ untold, about, target }: Finding): string | undefined =>
  untold === undefined ? undefined : JSON.stringify([about, target, untold.replaceAll(permission, "")]);

/** Questions without an answer, and for one reason, are told once. */
function gathered(findings: readonly Finding[]): Finding[] {
  const groups = new Map<string | Finding, Finding[]>();
  for (const finding of findings) {
    const key = keyOf(finding) ?? finding;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first, ...others] = group;
    if (!first || others.length === 0) return group;
    const message = `${group.length} checks could not be made, because ${first.untold ?? ""}.`;
    return [{ ...first, message, evidence: group.map(({ id }) => id).join(", ") }];
  });
}

function findingLines(finding: Finding, { columns, paint }: View): string[] {
  const { severity, about, target, message, evidence, remedy } = finding;
  const colour = { unsafe: paint.red, warning: paint.yellow, note: paint.cyan, ok: paint.green }[severity];
  const sign = `${colour(signs[severity])} `;
  const indent = "    ";
  const seen =
    evidence === undefined || evidence === ""
      ? []
      : wrap(plain(evidence), { width: columns, first: indent }).map((line) => cutTo(line, columns));
  return [
    ...wrap(`${plain(target ?? about.replace("-", " "))}: ${plain(message)}`, { width: columns, first: sign, rest: "  " }),
    ...seen.map((line) => paint.dim(line)),
    ...(remedy === undefined
      ? []
      : remedyLines(plain(remedy), columns - indent.length).map((line, at) => (at === 0 ? `  → ${line}` : `${indent}${line}`))),
  ];
}

const commands = /^(?:aws|belay|curl|date|dig|echo|export|git) /u;

/** A command that is too long goes on behind a backslash, so that all of it can be pasted; a sentence is wrapped. */
function remedyLines(remedy: string, width: number): string[] {
  if (!commands.test(remedy) || widthOf(remedy) <= width) return wrap(remedy, { width });
  const lines = wrap(remedy, { width: width - 2 });
  return lines.map((line, at) => (at === lines.length - 1 ? line : `${line} \\`));
}

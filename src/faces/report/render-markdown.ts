/** A plan for a pull request: GitHub's Markdown, in which nothing from outside is markup. */

import type { PageLoss } from "../../core/page-terms.ts";
import type { FileReport, ReportFacts } from "../../operations/report/report-facts.ts";
import { counted } from "../cli/plain-text.ts";
import { fenced, lineText } from "./markdown-text.ts";
import { patchLines } from "./patch-lines.ts";
import {
  hasLoss,
  headerDifferences,
  intentOf,
  kindWords,
  madeBy,
  outlineOf,
  proofFacts,
  sizesOf,
  termText,
  verdictOf,
} from "./report-words.ts";

/** GitHub takes comments of up to 65,536 characters. */
const charsMax = 60_000;
/** Kept free for the proof and the foot. */
const footCharsMax = 6_000;
const listedMax = 100;
const termsMax = 8;
const patchLinesMax = 160;
const patchCharsMax = 12_000;

/** Stands first in every Markdown report: a comment that nobody sees, by which a pipeline finds its own. */
export const markdownMark = "<!-- belay report -->";

/** At most `charsMax` characters. */
export function renderMarkdown(facts: ReportFacts): string {
  const { identified, files } = facts;
  const head = [
    markdownMark,
    `### ${lineText(`${intentOf(identified.plan)}: ${identified.plan.title}`)}`,
    "",
    ...verdictLines(facts),
    "",
  ].join("\n");
  const foot = footText(facts);
  const parts: string[] = [];
  let room = charsMax - footCharsMax - head.length;
  const table = tableText(files, room / 2);
  room -= table.length;
  let leftOut = 0;
  for (const file of files) {
    const text = fileText(file);
    if (text === "") continue;
    if (text.length > room) leftOut += 1;
    else {
      parts.push(text);
      room -= text.length;
    }
  }
  const note = leftOut === 0 ? "" : `\n_${counted(leftOut, "file")} found no room here in full; \`belay plan --html FILE\` shows more._\n`;
  return `${head}\n${table}\n${parts.join("")}${note}\n${foot}`.slice(0, charsMax);
}

const refusalsMax = 12;
const refusedPathsMax = 10;

function verdictLines(facts: ReportFacts): string[] {
  const { heading, lines, commands } = verdictOf(facts);
  const { refusals } = facts.identified.plan;
  const refused = refusals.slice(0, refusalsMax).flatMap(({ rule, message, paths, remedy }) => {
    const more = paths.length - refusedPathsMax;
    const named = paths.slice(0, refusedPathsMax).map(lineText).join(", ");
    return [
      "",
      `- **${rule}** ${lineText(message)}`,
      `  ${named}${more > 0 ? ` and ${more} more` : ""}`,
      "",
      indented(fenced(remedy, "sh")),
    ];
  });
  return [
    `**${lineText(heading)}**`,
    "",
    lineText(outlineOf(facts)),
    ...lines.flatMap((line) => ["", lineText(line)]),
    ...refused,
    ...(refusals.length > refusalsMax ? ["", `… and ${refusals.length - refusalsMax} more refusals`] : []),
    ...(commands.length === 0 ? [] : ["", fenced(commands.map(({ say, command }) => `# ${say}\n${command}`).join("\n"), "sh")]),
  ];
}

const indented = (text: string): string =>
  text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");

/** A row a file, as many as fit. */
function tableText(files: readonly FileReport[], charsLeft: number): string {
  if (files.length === 0) return "";
  const rows = ["| | file | because | lines | size |", "|---|---|---|---:|---:|"];
  let room = charsLeft;
  let shown = 0;
  for (const file of files.slice(0, listedMax)) {
    const lines = file.detail?.kind === "text" ? `+${file.detail.diff.added} −${file.detail.diff.removed}` : "";
    const row = `| ${kindWords[file.kind]} | ${lineText(file.path)} | ${lineText(file.because)} | ${lines} | ${sizesOf(file)} |`;
    room -= row.length + 1;
    if (room < 0) break;
    rows.push(row);
    shown += 1;
  }
  const more = files.length - shown;
  return `${rows.join("\n")}\n${more > 0 ? `\n… and ${counted(more, "more file")}\n` : ""}`;
}

/** One file, folded; empty where there is nothing to say beyond its row. */
function fileText(file: FileReport): string {
  const { detail, path, kind } = file;
  const headers = kind === "create" ? [] : headerDifferences(file);
  const headerLines = headers.map(
    ({ name, before, after }) => `- header ${lineText(name)}: ${lineText(before ?? "not set")} → ${lineText(after ?? "not set")}`,
  );
  const terms = detail?.kind === "text" && detail.loss && hasLoss(detail.loss) ? lossLines(detail.loss) : [];
  const patch = detail?.kind === "text" ? patchText(detail.diff) : "";
  if (headerLines.length + terms.length === 0 && patch === "") return "";
  const parts = [terms.join("\n"), headerLines.join("\n"), patch].filter((part) => part !== "");
  return `<details><summary>${kindWords[kind]} ${lineText(path)}</summary>\n\n${parts.join("\n\n")}\n\n</details>\n`;
}

function termLines(say: string, terms: PageLoss["vanishes"]): string[] {
  if (terms.length === 0) return [];
  const more = terms.length - termsMax;
  const items = terms.slice(0, termsMax).map((term) => `- ${term.kind}: ${lineText(termText(term))}`);
  return ["", `**${say}**`, "", ...items, ...(more > 0 ? [`- … and ${more} more`] : [])];
}

const lossLines = ({ vanishes, returns, appears, tokens }: PageLoss): string[] =>
  [
    ...termLines("Visitors would lose", vanishes),
    ...termLines("Would come back after it was taken off", returns),
    ...termLines("Visitors would gain", appears),
    ...(tokens.length === 0 ? [] : ["", `**Feature tokens lost:** ${tokens.map(lineText).join(", ")}`]),
  ].slice(1);

function patchText(diff: Parameters<typeof patchLines>[0]): string {
  const all = patchLines(diff);
  const lines: string[] = [];
  let room = patchCharsMax;
  for (const line of all.slice(0, patchLinesMax)) {
    room -= line.length + 1;
    if (room < 0) break;
    lines.push(line);
  }
  if (lines.length < all.length) lines.push(`… ${counted(all.length - lines.length, "further line")} left out`);
  return lines.length === 0 ? "" : fenced(lines.join("\n"), "diff");
}

function footText({ identified: { id, plan }, made, approvals, target }: ReportFacts): string {
  const proof = proofFacts(plan).flatMap(([label, lines]) => lines.map((line, at) => `${(at === 0 ? label : "").padEnd(24)}${line}`));
  const changes = (plan.changes ?? []).map((change) => `takes along             ${change.id}  ${change.title}`);
  const about = [
    `plan                    ${id}`,
    `policy                  ${plan.policy}`,
    `target                  ${target.name}  ${target.store}`,
    ...(plan.needs ? [`approvals               ${approvals.length} of ${plan.needs.count}`] : []),
    ...changes,
    `made                    ${madeBy(made)}`,
  ];
  const room = footCharsMax - 400;
  const text = [...proof, "", ...about].join("\n");
  return `<details><summary>proof, plan ${id.slice(0, 12)}</summary>\n\n${fenced(text.length > room ? `${text.slice(0, room).toWellFormed()}…` : text, "text")}\n\n</details>\n`;
}

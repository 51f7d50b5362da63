/** Whether a record exists: the page to edit, why it is taken for it, and what else it could be. */

import type { RecordClaim } from "../../core/ledger/fold-records.ts";
import { isCertain, type Findings, type FoundObject, type FoundRecord, type NearRecord } from "../../operations/records/find-record.ts";
import { errorFields } from "./answer.ts";
import { plain, shellWord } from "./plain-text.ts";
import type { View } from "./screen.ts";
import { wrap } from "./text-width.ts";
import { localTime } from "./when.ts";

const shownMax = 12;

export function findingsLines(findings: Findings, view: View): string[] {
  const { found, doubts, claims, failures, kind } = findings;
  const { paint, columns } = view;
  const failed = failures.flatMap(({ system, error }) =>
    wrap(`${plain(system)} could not be looked at: ${plain(error.message)}`, { width: columns, first: `${paint.red("✖")} `, rest: "  " }),
  );
  const none = found.length === 0 ? [noneLine(findings, view)] : [];
  const shown = found.slice(0, shownMax).flatMap((record) => foundLines(record, findings, view));
  const near = doubts.slice(0, shownMax).flatMap((record) => nearLines(record, kind, view));
  return [
    ...failed,
    ...none,
    ...shown,
    ...moreLine(found.length),
    ...(near.length === 0 ? [] : [paint.bold("may be one of these:"), ...near, ...moreLine(doubts.length)]),
    ...claims.flatMap((claim) => claimLines(claim, view)),
  ];
}

const moreLine = (count: number): string[] => (count > shownMax ? [`… and ${count - shownMax} more: say more of it`] : []);

function noneLine({ kind, failures, doubts }: Findings, { paint }: View): string {
  if (doubts.length > 0) return `${paint.yellow("?")} ${paint.bold(`not certain: there may be such a ${plain(kind)} already`)}`;
  return failures.length > 0
    ? paint.bold(`no such ${plain(kind)} where belay could look`)
    : `${paint.green("✔")} ${paint.bold(`none: there is no such ${plain(kind)} yet`)}`;
}

function foundLines({ record, evidence, pages, objects }: FoundRecord, { kind, failures }: Findings, view: View): string[] {
  const { paint } = view;
  const head =
    pages.length > 0 ? "exists" : failures.length > 0 ? "exists, and whether it has a page is not known" : "exists, and has no page";
  const others = objects.filter((one) => !pages.includes(one));
  return [
    paint.bold(`${head}: ${plain(kind)} ${plain(record)}`),
    ...pages.flatMap((page) => factLines("page", pageText(page), view)),
    ...(others.length === 0
      ? []
      : factLines("also in", others.map(({ system, key }) => `${plain(system)} ${plain(key)}`).join(", "), view)),
    ...factLines("because", evidence.map(plain).join("; "), view),
  ];
}

const nearLines = ({ record, evidence, against, pages }: NearRecord, kind: string, view: View): string[] => [
  `  ${plain(kind)} ${plain(record)}`,
  ...pages.flatMap((page) => factLines("page", pageText(page), view)),
  ...factLines("for it", evidence.map(plain).join("; "), view),
  ...factLines("against", against.map(plain).join("; "), view),
];

const pageText = ({ key, url }: FoundObject): string => (url === undefined ? plain(key) : `${plain(key)}  ${plain(url)}`);

const labelWidth = 11;
const factLines = (label: string, text: string, { columns }: View): string[] =>
  text === "" ? [] : wrap(text, { width: columns, first: `  ${label.padEnd(labelWidth - 2)}`, rest: " ".repeat(labelWidth) });

export function claimLines({ record, by, until, note }: RecordClaim, { columns, nowMs, paint }: View): string[] {
  const said = note === undefined ? "" : `: ${plain(note)}`;
  return wrap(`claimed as ${plain(record)} by ${plain(by.name)} until ${localTime(until, nowMs)}${said}`, {
    width: columns,
    first: `${paint.yellow("!")} `,
    rest: "  ",
  });
}

/** What to do about what was found, as commands. */
export function findRemedy(findings: Findings, said: string): string {
  const { found, kind: name, failures } = findings;
  const [first] = found;
  const [failed] = failures;
  const kind = shellWord(name);
  if (failed && !isCertain(findings)) return failed.error.remedy;
  if (!first) return unfoundRemedy(findings, said);
  const [page] = first.pages;
  if (!page) return `belay claim ${kind} ${said}   (it exists, and has no page)`;
  const twice = first.pages.filter(({ system }, at) => first.pages.some((one, other) => other !== at && one.system === system));
  if (twice.length > 0)
    return `belay reconcile ${kind} ${shellWord(first.record)}   (${plain(twice[0]?.system ?? "")} has ${twice.length} pages of it: decide which one stays)`;
  if (first.pages.length > 1) return `belay audit ${kind} ${shellWord(first.record)}   (edit the pages that it has; make no other)`;
  return page.target === undefined
    ? `Edit ${plain(page.key)}; make no other page.`
    : `belay pull ${shellWord(page.target.target)} ${shellWord(page.key)}${page.target.site === "default" ? "" : ` --site ${shellWord(page.target.site)}`}   (then edit that page; make no other)`;
}

/** Nothing was found for sure: who is in doubt looks, or says more; only who has said enough can claim. */
function unfoundRemedy({ doubts, kind: name, isVague }: Findings, said: string): string {
  const kind = shellWord(name);
  const [near] = doubts;
  const others = doubts.slice(0, shownMax).map(({ record }) => `--not ${shellWord(record)}`);
  if (near && isVague) return `belay audit ${kind} ${shellWord(near.record)}   (is it that one? If not, say more of yours and look again)`;
  if (near)
    return `belay audit ${kind} ${shellWord(near.record)}   (is it that one? Then edit its page. If it is another:)\nbelay claim ${kind} ${said} ${others.join(" ")}`;
  return isVague
    ? `Say more of it, so that it names one ${plain(name)}, before you claim it.`
    : `belay claim ${kind} ${said}   (before you make its page)`;
}

/** For `--json`. Field names are a contract: add, never rename. */
export const findingsFields = ({ kind, found, doubts, claims, failures }: Findings): Record<string, unknown> => ({
  kind,
  exists: found.length > 0,
  certain: isCertain({ found, failures }) && (found.length > 0 || doubts.length === 0),
  found: found.map(({ record, evidence, pages, objects }) => ({
    record,
    evidence,
    pages: pages.map(objectFields),
    objects: objects.map(objectFields),
  })),
  doubts: doubts.map(({ record, evidence, against, pages }) => ({ record, evidence, against, pages: pages.map(objectFields) })),
  claims: claims.map(claimFields),
  unseen: failures.map(({ system, error }) => ({ system, ...errorFields(error) })),
});

const objectFields = ({ system, key, url, target }: FoundObject): Record<string, unknown> => ({ system, key, url, ...target });
export const claimFields = ({ record, by, at, until, note, others }: RecordClaim): Record<string, unknown> => ({
  record,
  by,
  at,
  until,
  note,
  others,
});

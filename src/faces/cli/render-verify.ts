/** `belay verify` for people: the verdict first, then what is wrong, then what was looked at. */

import { worst } from "../../core/verify/judge-sight.ts";
import type { BrowserLook, Outcome, VerifiedFile } from "../../core/verify/verification.ts";
import type { VerifyResult } from "../../operations/verify/verify.ts";
import { nextLines } from "./answer.ts";
import { counted, plain, shellWord } from "./plain-text.ts";
import { stateWord } from "./render-proof.ts";
import type { View } from "./screen.ts";
import { aligned, wrap } from "./text-width.ts";
import { localTime } from "./when.ts";

const filesShownMax = 40;
const problemsShownMax = 12;

export function verifyLines(result: VerifyResult, view: View): string[] {
  const blocks = [
    [...headLines(result, view), ...scopeLines(result, view), ...openLines(result, view)],
    troubleLines(result, view),
    goodLines(result, view),
    lookLines(result, view),
    nextFor(result, view),
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, at) => (at === 0 ? block : ["", ...block]));
}

const signs: Readonly<Record<Outcome, string>> = { good: "✔", bad: "✖", unknown: "?" };

function painted(outcome: Outcome, text: string, { paint }: View): string {
  return outcome === "good" ? paint.green(text) : outcome === "bad" ? paint.red(text) : paint.yellow(text);
}

function headLines({ target, verification }: VerifyResult, view: View): string[] {
  const { outcome, files, looks = [] } = verification;
  const trouble = files.filter((file) => file.outcome === outcome).length;
  const isShown = worst(files.map((file) => file.outcome)) === outcome;
  const told: Readonly<Record<Outcome, string>> = {
    good: `${target.name} shows what it should: ${counted(files.length, "file")}.`,
    bad: `${target.name} does not show what it should: ${trouble} of ${counted(files.length, "file")}.`,
    unknown: isShown
      ? `It could not be told whether ${target.name} shows what it should: ${trouble} of ${counted(files.length, "file")}.`
      : `${target.name} answers with what it should, but the browser could not show ${counted(unshown(looks), "page")}.`,
  };
  return wrap(told[outcome], { width: view.columns, first: `${painted(outcome, signs[outcome], view)} `, rest: "  " });
}

const unshown = (looks: readonly BrowserLook[]): number =>
  new Set(looks.filter(({ screenshot }) => screenshot === undefined).map(({ path }) => path)).size;

const scopeWords = ({ scope: { kind, next } }: VerifyResult): string =>
  kind === "named" ? "what was named" : kind === "changed" && next ? `what ${next.name} has not taken yet` : "all pages on record";

function scopeLines(result: VerifyResult, { columns }: View): string[] {
  const { target, scope, notShown = 0 } = result;
  const where =
    target.url === undefined ? `in its store, since ${target.name} has no url in belay.yaml` : `as visitors get it at ${plain(target.url)}`;
  const lines = [
    `looked at ${scopeWords(result)}, ${where}`,
    ...(scope.leftOut === 0 ? [] : [`${counted(scope.leftOut, "page")} left out: --all looks at every one`]),
    ...(notShown === 0 ? [] : [`${counted(notShown, "page")} not shown in the browser, being too many`]),
  ];
  return lines.flatMap((line) => wrap(line, { width: columns, first: "  ", rest: "  " }));
}

function openLines({ open, target }: VerifyResult, { columns, paint, nowMs }: View): string[] {
  if (open === null) return [];
  const told = `The ${open.intent} of ${localTime(open.at, nowMs)} has not ended, so what it wrote is not on record: belay resume ${target.name}`;
  return wrap(told, { width: columns, first: `${paint.red("!")} `, rest: "  " });
}

function troubleLines({ verification: { files } }: VerifyResult, view: View): string[] {
  const trouble = files.filter(({ outcome }) => outcome !== "good");
  const shown = view.isVerbose ? trouble : trouble.slice(0, filesShownMax);
  const more = trouble.length - shown.length;
  return [...shown.flatMap((file) => fileLines(file, view)), ...(more > 0 ? [`  … and ${more} more (--verbose shows all)`] : [])];
}

function fileLines({ path, outcome, problems }: VerifiedFile, view: View): string[] {
  const head = wrap(plain(path), { width: view.columns, first: `${painted(outcome, signs[outcome], view)} `, rest: "  " });
  return [...head, ...problemLines(problems, view)];
}

function problemLines(problems: readonly string[], { columns, isVerbose }: View): string[] {
  const shown = isVerbose ? problems : problems.slice(0, problemsShownMax);
  const more = problems.length - shown.length;
  return [
    ...shown.flatMap((problem) => wrap(plain(problem), { width: columns, first: "    ", rest: "    " })),
    ...(more > 0 ? [`    … and ${more} more (--verbose shows all)`] : []),
  ];
}

/** What is fine is listed while it is little, or on request. */
function goodLines({ verification: { files, tokens } }: VerifyResult, view: View): string[] {
  const good = files.filter(({ outcome }) => outcome === "good");
  const shown = view.isVerbose ? good : good.slice(0, filesShownMax);
  const rows = shown.map((file) => [`  ${plain(file.path)}`, factOf(file)]);
  const more = good.length - shown.length;
  const kept = tokens.filter(({ state }) => state === "ok").length;
  const lost = tokens.filter(({ state }) => state !== "ok").map(({ name, state }) => `${plain(name)} ${stateWord[state]}`);
  const told = [...lost, ...(kept === 0 ? [] : [`${kept} kept`])].join(", ");
  return [
    ...aligned(rows),
    ...(more > 0 ? [`  … and ${more} more (--verbose shows all)`] : []),
    ...(tokens.length === 0 ? [] : wrap(`tokens: ${told}`, { width: view.columns, first: "  ", rest: "    " })),
  ];
}

function factOf({ digest, got, url }: VerifiedFile): string {
  const what = digest === undefined ? "gone" : digest.slice(0, 12);
  if (url === undefined) return `${what}  in the store`;
  const cache = got?.cache === undefined ? "" : got.cache === "hit" ? "  from a cache" : "  from the origin";
  return `${what}  status ${got?.status ?? "?"}${cache}`;
}

function lookLines({ verification: { looks = [] } }: VerifyResult, view: View): string[] {
  if (looks.length === 0) return [];
  const { columns, nowMs } = view;
  const pages = new Set(looks.map(({ path }) => path)).size;
  const [beside] = looks.flatMap(({ beforeFrom }) => beforeFrom ?? []);
  const beforeWords =
    beside === undefined ? "" : `, each beside ${/^\d{4}-/u.test(beside) ? `its picture of ${localTime(beside, nowMs)}` : plain(beside)}`;
  const head = `in the browser: ${counted(pages, "page")} at ${[...new Set(looks.map(({ widthPx }) => widthPx))].join(" and ")} px${beforeWords}`;
  const troubled = looks.filter(({ problems }) => problems.length > 0);
  return [
    ...wrap(head, { width: columns, first: "", rest: "  " }),
    ...troubled.flatMap(({ path, widthPx, problems }) => [
      ...wrap(`${plain(path)} at ${widthPx} px`, { width: columns, first: "! ", rest: "  " }),
      ...problemLines(problems, view),
    ]),
  ];
}

function nextFor({ target, verification, scope }: VerifyResult, view: View): string[] {
  const { outcome, files } = verification;
  if (outcome === "good") return scope.next === undefined ? [] : nextLines(`belay promote ${scope.next.name}`, view);
  const named = files
    .filter((file) => file.outcome !== "good")
    .slice(0, 3)
    .map(({ path }) => shellWord(path));
  const isStranger = files.some(({ problems }) => problems.some((problem) => /^the store (?:still )?holds/u.test(problem)));
  const again = `belay verify ${target.name}${named.length === 0 ? "" : ` ${named.join(" ")}`} --within 120`;
  return nextLines(
    isStranger ? `belay status ${target.name}   (who wrote there, and what)` : `${again}   (an edge may take minutes)`,
    view,
  );
}

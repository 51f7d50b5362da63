import type { AnyNode } from "acorn";
import { isCredential, noteCall, noteListener, noteNavigation, type Noting } from "./call-features.ts";
import { calleePath } from "./callee-path.ts";
import { dateFeature } from "./date-features.ts";
import type { FeatureBook } from "./feature-book.ts";
import { keyName, memberName, TextFolder } from "./fold-text.ts";
import { readPrograms, type ScriptSource } from "./script-sources.ts";
import { parametersOf, type Visit } from "./script-scopes.ts";

/** Markup that a script writes: its text, where it was seen. */
export type TakeMarkup = (markup: string, evidence: string) => void;

/** Adds what a page's scripts do. `mentioned`: see `readPrograms`. */
export function noteScripts(scripts: readonly ScriptSource[], mentioned: string, book: FeatureBook, takeMarkup: TakeMarkup): void {
  const { programs, calls } = readPrograms(scripts, mentioned);
  const folder = new TextFolder(calls);
  for (const { script, visits } of programs) {
    const lineOf = lineCounter(script.source, script.line);
    for (const visit of visits) {
      const noting: Noting = { book, folder, evidence: `${script.label}, line ${lineOf(visit.node.start)}` };
      noteVisit(visit, noting);
      noteMarkup(visit, noting, takeMarkup);
    }
  }
}

/** Lines from offsets, which come nearly in order. */
function lineCounter(source: string, first: number): (at: number) => number {
  const starts = [0];
  for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1)) starts.push(at + 1);
  return (at) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle;
    }
    return first + low;
  };
}

function noteVisit(visit: Visit, noting: Noting): void {
  const { node, scope } = visit;
  const { book, evidence } = noting;
  if (node.type === "CallExpression" || node.type === "NewExpression") {
    const path = calleePath({ node: node.callee, scope });
    noteCall({ callee: node.callee, path, given: node.arguments, scope }, noting);
    if (path === "FileReader") book.add("upload", "reads files that were chosen", evidence);
    if (path === "Audio") book.add("player", "audio", evidence);
  } else if (node.type === "AssignmentExpression") noteAssignment(visit, node.left, node.right, noting);
  else if (node.type === "BinaryExpression") noteComparison(visit, noting);
  else if (node.type === "MemberExpression") noteMember(visit, noting);
  else if (node.type === "Property") {
    const key = keyName(node);
    if (key !== undefined && /^authorization$|^x-/iu.test(key) && isCredential(key)) book.add("token", `sends ${key}`, evidence);
  }
}

function noteAssignment({ scope }: Visit, left: AnyNode, right: AnyNode, noting: Noting): void {
  const path = calleePath({ node: left, scope });
  if (/^(?:document\.)?location(?:\.href)?$/u.test(path)) {
    for (const address of noting.folder.texts({ node: right, scope })) noteNavigation(address, noting);
  }
  const event = /^on([a-z]+)$/u.exec(memberName(left) ?? "")?.[1];
  if (event !== undefined && (parametersOf(right) || right.type === "Identifier")) noteListener(event, noting);
}

function noteComparison({ node, scope }: Visit, { book, folder, evidence }: Noting): void {
  if (node.type !== "BinaryExpression") return;
  const dated = dateFeature(node, scope);
  if (dated) book.add("cut-off", dated.name, evidence, folder.texts(dated.time)[0] ?? "");
  const isSize = [node.left, node.right].some((side) => memberName(side) === "size") && /^[<>]=?$/u.test(node.operator);
  if (isSize) book.add("validation", "checks the size of files", evidence);
}

function noteMember({ node, scope }: Visit, { book, evidence }: Noting): void {
  const name = memberName(node);
  if (name === "files") book.add("upload", "reads files that were chosen", evidence);
  if (name === "dataTransfer") book.add("upload", "takes files that are dropped on it", evidence);
  if (name === "cookie" && calleePath({ node, scope }) === "document.cookie") book.add("storage", "cookies", evidence);
}

function noteMarkup({ node, scope }: Visit, { folder, evidence }: Noting, take: TakeMarkup): void {
  const said = node.type === "Literal" && typeof node.value === "string" ? node.value : "";
  const isTemplate = node.type === "TemplateLiteral" && node.quasis.some(({ value }) => isMarkup(value.raw));
  if (isMarkup(said)) take(said, evidence);
  else if (isTemplate) for (const text of folder.texts({ node, scope }).slice(0, 1)) take(text, evidence);
}

const isMarkup = (text: string): boolean => /<(?:form|input|select|textarea|iframe|video|audio|blockquote)\b/iu.test(text);

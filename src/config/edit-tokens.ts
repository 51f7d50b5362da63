/** Adds and removes feature tokens in the text of a belay.yaml. Every line that need not change stays byte for byte. */

import { isDeepStrictEqual } from "node:util";

import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type Pair, type ParsedNode, type YAMLMap } from "yaml";

import { BelayError } from "../core/belay-error.ts";
import type { FeatureToken } from "../core/site.ts";
import { tokenProblems } from "./check-site.ts";
import { tokenNamePattern } from "./schema.ts";
import { tokenLine } from "./write-config.ts";

type ParsedMap = YAMLMap.Parsed;
type ParsedPair = Pair<ParsedNode, ParsedNode | null>;

/**
 * The text with the token added at the end of the site's tokens. A token that is there already, equal in all parts,
 * changes nothing; throws `input-invalid` where the name is taken by another, the site is missing or the token is none.
 */
export function addToken(text: string, siteName: string, token: FeatureToken): string {
  checkToken(token);
  const { document, site, path } = opened(text, siteName);
  const wanted = { file: token.file, [token.rule]: token.text };
  const held: unknown = plainTokens(document, path)[token.name];
  if (isDeepStrictEqual(held, wanted)) return text;
  if (held !== undefined)
    throw unusable(
      `The token ${token.name} is registered already, with another rule.`,
      `Choose another name, or change ${token.name} in belay.yaml.`,
    );
  const tokens = pairNamed(site, "tokens");
  const spliced = tokens === undefined ? withTokensKey(text, site, token) : withToken(text, tokens, token);
  return proven(text, spliced, (copy) => copy.setIn([...path, "tokens", token.name], wanted));
}

/** The text without the token. Throws `input-invalid` where the site has no such token. A comment above it stays. */
export function removeToken(text: string, siteName: string, name: string): string {
  const { document, site, path } = opened(text, siteName);
  const tokens = pairNamed(site, "tokens");
  const map = tokens?.value;
  const at = isMap(map) ? map.items.findIndex((pair) => nameOf(pair) === name) : -1;
  if (tokens === undefined || !isMap(map) || at === -1) {
    const known = Object.keys(plainTokens(document, path));
    throw unusable(`There is no token ${name}.`, known.length === 0 ? "No tokens are registered." : `Registered are: ${known.join(", ")}.`);
  }
  const spliced = map.flow === true ? withoutFlowPair(text, map, at) : withoutBlockPair(text, tokens, at);
  return proven(text, spliced, (copy) => copy.setIn([...path, "tokens"], without(plainTokens(copy, path), name)));
}

function checkToken(token: FeatureToken): void {
  if (!tokenNamePattern.test(token.name))
    throw unusable(`${token.name} cannot name a token.`, "Use capitals, digits and underscores: HERO_FADE.");
  const [problem] = tokenProblems({ file: token.file, [token.rule]: token.text });
  if (problem === undefined) return;
  throw unusable(`The token ${token.name} is not usable: ${problem.key ?? token.rule} ${problem.says}.`, "Correct it and try again.");
}

const unusable = (message: string, remedy: string): BelayError => new BelayError("input-invalid", message, remedy);

const options = { version: "1.2", merge: false } as const;

function opened(
  text: string,
  siteName: string,
): { readonly document: Document.Parsed; readonly site: ParsedMap; readonly path: readonly string[] } {
  const document = parseDocument(text, options);
  const path = siteName === "default" && document.has("site") ? ["site"] : ["sites", siteName];
  const site: unknown = document.getIn(path);
  if (document.errors.length > 0 || !isMap<ParsedNode, ParsedNode | null>(site) || !isParsed(site)) {
    throw unusable(`belay.yaml has no site ${siteName} whose tokens could be changed.`, "belay status tells what belay.yaml says.");
  }
  return { document, site, path };
}

const isParsed = (map: YAMLMap<ParsedNode, ParsedNode | null>): map is ParsedMap => Array.isArray(map.range);
const nameOf = (pair: ParsedPair): unknown => ("value" in pair.key ? pair.key.value : undefined);
const pairNamed = (map: ParsedMap, name: string): ParsedPair | undefined => map.items.find((pair) => nameOf(pair) === name);

function plainTokens(document: Document, path: readonly string[]): Record<string, unknown> {
  const site: unknown = document.toJS();
  let held: unknown = site;
  for (const key of [...path, "tokens"])
    held = typeof held === "object" && held !== null ? Object.entries(held).find(([name]) => name === key)?.[1] : undefined;
  return typeof held === "object" && held !== null ? Object.fromEntries(Object.entries(held)) : {};
}

const without = (tokens: Record<string, unknown>, name: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(tokens).filter(([held]) => held !== name));

/** The spliced text where it says exactly what the library's own edit says; otherwise the library's, which reformats. */
function proven(text: string, spliced: string, edit: (copy: Document) => void): string {
  const copy = parseDocument(text, options);
  edit(copy);
  const check = parseDocument(spliced, options);
  if (check.errors.length === 0 && isDeepStrictEqual(check.toJS(), copy.toJS())) return spliced;
  return copy.toString({ lineWidth: 0 });
}

const newlineOf = (text: string): string => (text.includes("\r\n") ? "\r\n" : "\n");
const inserted = (text: string, offset: number, piece: string): string => text.slice(0, offset) + piece + text.slice(offset);
const columnOf = (text: string, offset: number): number => offset - (text.lastIndexOf("\n", offset - 1) + 1);

function withTokensKey(text: string, site: ParsedMap, token: FeatureToken): string {
  if (site.flow === true) return withFlowPair(text, site, `tokens: { ${tokenLine(token)} }`);
  const indent = columnOf(text, site.range[0]);
  const lines = [`${" ".repeat(indent)}tokens:`, `${" ".repeat(indent + 2)}${tokenLine(token)}`];
  return withLines(text, endOfBlock(site), lines);
}

function withToken(text: string, tokens: ParsedPair, token: FeatureToken): string {
  const map = tokens.value;
  if (isMap(map) && isParsed(map)) {
    if (map.flow === true) return withFlowPair(text, map, tokenLine(token));
    return withLines(text, endOfBlock(map), [`${" ".repeat(columnOf(text, map.range[0]))}${tokenLine(token)}`]);
  }
  // `tokens:` with nothing behind it.
  return withLines(text, endOfKey(text, tokens), [`${" ".repeat(columnOf(text, tokens.key.range[0]) + 2)}${tokenLine(token)}`]);
}

/** Inserts whole lines after the line that holds an offset. */
function withLines(text: string, after: number, lines: readonly string[]): string {
  const newline = newlineOf(text);
  const breakAt = text.indexOf("\n", after);
  const block = lines.join(newline);
  return breakAt === -1 ? `${text}${newline}${block}${newline}` : inserted(text, breakAt + 1, `${block}${newline}`);
}

function withFlowPair(text: string, map: ParsedMap, piece: string): string {
  const last = map.items.at(-1);
  if (last === undefined) return `${text.slice(0, map.range[0])}{ ${piece} }${text.slice(map.range[1])}`;
  return inserted(text, endOfPair(last), `, ${piece}`);
}

function withoutFlowPair(text: string, map: ParsedMap, at: number): string {
  const [pair, next, before] = [map.items[at], map.items[at + 1], map.items[at - 1]];
  if (pair === undefined) return text;
  if (next !== undefined) return text.slice(0, pair.key.range[0]) + text.slice(next.key.range[0]);
  const from = at > 0 && before !== undefined ? endOfPair(before) : pair.key.range[0];
  return text.slice(0, from) + text.slice(endOfPair(pair));
}

function withoutBlockPair(text: string, tokens: ParsedPair, at: number): string {
  const map = tokens.value;
  const pair = isMap<ParsedNode, ParsedNode | null>(map) ? map.items[at] : undefined;
  if (!isMap(map) || pair === undefined) return text;
  const from = text.lastIndexOf("\n", pair.key.range[0] - 1) + 1;
  const breakAt = text.indexOf("\n", endOfPair(pair) - 1);
  const rest = text.slice(0, from) + (breakAt === -1 ? "" : text.slice(breakAt + 1));
  // A key with nothing behind it is no map; the empty one has to be written.
  return map.items.length > 1 ? rest : inserted(rest, endOfKey(text, tokens), " {}");
}

/** Just behind the colon of a pair. */
const endOfKey = (text: string, pair: ParsedPair): number => text.indexOf(":", pair.key.range[1]) + 1;

/** The offset of the last character of a map's last value: comments behind it stay behind what is inserted. */
const endOfBlock = (map: ParsedMap): number => Math.max(endOfNode(map) - 1, 0);

const endOfPair = ({ key, value }: ParsedPair): number => (value === null ? key.range[1] : endOfNode(value));

/** Just behind a node's last character. The library's own range of a block runs on over the comments behind it. */
function endOfNode(node: ParsedNode): number {
  if (isAlias(node) || isScalar(node) || node.flow === true) return node.range[1];
  if (isSeq(node)) {
    const last = node.items.at(-1);
    return last === undefined ? node.range[1] : endOfNode(last);
  }
  const last = node.items.at(-1);
  return last === undefined ? node.range[1] : endOfPair(last);
}

import type { FeatureToken } from "../../core/site.ts";
import { cellsOf, isAboutTokens, outside, placeOf, type Place } from "./token-context.ts";
import { fileNamed, isSettingName, patternIn, ruleIn, tokenNames } from "./token-words.ts";

/** A token as a CLAUDE.md or AGENTS.md speaks of it; what it does not say is absent, and a person is asked. */
export interface ImportedToken {
  readonly name: string;
  readonly file?: string;
  readonly rule?: FeatureToken["rule"];
  readonly text?: string;
  /** 1-based, where the name stands first. */
  readonly line: number;
}

/**
 * Finds feature tokens in instructions for agents. A SCREAMING_SNAKE name counts where the document speaks of tokens: under a
 * heading that names tokens, features or a registry (but not credentials), in a paragraph or list item that speaks of feature
 * tokens, in the list or table that such a paragraph introduces, or as the pattern of a `grep` in a shell example.
 * Elsewhere it does not. A name like those of settings (`PROD_DIST_ID`) counts only with a pattern beside it, and a shell
 * variable or a tool's own variable (`AWS_PROFILE`) never.
 */
export function importTokens(markdown: string): readonly ImportedToken[] {
  const found = new Map<string, ImportedToken>();
  let place = outside;
  for (const [at, line] of markdown.split(/\r?\n/u).entries()) {
    place = placeOf(place, line);
    for (const mention of mentionsIn(line, place)) {
      const known = found.get(mention.name);
      // A later mention fills in what an earlier one left open, and overrules nothing.
      found.set(mention.name, known ? { ...mention, ...known } : { ...mention, line: at + 1 });
    }
  }
  return [...found.values()];
}

type Mention = Omit<ImportedToken, "line">;

const shells = new Set(["bash", "sh", "shell", "zsh", "console", "terminal"]);

function mentionsIn(line: string, place: Place): Mention[] {
  if (!place.fence) return isAboutTokens(place) ? spoken(line, place) : [];
  const { language } = place.fence;
  // A shell example holds commands, and of these only a search names tokens. A block of no language may be either.
  if (shells.has(language) || (language === "" && !/^\s*[A-Z][A-Z0-9]*_[A-Z0-9_]+(?:\s|:)/u.test(line))) return grepped(line);
  return isAboutTokens(place) ? spoken(line, place) : [];
}

function grepped(line: string): Mention[] {
  const grep = /\b(?:grep|rg)\b[^"']{0,40}(["'])([^"']{1,500})\1(.*)$/u.exec(line);
  const parts = (grep?.[2] ?? "").split(/\\?\|/u);
  const areTokens = parts.every((part) => tokenNames(part).some(({ name }) => name === part) && !isSettingName(part));
  return grep && areTokens ? parts.map((name) => mention({ name, file: fileNamed(grep[3] ?? "") })) : [];
}

function spoken(written: string, { section, columns }: Place): Mention[] {
  // Without the backticks around names, so that a cut between two names never leaves half a pair.
  const line = written.replaceAll(/`([A-Z][A-Z0-9_]*)`/gu, " $1 ");
  const names = tokenNames(line);
  const heading = section?.text ?? "";
  const mentions = names.map(({ name, at }, index) => {
    // With several names on a line, each owns what follows it up to the next.
    const beside = names.length === 1 ? line : line.slice(at, names[index + 1]?.at ?? line.length);
    const file = fileNamed(beside) ?? fileNamed(line) ?? fileNamed(heading);
    return mention({ name, file, rule: ruleIn(beside) ?? ruleIn(heading), text: patternIn(beside) ?? cellBelow(columns, line) });
  });
  return mentions.filter(({ name, text }) => text !== undefined || !isSettingName(name));
}

interface Heard {
  readonly name: string;
  readonly file: string | undefined;
  readonly rule?: FeatureToken["rule"] | undefined;
  readonly text?: string | undefined;
}

const mention = ({ name, file, rule, text }: Heard): Mention => ({
  name,
  ...(file === undefined ? {} : { file }),
  ...(rule === undefined ? {} : { rule }),
  ...(text === undefined ? {} : { text }),
});

/** In a table whose patterns are written plainly: the cell below a heading that says so. */
function cellBelow(columns: readonly string[], line: string): string | undefined {
  const at = columns.findIndex((column) => /\b(?:pattern|text|string|marker|contains|grep|snippet)\b/u.test(column));
  const cell = at === -1 ? "" : (cellsOf(line)[at] ?? "");
  return cell === "" || tokenNames(cell).length > 0 ? undefined : cell;
}

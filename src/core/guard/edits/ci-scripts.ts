/** Shell texts in descriptions of CI runs: what a runner hands to a shell. Read line by line, since broken YAML runs nowhere. */

import { folderOf } from "./key-under.ts";

/** Files that CI systems run by themselves. */
const ciFile =
  /\/\.(?:github|gitea|forgejo)\/(?:workflows|actions)\/.*\.ya?ml$|\/action\.ya?ml$|\/\.gitlab-ci\.ya?ml$|\/\.gitlab\/.*\.ya?ml$|\/\.circleci\/.*\.ya?ml$|\/azure-pipelines[^/]*\.ya?ml$|\/bitbucket-pipelines\.ya?ml$|\/\.buildkite\/.*\.ya?ml$|\/buildspec[^/]*\.ya?ml$|\/\.travis\.ya?ml$|\/\.drone\.ya?ml$|\/cloudbuild[^/]*\.ya?ml$/u;

export const isCiFile = (path: string): boolean => ciFile.test(path);

/** Folders of CI systems, which lie in the root of the repository that their runs begin in. */
const ciFolder = /^(?<root>.*?)\/\.(?:github|gitea|forgejo|gitlab|circleci|buildkite)\//u;
const workingFolder = /^\s*(?:-\s+)*["']?(?:working-directory|working_directory|workingDirectory)["']?:\s+(?<value>\S.*)$/u;
const foldersMax = 8;

/** The folders that a run of this file works in: the repository's root, and those that the file moves to by name. `path` is absolute. */
export function ciFolders(path: string, yaml: string): readonly string[] {
  const root = ciFolder.exec(path)?.groups?.["root"] ?? folderOf(path);
  const named = yaml.split(/\r?\n/u).flatMap((line) => workingFolder.exec(line)?.groups?.["value"] ?? []);
  const folders = named
    .map((value) => unquoted(value).replace(/^\.\/|\/+$/gu, ""))
    .filter((value) => !/^[./~]|[$`]|\/\.\.|^$/u.test(value));
  return [...new Set([root, ...folders.map((folder) => `${root}/${folder}`)])].slice(0, foldersMax);
}

/** Keys whose values a shell gets. */
const shellKey =
  /^(?<indent>\s*(?:-\s+)*)["']?(?:run|script|before_script|after_script|command|commands|bash|sh|inlineScript|build|pre_build|post_build|install)["']?:(?:\s+(?<value>\S.*))?$/u;
const blockMark = /^(?:!\S+\s+)?[|>][+-]?\d?[+-]?\s*(?:#.*)?$/u;

/** Each text once, in the file's order; at most `textsMax`. */
export function ciScripts(yaml: string): readonly string[] {
  const lines = yaml.split(/\r?\n/u);
  const texts: string[] = [];
  for (let at = 0; at < lines.length && texts.length < textsMax; at += 1) {
    const found = shellKey.exec(lines[at] ?? "")?.groups;
    if (!found) continue;
    const value = withoutComment(found["value"] ?? "");
    const depth = (found["indent"] ?? "").length;
    // A list may hold keys of its own (`commands:` in `build:`): those are met when their line comes.
    if (value === "") texts.push(itemsIn(below(lines, at + 1, depth)));
    else if (blockMark.test(value)) texts.push(dedented(below(lines, at + 1, depth)));
    else texts.push(value.startsWith("[") ? flowItems(value) : unquoted(value));
  }
  return texts.filter((text) => text.trim() !== "");
}

const textsMax = 500;

/** Lines that stand deeper than a key, or begin a list at its depth. */
function below(lines: readonly string[], from: number, depth: number): readonly string[] {
  const block: string[] = [];
  for (const line of lines.slice(from)) {
    const indent = line.search(/\S/u);
    if (indent !== -1 && indent < depth + (line.slice(indent).startsWith("- ") ? 0 : 1)) break;
    block.push(line);
  }
  return block;
}

function dedented(block: readonly string[]): string {
  const depth = Math.min(...block.map((line) => line.search(/\S/u)).filter((indent) => indent >= 0), 200);
  return block.map((line) => line.slice(depth)).join("\n");
}

/** `- aws s3 ls` and `- |` with its block; a value of several lines without a dash is folded as YAML folds it. */
function itemsIn(block: readonly string[]): string {
  if (!block.some((line) => /^\s*- /u.test(line))) return block.map((line) => unquoted(line.trim())).join(" ");
  return block
    .map((line) => {
      const item = /^\s*-\s+(?<text>.*)$/u.exec(line)?.groups?.["text"];
      if (item === undefined) return line.trim();
      return blockMark.test(item) || /^[\w-]+:(?:\s|$)/u.test(item) ? "" : unquoted(item);
    })
    .join("\n");
}

/** A value that is only a comment is none. */
const withoutComment = (value: string): string => (value.startsWith("#") ? "" : value.trim());

/** `[hugo, 'aws s3 ls']` */
const flowItems = (value: string): string =>
  value
    .slice(1)
    .replace(/\]\s*$/u, "")
    .split(/,\s*/u)
    .map(unquoted)
    .join("\n");

function unquoted(value: string): string {
  const text = value.trim();
  const quote = text.charAt(0);
  if ((quote !== '"' && quote !== "'") || text.length < 2 || !text.endsWith(quote)) return text;
  const inside = text.slice(1, -1);
  return quote === "'" ? inside.replaceAll("''", "'") : inside.replaceAll(/\\(["\\])/gu, "$1");
}

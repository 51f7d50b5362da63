/** Git: aliases, hooks, and the options that take commands. */

import { whichLanguage } from "../code/which-language.ts";
import type { Nested } from "../invocation.ts";
import type { Reading, ReaderFacts } from "../reading.ts";
import { nothing } from "../reading.ts";
import { resolvePath } from "../shell/paths.ts";
import { isKnown, type Word } from "../word.ts";
import { commandOf, joinReadings, parseOptions, shellOf, type WrapperReader, type Wrapped } from "./options.ts";

/** Settings whose value is run by a shell. */
const commandSettings =
  /^(?:core\.(?:sshcommand|pager|editor|fsmonitor|askpass|gitproxy)|sequence\.editor|diff\.external|diff\..*\.(?:command|textconv)|merge\..*\.driver|filter\..*\.(?:clean|smudge|process)|credential(?:\..*)?\.helper|gpg\.(?:.*\.)?program|pager\.\w+|(?:difftool|mergetool)\..*\.cmd|interactive\.difffilter|uploadpack\.packobjectshook|remote\..*\.(?:uploadpack|receivepack)|web\.browser|browser\..*\.cmd|man\..*\.cmd|trailer\..*\.(?:command|cmd))$/;

const variables = [
  "GIT_SSH_COMMAND",
  "GIT_EDITOR",
  "GIT_PAGER",
  "GIT_SEQUENCE_EDITOR",
  "GIT_EXTERNAL_DIFF",
  "GIT_PROXY_COMMAND",
  "GIT_ASKPASS",
  "GIT_SSH",
  "PAGER",
  "EDITOR",
  "VISUAL",
];

type Setting = readonly [string, Word];

export const readGit: WrapperReader = (wrapped) => {
  const { args, invocation } = wrapped;
  const { values, rest } = parseOptions(args, "C c git-dir work-tree namespace exec-path super-prefix config-env attr-source");
  const cwd = values.filter(([name]) => name === "C").reduce<Word>((folder, [, next]) => resolvePath(folder, next), invocation.cwd);
  const given = values.flatMap(([name, value]): Setting[] => (name === "c" ? settingOf(value) : []));
  const [verb = "", ...words] = rest;
  const environment = variables.flatMap((name) => invocation.env.get(name) ?? []).map((text) => shellOf(text, "git"));
  const own = { ...wrapped, invocation: { ...invocation, cwd } };
  const settings = given.map(([name, value]) => (name === "core.hookspath" ? allHooks(value, own) : ranSetting([name, value])));
  const alias = aliasOf(verb, given, own);
  const ran = alias === undefined ? readVerb(verb, words, own) : fromAlias(alias, verb, words);
  const nested = [...environment, ...settings, ran];
  return joinReadings(nested.map((reading) => ({ ...reading, nested: reading.nested.map((each) => at(each, cwd)) })));
};

const at = (nested: Nested, cwd: Word): Nested =>
  nested.kind === "shell" || nested.kind === "argv" ? { ...nested, at: { ...nested.at, cwd } } : nested;

function settingOf(text: Word): Setting[] {
  const equals = text.indexOf("=");
  return equals < 0 ? [] : [[text.slice(0, equals).toLowerCase(), text.slice(equals + 1)]];
}

function ranSetting([name, value]: Setting): Reading {
  if (!commandSettings.test(name)) return nothing;
  return shellOf(value.startsWith("!") ? value.slice(1) : value, `git -c ${name}`);
}

/** `!text` is for a shell, which gets the words behind it; anything else are words of git. */
function fromAlias(text: Word, verb: string, words: readonly Word[]): Reading {
  if (text.startsWith("!")) {
    return { effects: [], nested: [{ kind: "shell", text: `${text.slice(1)} "$@"`, args: words, at: {}, through: `git ${verb}` }] };
  }
  const own = text.split(/\s+/).filter((word) => word !== "");
  return own[0] === verb ? nothing : commandOf(["git", ...own, ...words], `git ${verb}`);
}

function aliasOf(verb: string, given: readonly Setting[], { invocation, facts }: Wrapped): Word | undefined {
  if (!/^[\w-]+$/.test(verb)) return undefined;
  const wanted = `alias.${verb.toLowerCase()}`;
  const inline = given.findLast(([name]) => name === wanted)?.[1];
  if (inline !== undefined) return inline;
  const files = [resolvePath(invocation.cwd, ".git/config"), `${facts.homeFolder}/.gitconfig`, `${facts.homeFolder}/.config/git/config`];
  return files.map((file) => aliasIn(textOf(file, facts), verb)).find((text) => text !== undefined);
}

function textOf(file: Word, facts: ReaderFacts): string {
  const found = isKnown(file) ? facts.readFile(file) : undefined;
  return found?.kind === "text" ? found.text : "";
}

function aliasIn(text: string, verb: string): string | undefined {
  let isInside = false;
  for (const line of text.replaceAll(/\\\r?\n/g, "").split("\n")) {
    if (/^\s*\[/.test(line)) isInside = /^\s*\[alias\]/i.test(line);
    const [, name, value] = (isInside ? /^\s*([\w-]+)\s*=\s*(.*)$/.exec(line) : null) ?? [];
    if (name?.toLowerCase() === verb.toLowerCase() && value !== undefined) {
      return value.replace(/^"([\s\S]*)"\s*$/, "$1").replaceAll(/\\(["\\])/g, "$1");
    }
  }
  return undefined;
}

/** Hooks that a verb runs. */
const hooks: Readonly<Record<string, readonly string[]>> = {
  commit: ["pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"],
  merge: ["pre-merge-commit", "commit-msg", "post-merge"],
  pull: ["post-merge", "post-checkout", "post-rewrite"],
  push: ["pre-push"],
  checkout: ["post-checkout"],
  switch: ["post-checkout"],
  rebase: ["pre-rebase", "post-rewrite", "post-checkout"],
  am: ["applypatch-msg", "pre-applypatch", "post-applypatch"],
};

const allHooks = (folder: Word, wrapped: Wrapped): Reading =>
  hooksIn([folder], [...new Set(Object.values(hooks).flat())], "core.hooksPath", wrapped);

function readVerb(verb: string, words: readonly Word[], wrapped: Wrapped): Reading {
  switch (verb) {
    case "config":
      return configured(words, wrapped);
    case "bisect":
      return words[0] === "run" ? commandOf(words.slice(1), "git bisect run") : nothing;
    case "rebase":
      return joinReadings([
        ...optionTexts(words, /^(?:-x|-\w*x|--exec)$/, /^(?:--exec=|-x)([\s\S]+)$/, "git rebase -x"),
        hooksOf(verb, words, wrapped),
      ]);
    case "submodule": {
      const start = words.indexOf("foreach");
      if (start < 0) return nothing;
      const { rest } = parseOptions(words.slice(start + 1), "");
      return shellOf(rest.join(" "), "git submodule foreach");
    }
    case "filter-branch":
      return joinReadings(optionTexts(words, /^--[\w-]+-filter$|^--setup$/, /^--[\w-]+-filter=([\s\S]+)$/, "git filter-branch"));
    case "difftool":
    case "mergetool":
      return joinReadings(optionTexts(words, /^(?:-x|--extcmd)$/, /^--extcmd=([\s\S]+)$/, `git ${verb}`));
    case "clone":
    case "fetch":
      return joinReadings(
        optionTexts(words, /^(?:-u|--upload-pack)$/, /^--upload-pack=([\s\S]+)$/, `git ${verb}`).slice(0, verb === "clone" ? 1 : 0),
      );
    default:
      return hooksOf(verb, words, wrapped);
  }
}

function optionTexts(words: readonly Word[], name: RegExp, inline: RegExp, through: string): Reading[] {
  return words.flatMap((word, index) => {
    const text = name.test(word) ? words[index + 1] : inline.exec(word)?.[1];
    return text === undefined ? [] : [shellOf(text, through)];
  });
}

/** What is put into the configuration to be run later counts as run. */
function configured(words: readonly Word[], wrapped: Wrapped): Reading {
  const { rest } = parseOptions(words, "f file blob type default comment url value");
  const [name = "", value] = rest[0] === "set" || rest[0] === "add" ? rest.slice(1) : rest;
  if (value === undefined) return nothing;
  if (name.toLowerCase() === "core.hookspath") return allHooks(value, wrapped);
  if (/^alias\./i.test(name) && value.startsWith("!")) return shellOf(value.slice(1), `git config ${name}`);
  return ranSetting([name.toLowerCase(), value]);
}

/** Where hooks lie by themselves, and where projects keep those that `core.hooksPath` names: that may be set by now. */
const hookFolders = [".git/hooks", ".husky", ".githooks", "githooks", "hooks"];

function hooksOf(verb: string, words: readonly Word[], wrapped: Wrapped): Reading {
  const runsHooks = Object.hasOwn(hooks, verb) && !words.includes("--no-verify") && words[0] !== "--abort";
  const names = runsHooks ? (hooks[verb] ?? []) : [];
  return names.length === 0 ? nothing : hooksIn([...hookFolders, ...hooksPathSet(wrapped)], names, `git ${verb} hook`, wrapped);
}

/** `core.hooksPath` as the repository's own settings say. */
function hooksPathSet({ invocation, facts }: Wrapped): readonly string[] {
  const text = textOf(resolvePath(invocation.cwd, ".git/config"), facts);
  const [, path] = /^\s*hooksPath\s*=\s*"?([^\s"]+)/imu.exec(text) ?? [];
  return path === undefined ? [] : [path];
}

function hooksIn(paths: readonly Word[], names: readonly string[], through: string, { invocation, facts }: Wrapped): Reading {
  const folders = [...new Set(paths.map((folder) => resolvePath(invocation.cwd, folder)).filter(isKnown))];
  const nested = folders.flatMap((folder) =>
    names
      .map((name) => `${folder}/${name}`)
      .flatMap((path): Nested[] => {
        const found = facts.readFile(path);
        const as = found?.kind === "text" ? (whichLanguage("", found.text) ?? "shell") : "shell";
        return found === undefined ? [] : [{ kind: "file", path, as, args: [], through }];
      }),
  );
  return { effects: [], nested };
}

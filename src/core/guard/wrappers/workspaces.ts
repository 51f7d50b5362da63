/** Workspaces: the packages of one repository, by what package.json, pnpm-workspace.yaml and lerna.json say of them. */

import type { ReaderFacts } from "../reading.ts";
import { matchesPattern } from "../shell/pattern.ts";
import { resolvePath } from "../shell/paths.ts";
import { isKnown, type Word } from "../word.ts";

/** A manifest that describes scripts: package.json, or Nx's project.json beside it. */
export interface PackageFile {
  readonly folder: string;
  readonly text: string;
}

/** Which packages a call means. `named`: by folders, names, or what only its program could resolve. */
export type PackageChoice =
  | { readonly kind: "here" | "root" | "all" }
  | { readonly kind: "named"; readonly names: readonly Word[] }
  | { readonly kind: "all and root" };

export const here: PackageChoice = { kind: "here" };

const foldersMax = 200;
const looksMax = 600;
const levelsMax = 4;
const upMax = 12;

/** Where a repository does not say where its packages lie. */
const usual = ["packages/*", "apps/*", "libs/*", "services/*", "sites/*"];

/** Every manifest that a call in `cwd` may mean. Of names that cannot be resolved, it may be any package. */
export function packagesOf(cwd: Word, choice: PackageChoice, facts: ReaderFacts): readonly PackageFile[] {
  if (!isKnown(cwd)) return [];
  if (choice.kind === "here") return nearest(cwd, (folder) => manifests(folder, ["package.json"], facts));
  const root = rootAbove(cwd, facts);
  if (root === undefined) return nearest(cwd, (folder) => manifests(folder, both, facts));
  const own = manifests(root, both, facts);
  if (choice.kind === "root") return own;
  const members = memberFolders(root, facts).flatMap((folder) => manifests(folder, both, facts));
  if (choice.kind === "all and root") return [...own, ...members];
  const named = choice.kind === "named" ? chosen(choice.names, [...own, ...members], { root, cwd }) : undefined;
  return named ?? (members.length > 0 ? members : own);
}

const both = ["package.json", "project.json"];

function manifests(folder: string, names: readonly string[], facts: ReaderFacts): PackageFile[] {
  return names.flatMap((name) => {
    const file = facts.readFile(resolvePath(folder, name));
    return file?.kind === "text" ? [{ folder, text: file.text }] : [];
  });
}

function nearest(cwd: string, at: (folder: string) => readonly PackageFile[]): readonly PackageFile[] {
  for (const folder of upwards(cwd)) {
    const found = at(folder);
    if (found.length > 0) return found;
  }
  return [];
}

function upwards(cwd: string): readonly string[] {
  const folders = [cwd];
  for (let folder = cwd; folder !== "/" && folders.length < upMax;) {
    folder = resolvePath(folder, "..");
    folders.push(folder);
  }
  return folders;
}

/** The nearest folder that says where packages lie; else the nearest package. */
function rootAbove(cwd: string, facts: ReaderFacts): string | undefined {
  return upwards(cwd).find((folder) => declared(folder, facts).length > 0) ?? nearest(cwd, (at) => manifests(at, both, facts))[0]?.folder;
}

const textAt = (path: string, facts: ReaderFacts): string => {
  const file = facts.readFile(path);
  return file?.kind === "text" ? file.text : "";
};

/** The patterns of a repository's packages, seen from its root. */
function declared(folder: string, facts: ReaderFacts): readonly string[] {
  const own = fieldsOf(textAt(resolvePath(folder, "package.json"), facts))["workspaces"];
  const lerna = fieldsOf(textAt(resolvePath(folder, "lerna.json"), facts))["packages"];
  const pnpm = yamlList(textAt(resolvePath(folder, "pnpm-workspace.yaml"), facts));
  const listed = [...stringsIn(own), ...stringsIn(fields(own)["packages"]), ...stringsIn(lerna), ...pnpm];
  return [...new Set(listed.filter((pattern) => !pattern.startsWith("!")))];
}

const stringsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each: unknown): each is string => typeof each === "string") : [];

/** `packages:` with its items below it, or in brackets behind it. */
function yamlList(text: string): readonly string[] {
  const lines = text.split(/\r?\n/, 500);
  const start = lines.findIndex((line) => line.startsWith("packages:"));
  if (start < 0) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => !/^\s*(?:[-#]|$)/.test(line));
  const items = (end < 0 ? rest : rest.slice(0, end)).flatMap((line) => /^\s*-\s*(\S.*)$/.exec(line)?.[1] ?? []);
  const [, inline = ""] = /^packages:\s*\[([^\]]*)\]/.exec(lines[start] ?? "") ?? [];
  return [...inline.split(","), ...items].map(plainItem).filter((item) => item !== "");
}

const plainItem = (item: string): string =>
  item
    .trim()
    .replace(/\s+#.*$/, "")
    .replace(/^(["'])(.*)\1$/, "$2");

/** Folders that a root's patterns match, at most `foldersMax`. */
function memberFolders(root: string, facts: ReaderFacts): readonly string[] {
  const patterns = declared(root, facts);
  const looks = { left: looksMax };
  const found = (patterns.length > 0 ? patterns : usual).flatMap((pattern) => matching(root, pattern, facts, looks));
  return [...new Set(found)].filter((folder) => folder !== root).slice(0, foldersMax);
}

/** `apps/*`, `packages/**`, `site`: whatever lies there, packages or not. */
function matching(root: string, pattern: string, facts: ReaderFacts, looks: { left: number }): readonly string[] {
  let folders = [root];
  for (const part of pattern.split("/").filter((each) => each !== "" && each !== ".")) {
    folders = folders
      .flatMap((folder) =>
        part === "**"
          ? below(folder, facts, looks)
          : /[*?[{]/.test(part)
            ? inside(folder, part, facts, looks)
            : [resolvePath(folder, part)],
      )
      .slice(0, foldersMax);
  }
  return folders;
}

function inside(folder: string, pattern: string, facts: ReaderFacts, looks: { left: number }): readonly string[] {
  looks.left -= 1;
  if (looks.left < 0) return [];
  const names = facts.listFolder(folder).filter((name) => isKnown(name) && !name.startsWith(".") && name !== "node_modules");
  return names.filter((name) => matchesPattern(pattern, name) !== false).map((name) => resolvePath(folder, name));
}

function below(folder: string, facts: ReaderFacts, looks: { left: number }): readonly string[] {
  const found = [folder];
  let level = [folder];
  for (let depth = 0; depth < levelsMax && level.length > 0 && found.length < foldersMax; depth += 1) {
    level = level.flatMap((each) => inside(each, "*", facts, looks)).slice(0, foldersMax);
    found.push(...level);
  }
  return found;
}

interface From {
  readonly root: string;
  readonly cwd: string;
}

/** `undefined` where one of the names is none that can be resolved here: a pattern, what changed since a commit, a value that nobody knows. */
function chosen(names: readonly Word[], files: readonly PackageFile[], from: From): readonly PackageFile[] | undefined {
  const wanted = names.flatMap((name) => name.split(",")).filter((name) => name !== "" && !name.startsWith("!"));
  const found = wanted.map((name) => files.filter((file) => isMeant(name.replace(/^\{(.*)\}$/, "$1").replace(/\/+$/, ""), file, from)));
  return wanted.length === 0 || found.some((each) => each.length === 0) ? undefined : [...new Set(found.flat())];
}

/** By its folder, one above it, its name, its name without a scope, or its folder's name. */
function isMeant(name: Word, { folder, text }: PackageFile, { root, cwd }: From): boolean {
  if (!isKnown(name)) return false;
  const paths = name === "" ? [] : [resolvePath(root, name), resolvePath(cwd, name)];
  if (paths.some((path) => path === folder || (path !== root && folder.startsWith(`${path}/`)))) return true;
  const own = fieldsOf(text)["name"];
  const last = folder.slice(folder.lastIndexOf("/") + 1);
  return name === own || (typeof own === "string" && own.endsWith(`/${name}`)) || (folder !== root && name === last);
}

/** The fields of a JSON text; none where it is no object. */
function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  if (text === "") return {};
  try {
    return fields(JSON.parse(text.replace(/^\uFEFF/, "")));
  } catch {
    return {};
  }
}

/** None where it is no object. */
export const fields = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};

/** Brings node_modules in line with package-lock.json, at the cost of one hash when it already is. Uses Node alone. */

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { digestOf, putText, root, textOf, withLock } from "./workspace.mjs";

const stampPath = join(root, "node_modules", ".belay-install");
const npmLinesMax = 30;

/** Ends the process with a sentence where Node is too old: the scripts and the tools need what 20.19 brought. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `✖ belay needs Node 20.19 or newer; this is ${process.versions.node}.\n  next: install a current Node (https://nodejs.org), then run the same command again`,
  );
  process.exit(2);
}

/** Installs where node_modules is missing or was made from another package-lock.json, or on another kind of machine. */
export async function installIfStale() {
  const lockText = textOf(join(root, "package-lock.json"));
  if (lockText === undefined) throw new Error("package-lock.json is missing: this is not a whole checkout of belay.");
  // Some packages bring programs for one system and processor.
  const stamp = `${digestOf(lockText)} ${process.platform}-${process.arch}\n`;
  if (textOf(stampPath) === stamp) return;
  await withLock("install", () => {
    if (textOf(stampPath) === stamp) return;
    if (textOf(stampPath) !== undefined || !isInstalledByHand(lockText)) npmCi(lockText);
    putText(stampPath, stamp);
  });
}

/** Whether somebody ran `npm ci` or `npm install` here: npm leaves its own list of what it installed. */
function isInstalledByHand(lockText) {
  const text = textOf(join(root, "node_modules", ".package-lock.json"));
  if (text === undefined) return false;
  const installed = JSON.parse(text).packages ?? {};
  return Object.entries(JSON.parse(lockText).packages).every(([path, wanted]) => {
    if (path === "") return true;
    const found = installed[path];
    return found ? found.version === wanted.version && found.integrity === wanted.integrity : wanted.optional === true;
  });
}

function npmCi(lockText) {
  console.error("belay: installing packages (once per package-lock.json)");
  let ran = npm(["ci"]);
  // A lock made where a registry had not yet mirrored every system's programs lacks some that this system never needs;
  // `npm ci` balks at that alone, `npm install` takes what is locked and leaves them out.
  if (ran.status !== 0 && lacksOnlyOptional(ran.stderr ?? "", lockText)) ran = npm(["install", "--no-save"]);
  if (ran.status === 0) return;
  const said = `${ran.stdout ?? ""}${ran.stderr ?? ""}`.split("\n").filter((line) => line.trim() !== "");
  const lines = [
    `npm ci failed (${ran.error?.code ?? ran.signal ?? `exit ${ran.status}`}), so belay's tools are not installed.`,
    ...said.slice(0, npmLinesMax).map((line) => `  ${line}`),
    "  The packages come from npm's registry, once. If it cannot be reached:",
    "    offline       npm ci --offline    (works where npm's cache already holds them)",
    "    a proxy       npm config set https-proxy URL",
    "    a mirror      npm config get registry    says which one is asked; npm ping says whether it answers",
    "  next: npm ci, then run the same command again",
  ];
  throw new Error(lines.join("\n"));
}

function npm(args) {
  const [command, ...first] = process.env.npm_execpath?.endsWith("npm-cli.js") ? [process.execPath, process.env.npm_execpath] : ["npm"];
  const flags = ["--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  return spawnSync(command, [...first, ...args, ...flags], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function lacksOnlyOptional(said, lockText) {
  const missing = [...said.matchAll(/Missing: (@?[^@\s]+)@/gu)].map((match) => match[1]);
  const isOther = /Invalid: /u.test(said);
  const packages = Object.values(JSON.parse(lockText).packages);
  const optional = new Set(packages.flatMap((entry) => Object.keys(entry.optionalDependencies ?? {})));
  return missing.length > 0 && !isOther && missing.every((name) => optional.has(name));
}

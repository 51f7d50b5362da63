/** The licences of the packages that the bundle holds, as their authors wrote them. */

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workspace.mjs";

const inPackage = /^(.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+)[/\\]/u;
const licenceName = /^(licen[cs]e|copying|notice)([.-].*)?$/iu;

/**
 * One text for all packages that the given modules come from. A package that says Apache-2.0 and brings no file (some of the
 * AWS SDK's) is under that licence's one text, which is this project's too; any other without a file throws: it cannot be bundled.
 */
export function thirdPartyLicences(moduleIds) {
  const folders = new Set();
  for (const id of moduleIds) {
    const folder = inPackage.exec(id)?.[1];
    if (folder !== undefined) folders.add(folder);
    // The bundler's own few lines at the top of a chunk.
    else if (id.includes("rolldown/runtime")) folders.add(join(root, "node_modules", "rolldown"));
  }
  const parts = [...folders].map(licenceOf).toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const intro = "belay's program holds code of these packages, each under its own licence.\n";
  return [intro, ...parts.map(({ name, license, text }) => `${"=".repeat(78)}\n${name} (${license})\n\n${text}\n`)].join("\n");
}

function licenceOf(folder) {
  const { name, version, license, author, homepage } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) => licenceName.test(file));
  if (files.length === 0 && license === "Apache-2.0") {
    const by = [author?.name ?? author, homepage].filter(Boolean).join(", ");
    return { name: `${name} ${version}`, license, text: `${by}\n\n${readFileSync(join(root, "LICENSE"), "utf8").trim()}` };
  }
  if (files.length === 0) throw new Error(`${name} ${version} (${license}) brings no licence file, so it may not be bundled`);
  const text = files.map((file) => readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim()).join("\n\n");
  return { name: `${name} ${version}`, license, text };
}

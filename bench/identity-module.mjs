/** The identity of records as one module of its own, bundled on the spot: it is no entry of the package. */

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./measure.mjs";

export { root, shownMs } from "./measure.mjs";

export async function identityModule() {
  const { rolldown } = await import("rolldown");
  const folder = join(root, ".cache", "bench-identity");
  mkdirSync(folder, { recursive: true });
  const bundler = await rolldown({ cwd: root, input: "src/core/records/identity/resolve-identity.ts", platform: "node" });
  const file = join(folder, `resolve-identity-${process.pid}.mjs`);
  await bundler.write({ file, format: "esm" });
  await bundler.close();
  const module = await import(pathToFileURL(file).href);
  rmSync(file);
  return module;
}

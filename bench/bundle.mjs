/** Modules of src/ and sandbox/ that are no entries of the package, bundled on the spot so that benches can import them. */

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./measure.mjs";

/** What one module, by its path from the root, exports. */
export async function bundled(input) {
  const { rolldown } = await import("rolldown");
  const folder = join(root, ".cache", "bench-bundles");
  mkdirSync(folder, { recursive: true });
  const bundler = await rolldown({ cwd: root, input, platform: "node", logLevel: "silent" });
  const file = join(folder, `${input.replaceAll(/[^a-z\d]/giu, "-")}-${process.pid}.mjs`);
  try {
    await bundler.write({ file, format: "esm", codeSplitting: false });
    return await import(pathToFileURL(file).href);
  } finally {
    await bundler.close();
    rmSync(file, { force: true });
  }
}

/**
 * Runs before every npm script: a fresh checkout with nothing but Node and npm ends up installed and built,
 * and one that already is pays for a few stats.
 */

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { installIfStale, requireNode } from "./install.mjs";
import { isBuilt, root } from "./workspace.mjs";

requireNode();
try {
  await installIfStale();
} catch (error) {
  console.error(`✖ ${error.message}`);
  process.exit(2);
}
if (!isBuilt()) {
  const built = spawnSync(process.execPath, [join(root, "scripts", "build.mjs"), "--if-stale"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  process.exitCode = built.status ?? 1;
}

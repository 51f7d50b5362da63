/** A Python that has Radicale: the machine's own, or one in a virtual environment below .cache that is made when first needed. */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isOnPath, said } from "./launch.mjs";

/** The version that the departures were measured with. */
const pin = "radicale==3.9.0";
const askVersion = "import importlib.metadata, radicale; print(importlib.metadata.version('radicale'))";
const installWithinMs = 5 * 60_000;

/** `{ python, version }`, or `{ reason }` where there is no Radicale to be had. */
export function findRadicale(cache) {
  const folder = join(cache, "radicale-python");
  const [python, stamp] = [join(folder, "bin", "python"), join(folder, "pin")];
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== pin) {
    const reason = make(folder, python);
    const own = reason === undefined ? undefined : said("python3", ["-c", askVersion]);
    if (own !== undefined) return { python: "python3", version: own };
    if (reason !== undefined) return { reason };
    writeFileSync(stamp, pin);
  }
  const version = said(python, ["-c", askVersion]);
  return version === undefined ? { reason: `Radicale in ${folder} does not load; remove that folder and try again` } : { python, version };
}

/** Why it could not be made, or `undefined`. */
function make(folder, python) {
  if (!isOnPath("python3")) return "needs python3, which is not here";
  process.stderr.write(`belay: pip installs ${pin} into .cache, once\n`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const steps = [
    ["python3", ["-m", "venv", folder]],
    [python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", pin]],
  ];
  for (const [program, args] of steps) {
    const ran = spawnSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], timeout: installWithinMs });
    if (ran.status === 0) continue;
    rmSync(folder, { recursive: true, force: true });
    const lines = `${ran.stdout ?? ""}${ran.stderr ?? ""}${ran.error ?? ""}`.trim().split("\n");
    return `needs Radicale, and \`${args.slice(1, 3).join(" ")}\` failed: ${lines.at(-1) ?? "without a word"}`;
  }
  return undefined;
}

/** A Python that has moto: the machine's own, or one in a virtual environment below .cache that is made when first needed. */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { isOnPath, said } from "./launch.mjs";

/** The versions that the departures were measured with. */
const pins = ["moto[server]==5.2.1", "awscli==1.45.11"];
const askVersion = "import moto, flask, werkzeug; print(moto.__version__)";
const installWithinMs = 5 * 60_000;

/** `{ python, version, bin }`, where `bin` is a folder to look for the aws CLI in, or `{ reason }` where there is no moto to be had. */
export function findMoto(cache) {
  const own = said("python3", ["-c", askVersion]);
  if (own !== undefined && isOnPath("aws")) return { python: "python3", version: own };
  const made = environment(join(cache, "servers-python"));
  if (made.reason === undefined) return made;
  return own === undefined ? made : { python: "python3", version: own };
}

function environment(folder) {
  const [python, stamp, wanted] = [join(folder, "bin", "python"), join(folder, "pins"), pins.join("\n")];
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
    const reason = make(folder, python);
    if (reason !== undefined) return { reason };
    writeFileSync(stamp, wanted);
  }
  const version = said(python, ["-c", askVersion]);
  if (version === undefined) return { reason: `moto in ${folder} does not load; remove that folder and try again` };
  return { python, version, bin: join(folder, "bin") };
}

/** Why it could not be made, or `undefined`. */
function make(folder, python) {
  if (!isOnPath("python3")) return "needs python3, which is not here";
  process.stderr.write(`belay: pip installs ${pins.join(" and ")} into .cache, once\n`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const steps = [
    ["python3", ["-m", "venv", folder]],
    [python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...pins]],
  ];
  for (const [program, args] of steps) {
    const ran = spawnSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], timeout: installWithinMs });
    if (ran.status === 0) continue;
    rmSync(folder, { recursive: true, force: true });
    const lines = `${ran.stdout ?? ""}${ran.stderr ?? ""}${ran.error ?? ""}`.trim().split("\n");
    return `needs moto, and \`${args.slice(1, 3).join(" ")}\` failed: ${lines.at(-1) ?? "without a word"}`;
  }
  return undefined;
}

/** PATH with one more folder at its end. */
export const pathWith = (bin) => (bin === undefined ? process.env.PATH : [process.env.PATH, bin].join(delimiter));

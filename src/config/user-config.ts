/** The user's own configuration: what no repository may decide. */

import { isAbsolute, join } from "node:path";

import { checkAgainst } from "./check-shape.ts";
import type { Notify } from "./config.ts";
import { invalidConfig, type Problem, type Report } from "./problem.ts";
import type { RawUserConfig } from "./raw-config.ts";
import { readYaml } from "./read-yaml.ts";
import { userSchema } from "./schema.ts";

export interface UserNotify extends Omit<Notify, "command"> {
  /** A text for the user's shell, or words that no shell reads. `env:NAME` stands for a text. */
  readonly command?: string | readonly string[];
}

export interface UserConfig {
  readonly notify: UserNotify;
}

/**
 * Where it lies, by the XDG base directory specification: relative settings are ignored. `undefined` where the environment
 * names no home, as that of a bare service does.
 */
export function userConfigFile(env: NodeJS.ProcessEnv): string | undefined {
  const folder = env["XDG_CONFIG_HOME"] ?? "";
  if (isAbsolute(folder)) return join(folder, "belay", "config.yaml");
  const home = env["HOME"] ?? "";
  return isAbsolute(home) ? join(home, ".config", "belay", "config.yaml") : undefined;
}

/** Reads its text as strictly as belay.yaml's. Throws one `config-invalid` that lists what is wrong, in line order. */
export function parseUserConfig(text: string, file: string): UserConfig {
  const yaml = readYaml(text);
  if (yaml.problems.length > 0) throw invalidConfig(file, yaml.problems);
  const problems: Problem[] = [];
  const report: Report = (path, says, part = "value") => problems.push({ path, says, ...yaml.place(path, part) });
  const raw = yaml.value === null ? empty(report) : checkAgainst<RawUserConfig>(userSchema, yaml.value, report);
  if (raw === undefined) throw invalidConfig(file, problems);
  return { notify: raw.notify ?? {} };
}

function empty(report: Report): undefined {
  report([], "is empty; it begins with version: 1");
}

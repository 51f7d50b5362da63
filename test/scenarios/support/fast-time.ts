import { writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The environment in which a process of belay lives faster than the machine: its clock runs, and its pauses end, `rate` times as
 * soon. What limits one exchange over the network stays as it is.
 */
export function fastTime(folder: string, rate: number): Readonly<Record<string, string>> {
  const file = join(folder, `fast-time-${rate}.mjs`);
  const lines = [
    'import { syncBuiltinESMExports } from "node:module";',
    'import timers from "node:timers/promises";',
    "const { now } = Date;",
    "const startMs = now();",
    "const pause = timers.setTimeout;",
    `Date.now = () => startMs + Math.round((now() - startMs) * ${rate});`,
    `timers.setTimeout = (ms, ...rest) => pause(ms / ${rate}, ...rest);`,
    "syncBuiltinESMExports();",
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  return { NODE_OPTIONS: `--import=${file}` };
}

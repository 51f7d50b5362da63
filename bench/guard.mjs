/** What a coding agent waits for: its hook, from the start of the process to the answer. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { belayMain, columns, program, run, shownMs, timed } from "./measure.mjs";

const config = `version: 1
site:
  root: site
  targets:
    staging: { store: "s3://queenofsandiego-staging", guard: false }
    production: { store: "s3://queenofsandiego-prod", after: staging }
`;
const dist = join(belayMain, "..");

const input = (command, cwd) =>
  JSON.stringify({ session_id: "bench", cwd, hook_event_name: "PreToolUse", tool_name: "Bash", tool_input: { command } });

export function guardLatency({ runs }) {
  const folder = mkdtempSync(join(tmpdir(), "belay-bench-guard-"));
  try {
    const [guarded, bare] = [join(folder, "guarded"), join(folder, "bare")];
    for (const made of [join(guarded, "site"), bare]) mkdirSync(made, { recursive: true });
    writeFileSync(join(guarded, "belay.yaml"), config);
    const hook = (name, command, cwd = guarded) =>
      program(name, ["sh", join(dist, "guard.sh"), "claude"], { cwd, input: input(command, cwd) });
    const programs = [
      program("`node -e 0`", [process.execPath, "-e", "0"], { cwd: guarded }),
      hook("a command that is parsed and passes", "npm run build && aws s3 sync s3://queenofsandiego-prod ./mirror"),
      hook("a command that is parsed and refused", "aws s3 cp site/index.html s3://queenofsandiego-prod/index.html"),
      hook("a command outside of any site", "npm run build", bare),
      program("`belay guard claude`, without the prefilter", [process.execPath, belayMain, "guard", "claude"], {
        cwd: guarded,
        input: input("npm run build", guarded),
      }),
      program("`sh -c :`", ["sh", "-c", ":"], { cwd: guarded }),
      hook("a command that only looks", "git status && ls -la site | head -20"),
    ];
    // The first hook of a machine reads belay.yaml, and keeps V8's reading of the program.
    for (const one of programs) run(one);
    const times = timed(programs, runs * 4);
    const [node, , , , , shell] = times;
    return [
      ...programs.map(({ name }, at) => {
        const base = at < 5 ? node : shell;
        const aim = at === 1 || at === 2 ? " (aim: +30 ms)" : "";
        const over = at === 0 || at === 5 ? "" : `+${shownMs(times[at].leastMs - base.leastMs)}${aim}`;
        return [name, ...columns(times[at], base), over];
      }),
      ["what a parsed command loads", "", "", "", loaded()],
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function loaded() {
  const start = readFileSync(join(dist, "guard.cjs"), "utf8");
  const [name] = /guard-hook-[0-9a-f]+\.cjs/u.exec(start);
  const kept = readdirSync(join(dist, "chunks")).find((file) => file.startsWith(name) && file.endsWith(".cache"));
  const kib = (file) => `${(statSync(join(dist, "chunks", file)).size / 1024).toFixed(0)} KiB`;
  const cache = kept === undefined ? "and nothing of V8's is kept" : `and V8's reading of it, ${kib(kept)}`;
  return `2 files: its start, and the hook of ${kib(name)}, ${cache}`;
}

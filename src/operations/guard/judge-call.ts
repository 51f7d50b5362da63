/** From what an agent is about to do to what it is told. */

import type { AgentCall, AgentSession, FileChange } from "../../core/guard/agent-call.ts";
import type { Effect } from "../../core/guard/effect.ts";
import { scopeCachePath } from "../../core/guard/scope.ts";
import { judgeEffects } from "../../core/guard/judge-effects.ts";
import { allowed, type Verdict } from "../../core/guard/verdict.ts";
import type { GuardBench } from "./guard-bench.ts";
import { judgeFiles } from "./judge-files.ts";
import { judgeUnreadable } from "./judge-unreadable.ts";
import { readMcpCall, type RunText } from "./mcp-effects.ts";

/** Our own server and its tools: they stand behind the rules that every verb of belay stands behind. Who may be the server is a matter of settings, which an agent does not write. */
const ownServer = /^(?:plugin_[a-z0-9-]+_)?belay$/u;

/** The verdict on one call under one belay.yaml. Nothing is remembered of it: see `settleVerdict`. */
export async function judgeCall(call: AgentCall, session: AgentSession, bench: GuardBench): Promise<Verdict> {
  switch (call.kind) {
    case "shell": {
      const read = call.dialect === "powershell" ? bench.effectsOfPowershell : bench.effectsOf;
      return judged(await read(call.command, call.cwd, bench.facts), bench);
    }
    case "files":
      return await filesVerdict(call.changes, session, bench);
    case "mcp":
      return ownServer.test(call.server) && call.tool.startsWith("belay_") ? allowed : await mcpVerdict(call, session, bench);
    case "other":
      return allowed;
  }
}

/** What holds the guard up is held fast whatever belay.yaml says; besides that the scope names what is known to have been guarded. */
function judged(effects: readonly Effect[], { scope, unreadable, isGone }: GuardBench): Verdict {
  const verdict = judgeEffects(effects, scope);
  if (isGone === true) return withoutConfig(verdict, scope.folder, "it is gone");
  if (unreadable === undefined) return verdict;
  return severest([withoutConfig(verdict, scope.folder, "it cannot be read"), judgeUnreadable(effects, scope.folder, unreadable)]);
}

/** Commands of belay do nothing without a belay.yaml, so none is named. */
function withoutConfig(verdict: Verdict, folder: string, why: string): Verdict {
  if (verdict.kind === "allow" || verdict.code === "guard-touched" || verdict.code === "persons-command") return verdict;
  const { instead: _, ...objection } = verdict;
  return {
    ...objection,
    known: `belay.yaml is not as it was when belay last read it: ${why}`,
    person: `put ${folder}/belay.yaml right, or, where nothing is guarded any more, delete ${folder}/${scopeCachePath} as well`,
  };
}

async function filesVerdict(changes: readonly FileChange[], session: AgentSession, bench: GuardBench): Promise<Verdict> {
  if (changes.length === 0) return allowed;
  if (bench.unreadable === undefined && bench.isGone !== true) return await judgeFiles(changes, session, bench);
  const named = changes.flatMap(({ path, verb }) => [...new Set([path, bench.realPath(path)])].map((one) => ({ path: one, verb })));
  const effects = named.map(({ path, verb }): Effect => ({ tool: "the edit", verb, destination: { kind: "file", path }, through: [] }));
  return judged(effects, bench);
}

async function mcpVerdict(call: AgentCall & { readonly kind: "mcp" }, session: AgentSession, bench: GuardBench): Promise<Verdict> {
  const reading = readMcpCall(call, bench.scope, (path) => absolute(path, session.cwd, bench.facts.homeFolder));
  const run = await Promise.all(reading.runs.map((text) => effectsOfRun(text, session.cwd, bench)));
  const tool = `${call.server} ${call.tool}`.trim();
  const cut: Effect[] = reading.isCutShort
    ? [{ tool, verb: "write", destination: { kind: "opaque", about: "a tool's input that is too large to read" }, through: [] }]
    : [];
  const effects = [...reading.effects, ...run.flat(), ...cut];
  return severest([judged(effects, bench), await filesVerdict(reading.files, session, bench)]);
}

async function effectsOfRun({ kind, text }: RunText, cwd: string, bench: GuardBench): Promise<readonly Effect[]> {
  if (kind === "shell") return await bench.effectsOf(text, cwd, bench.facts);
  // What language a tool takes is not said; each reader finds only its own idioms.
  const [python, javascript] = await Promise.all([
    bench.effectsOfCode("python", text, cwd, bench.facts),
    bench.effectsOfCode("javascript", text, cwd, bench.facts),
  ]);
  return [...python, ...javascript];
}

function absolute(path: string, cwd: string, home: string): string {
  if (path.startsWith("/")) return path;
  return path.startsWith("~/") ? `${home}${path.slice(1)}` : `${cwd}/${path}`;
}

const severities = { allow: 0, ask: 1, deny: 2 } as const;

/** Of several verdicts the one that lets the least through; the first where they are alike. */
export function severest(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce((worst, next) => (severities[next.kind] > severities[worst.kind] ? next : worst), allowed);
}

/** What an agent would do if its hook were killed, stalled, missing or fed with garbage. */

import { canFailClosed, understood, type Understood } from "../../core/attack/agent-semantics.ts";
import type { HookEnd } from "../../core/attack/hook-end.ts";
import type { InstalledHook } from "../../core/attack/installed-hook.ts";
import { payloadsOf } from "../../core/attack/payload.ts";
import { pointerPath, pointerText } from "../../core/agents/launcher.ts";
import type { HookStart, ScratchFolder } from "../../ports/hook-runner.ts";
import { type Asking, shellHook, startOf } from "./ask-hook.ts";

export interface FaultResult extends Understood {
  readonly fault: "killed" | "input-held" | "stalled" | "missing" | "stale" | "without-node" | "garbage";
  readonly title: string;
  /**
   * Of a fault that gets through: whether it is for belay's hook or its settings to be better, or whether the agent lets every call run
   * whose hook fails, so that nothing that is installed can change it.
   */
  readonly isLimit: boolean;
}

/** How long a stalled hook is waited for: long enough that another part of the chain could have answered in its place. */
const stallMs = 1500;
/** The guard itself answers after four seconds to an input that does not end. */
const holdMs = 5500;

/** Refused wherever belay guards anything: a hook that answers after all refuses it. It is only ever text. */
const attackOn = (project: string): string => `mv ${project}/belay.yaml ${project}/belay.yaml.off`;

/** What no agent sends. The hook has to refuse each. */
const garbage: readonly string[] = ["", "{", "[]", '"text"', "\u0000\u0001\u0002", '{"hook_event_name":7,"event":7}', "[".repeat(5000)];

/** Empty where no hook is asked about shell commands. Nothing is written but in a scratch folder, which is gone afterwards. */
export async function tryFaults(asking: Asking): Promise<readonly FaultResult[]> {
  const hook = shellHook(asking.hooks);
  if (hook === undefined) return [];
  const id = `belay-attack-${asking.bench.nonce()}`;
  const scratch = await asking.bench.hooks.scratch();
  try {
    const results: FaultResult[] = [];
    for (const one of faultsFor(asking, hook, { scratch, id })) results.push(await one());
    return results;
  } finally {
    asking.forget(id);
    await scratch.remove();
  }
}

interface Around {
  readonly scratch: ScratchFolder;
  readonly id: string;
}

function faultsFor(asking: Asking, hook: InstalledHook, { scratch, id }: Around): readonly (() => Promise<FaultResult>)[] {
  const { bench, hooks, project, signal } = asking;
  const payload = payloadsOf(hooks.agent, { kind: "shell", command: attackOn(project) }, { sessionId: id, project }).find(
    ({ event }) => event === hook.event,
  );
  const start = startOf(asking, hook, JSON.stringify(payload?.input ?? {}));
  const ended = async (fault: FaultResult["fault"], title: string, changed: Partial<HookStart>): Promise<FaultResult> =>
    resultOf(asking, hook, { fault, title, end: await bench.hooks.run({ ...start, ...changed }, { signal }) });
  const elsewhere = (home: string): Partial<HookStart> => ({
    cwd: scratch.path,
    env: { ...start.env, HOME: `${scratch.path}/${home}`, CLAUDE_PROJECT_DIR: scratch.path },
    // A hook that is not there answers at once, or it has stalled.
    limitMs: Math.min(start.limitMs, 2 * stallMs),
  });
  const { dist } = bench.machine;
  const launcher = async (home: string, text: string): Promise<Partial<HookStart>> => {
    await scratch.write(`${home}/${pointerPath}`, text);
    return elsewhere(home);
  };
  const isScratchable = hook.level !== "managed" && hooks.agent !== "opencode";
  return [
    async () => await ended("killed", "killed before it answers", { fault: "kill" }),
    ...(hooks.agent === "opencode"
      ? []
      : [async () => await ended("input-held", "its input does not end", { fault: "hold", limitMs: Math.min(start.limitMs, holdMs) })]),
    ...(isScratchable
      ? [
          async () =>
            await ended("stalled", "a program that sleeps in its place", {
              ...(await launcher("stalled", "exec sleep 600\n")),
              limitMs: stallMs,
            }),
          async () => await ended("missing", "belay is not there", elsewhere("empty")),
          async () =>
            await ended(
              "stale",
              "its launcher leads to nothing",
              await launcher("stale", pointerText({ node: "/nonexistent/node", dist: "/nonexistent/belay" })),
            ),
          async () => {
            for (const program of ["sh", "bash", "cat"]) await scratch.link(`bin/${program}`, program);
            const changed = await launcher("without-node", `exec sh '${dist.replaceAll("'", `'\\''`)}/guard.sh' "$1"\n`);
            return await ended("without-node", "Node is not there", { ...changed, env: { ...changed.env, PATH: `${scratch.path}/bin` } });
          },
        ]
      : []),
    ...(hooks.agent === "opencode"
      ? []
      : garbage.map((input) => async () => await ended("garbage", `garbage in: ${named(input)}`, { input }))),
  ];
}

const named = (input: string): string =>
  input === "" ? "nothing" : `${JSON.stringify(input.slice(0, 24))}${input.length > 24 ? "…" : ""}`;

interface Tried {
  readonly fault: FaultResult["fault"];
  readonly title: string;
  readonly end: HookEnd;
}

function resultOf({ hooks }: Asking, hook: InstalledHook, { fault, title, end }: Tried): FaultResult {
  const answer = understood(hooks, hook, end);
  // A hook that ends by itself could have refused; one that is killed or stalled cannot, and the agent decides.
  const couldRefuse = end.kind === "ended";
  const couldBeSet = canFailClosed(hooks) === "yes" && !hook.asksToFailClosed;
  return { fault, title, ...answer, isLimit: answer.is === "through" && !couldRefuse && !couldBeSet };
}

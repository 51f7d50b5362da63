/** What an agent would do if its hook were killed, stalled, missing or fed with garbage. */

import { canFailClosed, understood, type Understood } from "../../core/attack/agent-semantics.ts";
import type { HookEnd } from "../../core/attack/hook-end.ts";
import type { InstalledHook } from "../../core/agents/installed-hook.ts";
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
/** The hook itself refuses an input that does not end after a few seconds. */
const holdMs = 5500;

/** Refused wherever belay guards anything: a hook that answers after all refuses it. It is only ever text. */
const attackOn = (project: string): string => `mv ${project}/belay.yaml ${project}/belay.yaml.off`;

/** What no agent sends. The hook has to refuse each. */
const garbage: readonly string[] = ["", "{", "[]", '"text"', "\u0000\u0001\u0002", '{"hook_event_name":7,"event":7}', "[".repeat(5000)];

/** Faults as tasks. Nothing is written but in a scratch folder, which `close` takes away. */
export interface FaultTrial {
  /** Those of which all that is seen is that no answer comes. */
  readonly waiting: readonly (() => Promise<void>)[];
  readonly working: readonly (() => Promise<void>)[];
  /** Of those that have run, in the order in which they are told. */
  readonly results: () => readonly FaultResult[];
  readonly close: () => Promise<void>;
}

/** Without tasks where no hook is asked about shell commands. */
export async function openFaults(asking: Asking): Promise<FaultTrial> {
  const hook = shellHook(asking.hooks);
  if (hook === undefined) return { waiting: [], working: [], results: () => [], close: async () => await Promise.resolve() };
  const id = `belay-attack-${asking.bench.nonce()}`;
  const scratch = await asking.bench.hooks.scratch();
  const faults = faultsFor(asking, hook, { scratch, id });
  const found = new Map<Fault, FaultResult>();
  const taskOf = (fault: Fault) => async (): Promise<void> => {
    const { fault: kind, title } = fault;
    const end = await asking.bench.hooks.run(await fault.start(), { signal: asking.signal });
    found.set(fault, resultOf(asking, hook, { fault: kind, title, end }));
  };
  return {
    waiting: faults.filter(({ waits }) => waits === true).map(taskOf),
    working: faults.filter(({ waits }) => waits !== true).map(taskOf),
    results: () => faults.flatMap((fault) => found.get(fault) ?? []),
    close: async () => {
      asking.forget(id);
      await scratch.remove();
    },
  };
}

interface Around {
  readonly scratch: ScratchFolder;
  readonly id: string;
}

interface Fault {
  readonly fault: FaultResult["fault"];
  readonly title: string;
  readonly waits?: true;
  readonly start: () => Promise<HookStart>;
}

function faultsFor(asking: Asking, hook: InstalledHook, { scratch, id }: Around): readonly Fault[] {
  const { bench, hooks, project } = asking;
  const payload = payloadsOf(hooks.agent, { kind: "shell", command: attackOn(project) }, { sessionId: id, project }).find(
    ({ event }) => event === hook.event,
  );
  const start = startOf(asking, hook, JSON.stringify(payload?.input ?? {}));
  const as = (changed: Partial<HookStart>) => async (): Promise<HookStart> => await Promise.resolve({ ...start, ...changed });
  const killed: Fault = { fault: "killed", title: "killed before it answers", waits: true, start: as({ fault: "kill" }) };
  // A plugin is no process with an input of its own.
  if (hooks.agent === "opencode") return [killed];
  return [
    killed,
    {
      fault: "input-held",
      title: "its input does not end",
      waits: true,
      start: as({ fault: "hold", limitMs: Math.min(start.limitMs, holdMs) }),
    },
    ...(hook.level === "managed" ? [] : launcherFaults(start, { scratch, dist: bench.machine.dist })),
    ...garbage.map((input): Fault => ({ fault: "garbage", title: `garbage in: ${named(input)}`, start: as({ input }) })),
  ];
}

/** What may have become of belay, in home folders of the scratch folder. */
function launcherFaults(start: HookStart, { scratch, dist }: { readonly scratch: ScratchFolder; readonly dist: string }): readonly Fault[] {
  const elsewhere = (home: string): HookStart => ({
    ...start,
    cwd: scratch.path,
    env: { ...start.env, HOME: `${scratch.path}/${home}`, CLAUDE_PROJECT_DIR: scratch.path },
    // A hook that is not there answers at once, or it has stalled.
    limitMs: Math.min(start.limitMs, 2 * stallMs),
  });
  const launcher = async (home: string, text: string): Promise<HookStart> => {
    await scratch.write(`${home}/${pointerPath}`, text);
    return elsewhere(home);
  };
  const withoutNode = async (): Promise<HookStart> => {
    for (const program of ["sh", "bash", "cat", "sleep"]) await scratch.link(`bin/${program}`, program);
    const changed = await launcher("without-node", `exec sh '${dist.replaceAll("'", `'\\''`)}/guard.sh' "$1"\n`);
    return { ...changed, env: { ...changed.env, PATH: `${scratch.path}/bin` } };
  };
  return [
    {
      fault: "stalled",
      title: "a program that sleeps in its place",
      waits: true,
      start: async () => ({ ...(await launcher("stalled", "exec sleep 600\n")), limitMs: stallMs }),
    },
    { fault: "missing", title: "belay is not there", start: async () => await Promise.resolve(elsewhere("empty")) },
    {
      fault: "stale",
      title: "its launcher leads to nothing",
      start: async () => await launcher("stale", pointerText({ node: "/nonexistent/node", dist: "/nonexistent/belay" })),
    },
    { fault: "without-node", title: "Node is not there", start: withoutNode },
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
  // A hook that ends by itself could have refused, and one that cannot be started is to be mended; what is killed or stalled, the agent decides.
  const couldRefuse = end.kind === "ended" || end.kind === "not-started";
  const couldBeSet = canFailClosed(hooks) === "yes" && !hook.asksToFailClosed;
  return { fault, title, ...answer, isLimit: answer.is === "through" && !couldRefuse && !couldBeSet };
}

/** One agent's part of an attack: rows and faults as tasks, and what came of them. */

import type { Understood } from "../../core/attack/agent-semantics.ts";
import type { AttackRow } from "../../core/attack/attack.ts";
import type { AgentName } from "../../core/guard/agent-call.ts";
import { type Asking, askHooks } from "./ask-hook.ts";
import type { AgentHooks } from "./look-at-hooks.ts";
import type { Share } from "./share-rows.ts";
import { type FaultResult, openFaults } from "./try-faults.ts";

export interface RowResult extends Understood {
  readonly row: AttackRow;
}

/** A sample of what another agent's hook, which starts the same guard, was asked about in full. */
export interface Sampled {
  readonly like: AgentName;
  /** How many rows were not tried with this agent. */
  readonly left: number;
}

export interface AgentResult {
  readonly hooks: AgentHooks;
  readonly results: readonly RowResult[];
  /** `undefined` where only rows of some families were asked for. */
  readonly faults: readonly FaultResult[] | undefined;
  readonly sampled: Sampled | undefined;
}

export type Task = () => Promise<void>;

export interface AgentAttack {
  /** Mostly waiting: they run beside everything else. */
  readonly waiting: readonly Task[];
  readonly working: readonly Task[];
  /** Asked for once the others are done: rows that a sample left out, where it showed that a sample will not do. */
  readonly rest: () => readonly Task[];
  readonly result: () => AgentResult;
  readonly close: () => Promise<void>;
}

interface Attacking extends Share {
  readonly withFaults: boolean;
  /** After each row. */
  readonly onRow: () => void;
}

/** A hook that stalls does so for every row: after so many, the others are not waited for. */
const lateMax = 3;

const isAsExpected = ({ row, is }: RowResult): boolean => (is === "through") !== row.mustStop;

export async function openAgentAttack(asking: Asking, { asked, left, like, withFaults, onRow }: Attacking): Promise<AgentAttack> {
  const answers = new Map<AttackRow, Understood>();
  const late: Understood[] = [];
  const taskOf =
    (row: AttackRow): Task =>
    async () => {
      const known = late[lateMax - 1];
      const answer: Understood = known
        ? { is: known.is, why: `not tried, as ${lateMax} calls before it were like this: ${known.why}` }
        : await askHooks(asking, row.call, `belay-attack-${asking.bench.nonce()}`);
      if (answer.isLate) late.push(answer);
      answers.set(row, answer);
      onRow();
    };
  const results = (): readonly RowResult[] =>
    [...asked, ...left].flatMap((row): RowResult[] => {
      const answer = answers.get(row);
      return answer === undefined ? [] : [{ row, ...answer }];
    });
  const faults = withFaults ? await openFaults(asking) : undefined;
  return {
    waiting: faults?.waiting ?? [],
    working: [...asked.map(taskOf), ...(faults?.working ?? [])],
    rest: () => (results().every(isAsExpected) ? [] : left.map(taskOf)),
    result: () => {
      const missing = asked.length + left.length - answers.size;
      return {
        hooks: asking.hooks,
        results: results(),
        faults: faults?.results(),
        sampled: like === undefined || missing === 0 ? undefined : { like, left: missing },
      };
    },
    close: async () => await faults?.close(),
  };
}

/** Every row of the corpus, put to one agent's hooks. */

import type { Understood } from "../../core/attack/agent-semantics.ts";
import type { AttackRow } from "../../core/attack/attack.ts";
import { payloadsOf } from "../../core/attack/payload.ts";
import type { AgentHooks } from "./look-at-hooks.ts";
import { type Asking, askHooks } from "./ask-hook.ts";
import { type FaultResult, tryFaults } from "./try-faults.ts";

export interface RowResult extends Understood {
  readonly row: AttackRow;
}

export interface AgentResult {
  readonly hooks: AgentHooks;
  readonly results: readonly RowResult[];
  /** `undefined` where only rows of some families were asked for. */
  readonly faults: readonly FaultResult[] | undefined;
}

/** At once. Hooks are processes, and a session beside this one wants its own. */
const workers = 2;
/** A hook that stalls does so for every row: after so many, the others are not waited for. */
const lateMax = 3;

interface Attacking {
  readonly rows: readonly AttackRow[];
  readonly withFaults: boolean;
  /** After each row. */
  readonly onRow: () => void;
}

export async function attackAgent(asking: Asking, { rows, withFaults, onRow }: Attacking): Promise<AgentResult> {
  const results = new Map<AttackRow, Understood>();
  const queue = rows.values();
  let late = 0;
  const work = async (): Promise<void> => {
    for (const row of queue) {
      const answer: Understood =
        late >= lateMax
          ? { is: "through", why: `not tried: ${lateMax} calls before it were not answered in time` }
          : await askHooks(asking, row.call, `belay-attack-${asking.bench.nonce()}`);
      if (answer.why.startsWith("its hook did not answer")) late += 1;
      results.set(row, answer);
      onRow();
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  const faults = withFaults ? await tryFaults(asking) : undefined;
  return {
    hooks: asking.hooks,
    results: rows.flatMap((row): RowResult[] => {
      const answer = results.get(row);
      return answer === undefined ? [] : [{ row, ...answer }];
    }),
    faults,
  };
}

/** Rows for which the agent has a tool. */
export const rowsOf = ({ agent }: AgentHooks, rows: readonly AttackRow[]): readonly AttackRow[] =>
  rows.filter(({ call }) => payloadsOf(agent, call, { sessionId: "", project: "/" }).length > 0);

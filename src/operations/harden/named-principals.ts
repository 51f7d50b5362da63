/** Who may write, and whether whoever asks is among those who may change that again. */

import type { Caller } from "../../core/doctor/machine-facts.ts";
import type { Told } from "../../core/doctor/told.ts";
import type { HardenRefusal } from "../../core/harden/harden-plan.ts";
import { exemptedBy, statementOf } from "../../core/harden/merge-policy.ts";
import { nobody, type Account, type Place, type Principals } from "../../core/harden/place.ts";
import { isNamed } from "../../core/harden/principal.ts";
import { writerSids } from "../../core/harden/wall-statements.ts";

export interface Named {
  readonly principals: Principals;
  /** Those of them that nobody has named yet. */
  readonly placeholders: readonly string[];
}

/** Those named on the command line; without any, those whom the present policy names; without those, placeholders. */
export function principalsFor(
  policy: string | undefined,
  places: readonly Place[],
  { named, account }: { readonly named: Principals; readonly account: Account },
): Named {
  if ([...named.persons, ...named.publishers, ...named.agents].length > 0) return { principals: named, placeholders: [] };
  const before = principalsIn(policy, places);
  if (before.persons.length > 0) return { principals: before, placeholders: [] };
  const role = (name: string): string[] => [`arn:${account.partition}:iam::${account.id}:role/belay-${name}`];
  const some = { persons: role("person"), publishers: role("publisher"), agents: role("agent") };
  return { principals: some, placeholders: [...some.persons, ...some.publishers, ...some.agents] };
}

/** Read back from our own statements: who writes to production is a publisher, who writes only elsewhere an agent. */
function principalsIn(policy: string | undefined, places: readonly Place[]): Principals {
  const persons = exemptedBy(statementOf(policy, "BelaySettings"));
  let found: Principals = { ...nobody, persons };
  for (const [{ isProduction }, sid] of writerSids(places)) {
    const others = exemptedBy(statementOf(policy, sid)).filter((arn) => !persons.includes(arn));
    found = isProduction ? { ...found, publishers: [...found.publishers, ...others] } : { ...found, agents: [...found.agents, ...others] };
  }
  return found;
}

/** A bucket whose settings nobody here could change again is a trap, however safe. */
export function peopleRefusals(caller: Told<Caller>, { principals: { persons }, placeholders }: Named): HardenRefusal[] {
  const refusal = { rule: "harden", paths: [] } as const;
  const own = caller.kind === "told" ? asPerson(caller.value.arn) : "ARN";
  if (placeholders.length > 0 || persons.length === 0) {
    const message =
      persons.length === 0
        ? "No person is named who could change the walls again."
        : "Nobody is named yet who may write: the policy shows placeholders.";
    return [{ ...refusal, code: "principals-missing", message, remedy: `Name them: --person ${own} --publisher ARN --agent ARN` }];
  }
  if (caller.kind === "untold") {
    const message = `Whose credentials these are could not be told, because ${caller.why}: they might lock themselves out.`;
    return [{ ...refusal, code: "caller-unknown", message, remedy: caller.remedy }];
  }
  if (isNamed(caller.value.arn, persons)) return [];
  const message = `You are ${caller.value.arn}, and none of the persons named: you could not change these walls again.`;
  return [{ ...refusal, code: "caller-locked-out", message, remedy: `Name yourself too: --person ${own}` }];
}

/** How a caller would be named: a role in place of its session. */
const asPerson = (arn: string): string => arn.replace(/^(arn:[^:]+):sts::(\d+):assumed-role\/([^/]+)\/.*$/u, "$1:iam::$2:role/$3");

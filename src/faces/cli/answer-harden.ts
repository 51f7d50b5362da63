/** `belay harden --apply`, from the question to how it ended. */

import { BelayError } from "../../core/belay-error.ts";
import { applyHardening, type HardenOutcome } from "../../operations/harden/apply-harden.ts";
import type { Hardening, HardenResult } from "../../operations/harden/harden.ts";
import { errorFields, failureLines, printJson } from "./answer.ts";
import { isYes, readAnswer } from "./confirmation.ts";
import { exits } from "./exit-codes.ts";
import { hardeningFields } from "./harden-documents.ts";
import { plain } from "./plain-text.ts";
import { gapLines, hardeningLines, labelOf } from "./render-harden.ts";
import { shortId } from "./render-proof.ts";
import { commandLine, type Session } from "./session.ts";
import { textOf, type Words } from "./words.ts";

/** Shows one bucket's plan, asks, writes, and says how that ended. */
export async function answerHardening(session: Session, words: Words, result: HardenResult): Promise<number> {
  const { screen, globals } = session;
  const [hardening] = result.buckets;
  if (!hardening) {
    const [skipped] = result.skipped;
    const message = skipped
      ? `${plain(skipped.name)} lies in ${plain(skipped.store)}, where no policy can be put.`
      : "No bucket was named.";
    throw new BelayError("not-supported", message, "Set the folder's own permissions, so that nobody but the publisher writes there.");
  }
  let problem: BelayError | undefined;
  const context = await session.context();
  const outcome = await applyHardening(
    await session.bench(),
    hardening,
    async () => {
      if (!globals.isJson) screen.print([...hardeningLines(hardening, screen.data), "", ...gapLines(screen.data)]);
      problem = await objection(session, words, hardening);
      if (problem) return "stop";
      session.startsWriting();
      return "go";
    },
    context,
  );
  if (outcome.kind === "refused") return refuse(session, hardening);
  const failure = problem ?? failureOf(session, hardening, outcome);
  if (globals.isJson) {
    const written = "written" in outcome ? outcome.written.map(({ bucket, setting }) => ({ bucket, setting })) : [];
    const said = outcome.kind === "declined" ? "confirmation-needed" : outcome.kind;
    printJson(screen, { ...hardeningFields(hardening), outcome: said, written, ...(failure && errorFields(failure)) });
  } else if (failure) screen.tell(failureLines(failure, screen.prose));
  else screen.print(endLine(hardening, outcome, screen.data.paint.green("✔")));
  return exitOf[outcome.kind];
}

/** Each refusal with its own way on, under the plan that it holds back. */
function refuse({ screen, globals }: Session, hardening: Hardening): number {
  if (globals.isJson) printJson(screen, { ...hardeningFields(hardening), outcome: "refused", written: [] });
  else {
    screen.print(hardeningLines(hardening, screen.data));
    screen.tell(hardening.plan.refusals.flatMap((refusal) => failureLines(refusal, screen.prose)));
  }
  return exits.refused;
}

type Ended = Exclude<HardenOutcome, { readonly kind: "refused" }>;

const exitOf: Readonly<Record<Ended["kind"], number>> = {
  "nothing-to-do": exits.done,
  applied: exits.done,
  declined: exits.usage,
  conflict: exits.conflict,
  unsettled: exits.unsettled,
};

function endLine({ plan }: Hardening, outcome: Ended, sign: string): string {
  if (outcome.kind !== "applied") return `Bucket ${plain(plan.bucket)} stands as it should: nothing to do.`;
  return `${sign} hardened ${plain(plan.bucket)}: ${outcome.written.map((change) => labelOf(change, plan.bucket)).join(", ")}`;
}

/** Why it did not go through, with the way on. */
function failureOf({ setup }: Pick<Session, "setup">, { plan }: Hardening, outcome: Ended): BelayError | undefined {
  const again = commandLine(setup, { without: ["--json", "--confirm VALUE"] });
  switch (outcome.kind) {
    case "applied":
    case "nothing-to-do":
    case "declined":
      return undefined;
    case "conflict": {
      const what = labelOf(outcome.at, plan.bucket);
      const stands = standing(plan.bucket, outcome.written);
      const message =
        outcome.found === "before"
          ? `The ${what} of ${plain(plan.bucket)} is not what the plan shows any more: somebody changed it meanwhile. ${stands}`
          : `The ${what} of ${plain(plan.bucket)} is not what was written: somebody wrote over it at once. ${stands}`;
      return new BelayError("plan-stale", message, again);
    }
    case "unsettled": {
      const message = `Whether the ${labelOf(outcome.at, plan.bucket)} of ${plain(plan.bucket)} was written is not known. ${standing(plan.bucket, outcome.written)}`;
      return new BelayError("unsettled", message, again);
    }
  }
}

const standing = (bucket: string, written: Extract<HardenOutcome, { kind: "conflict" }>["written"]): string =>
  written.length === 0
    ? "Nothing was written before it."
    : `Written before it: ${written.map((change) => labelOf(change, bucket)).join(", ")}.`;

/** A person says go, or the id of the plan that they saw; nothing else does, wherever it is written to. */
async function objection(session: Session, words: Words, { id, plan }: Hardening): Promise<BelayError | undefined> {
  const { setup, globals } = session;
  const again = commandLine(setup, { without: ["--json", "--confirm VALUE"], added: ["--confirm", shortId(id)] });
  const confirmed = textOf(words, "confirm");
  if (confirmed !== undefined) {
    if (/^[0-9a-f]{8,64}$/u.test(confirmed) && id.startsWith(confirmed)) return undefined;
    return new BelayError(
      "plan-stale",
      `The plan is not ${plain(confirmed)}: it is ${shortId(id)}. Look at it before you confirm it.`,
      again,
    );
  }
  const context = await session.context();
  if (!context.isAttended || globals.isJson) {
    return new BelayError("confirmation-needed", "Nobody is here to ask, so the plan needs a confirmation. Nothing was written.", again);
  }
  const answer = await readAnswer(session, `Write this to ${plain(plan.bucket)}? [y/N] `);
  return isYes(answer) ? undefined : new BelayError("confirmation-needed", "Not confirmed: nothing was written.", again);
}

import { BelayError } from "../../../core/belay-error.ts";
import { approvePolicy } from "../../../operations/approve/policy-approve.ts";
import { errorFields, failureLines, printJson } from "../answer.ts";
import { isYes, readAnswer } from "../confirmation.ts";
import { validityFrom } from "../duration.ts";
import { exits } from "../exit-codes.ts";
import { plain } from "../plain-text.ts";
import { policyOfferLines } from "../render-offer.ts";
import { shortId } from "../render-proof.ts";
import type { Session } from "../session.ts";
import { textOf, type Words } from "../words.ts";
import { keyFrom } from "./approve.ts";

/** A person sees what differs, also where the answer is JSON: then on stderr. */
export async function runPolicyApprove(session: Session, words: Words): Promise<number> {
  const { screen, globals, setup } = session;
  const request = { why: textOf(words, "why") ?? "", key: keyFrom(words, setup.cwd), validMs: validityFrom(words) };
  const result = await approvePolicy(
    await session.bench(),
    request,
    async (offer) => {
      if (globals.isJson) screen.tell(policyOfferLines(offer, screen.prose));
      else screen.print(policyOfferLines(offer, screen.data));
      const answer = await readAnswer(session, `${offer.isSigned ? "Sign this policy" : "Let this policy bind"}? [y/N] `);
      return isYes(answer) ? "go" : "stop";
    },
    await session.context(),
  );
  const { kind, digest } = result;
  if (kind === "declined") {
    const problem = new BelayError("confirmation-needed", "Not approved: the policy in force binds on.", "belay policy show");
    if (globals.isJson) printJson(screen, { policy: digest, outcome: "confirmation-needed", ...errorFields(problem) });
    else screen.tell(failureLines(problem, screen.prose));
    return exits.usage;
  }
  const signer = kind === "approved" ? result.signer : undefined;
  if (globals.isJson) printJson(screen, { policy: digest, outcome: kind, ...(signer === undefined ? {} : { signer }) });
  else if (kind === "nothing-to-do") screen.print(`Policy ${shortId(digest)} binds already: nothing to do.`);
  else
    screen.print(
      `${screen.data.paint.green("✔")} policy ${shortId(digest)} binds from here on${signer === undefined ? "" : `, signed by ${plain(signer)}`}`,
    );
  return exits.done;
}

/** Who says go: a person at the terminal, the id of the plan that was seen, or `--yes` where that is enough. */

import { createInterface } from "node:readline";
import { BelayError } from "../../core/belay-error.ts";
import { stepsOf, type IdentifiedPlan } from "../../core/plan/plan.ts";
import { isProduction, type Target } from "../../core/site.ts";
import type { SigningOffer } from "../../operations/approve/approve.ts";
import type { Confirm } from "../../operations/deploy.ts";
import type { Context, Workbench } from "../../operations/workbench.ts";
import type { InputStream } from "./cli-setup.ts";
import { offerLines } from "./render-offer.ts";
import { planLines } from "./render-plan.ts";
import { shortId } from "./render-proof.ts";
import type { View } from "./screen.ts";
import { commandLine, targetOf, type Session } from "./session.ts";
import { has, textOf, type Words } from "./words.ts";

export interface Confirmation {
  readonly confirm: Confirm;
  /** Why the answer was no. */
  readonly problem: () => BelayError | undefined;
}

const prefixMin = 8;

export interface Asking {
  readonly session: Session;
  readonly bench: Workbench;
  readonly context: Context;
  readonly words: Words;
  /** The id that the command itself named: `belay apply PLAN-ID`. */
  readonly named?: string;
  /** Keys, or folders by a trailing slash, that the command itself named: `belay deploy TARGET PATH…`. */
  readonly paths?: readonly string[] | undefined;
  /** What is shown in place of the plan's usual lines, asked in place of the usual question, and run to confirm it later. */
  readonly lines?: (view: View) => readonly string[];
  readonly question?: string;
  /** Several parts are written, each of which stays. */
  readonly writes?: "parts";
  readonly again?: string;
}

/** Shows the plan and its proof, then asks. Nothing is ever asked where nobody can answer. */
export function openConfirmation(asking: Asking): Confirmation {
  const { session, words } = asking;
  checkPrefix(textOf(words, "confirm"));
  let problem: BelayError | undefined;
  return {
    problem: () => problem,
    confirm: async (identified, offer) => {
      // In JSON nobody is shown what they would sign.
      if (offer && session.globals.isJson) return "not-asked";
      if (!session.globals.isJson) session.screen.print(asking.lines?.(session.screen.data) ?? planLines(identified, session.screen.data));
      problem = offer ? await signingObjection(asking, identified, offer) : await objection(asking, identified);
      if (problem !== undefined) return "stop";
      session.startsWriting(asking.writes);
      return "go";
    },
  };
}

/** No flag stands for a signature: the person is always asked, whatever the command line says. */
async function signingObjection(
  { session, words }: Asking,
  identified: IdentifiedPlan,
  offer: SigningOffer,
): Promise<BelayError | undefined> {
  const { screen } = session;
  const changed = unconfirmed(session, words, identified);
  if (changed) return changed;
  screen.print(offerLines(identified, offer, screen.data));
  const answer = await readAnswer(session, `Sign this, and write it to ${identified.plan.target}? [y/N] `);
  const short = shortId(identified.id);
  return isYes(answer)
    ? undefined
    : new BelayError("confirmation-needed", "Not signed: nothing was written.", `belay approve ${short}\nbelay apply ${short}`);
}

export const isYes = (answer: string): boolean => /^y(?:es)?$/iu.test(answer.trim());

/** `--confirm` names another plan than the one at hand. */
function unconfirmed(session: Session, words: Words, { id }: IdentifiedPlan): BelayError | undefined {
  const confirmed = textOf(words, "confirm");
  if (confirmed === undefined || id.startsWith(confirmed)) return undefined;
  return new BelayError(
    "confirmation-needed",
    `The plan is not ${confirmed} any more: it is ${shortId(id)} now. Look at it before you confirm it.`,
    confirmAgain(session, id),
  );
}

const confirmAgain = ({ setup }: Session, id: string): string =>
  commandLine(setup, { without: ["--yes", "-y", "--json", "--confirm VALUE"], added: ["--confirm", shortId(id)] });

function checkPrefix(prefix: string | undefined): void {
  if (prefix === undefined || new RegExp(`^[0-9a-f]{${prefixMin},64}$`, "u").test(prefix)) return;
  throw new BelayError(
    "usage",
    `--confirm takes a plan id, or at least its first ${prefixMin} digits.`,
    "belay plan TARGET   (prints the id)",
  );
}

async function objection(
  { session, bench, context, words, named, paths, question, again: command }: Asking,
  identified: IdentifiedPlan,
): Promise<BelayError | undefined> {
  const { id, plan } = identified;
  const again = command ?? confirmAgain(session, id);
  if (textOf(words, "confirm") !== undefined) return unconfirmed(session, words, identified);
  const target = targetOf(session, bench, plan.target);
  const isGuarded = isProduction(target);
  if (has(words, "yes") && !isGuarded) return undefined;
  // In JSON nobody is shown the plan, so nobody can be asked about it.
  if (context.isAttended && !session.globals.isJson) {
    const answer = await readAnswer(session, question ?? `Write this to ${plan.target}? [y/N] `);
    return isYes(answer) ? undefined : new BelayError("confirmation-needed", "Not confirmed: nothing was written.", again);
  }
  // Off a terminal the id on the command line says which plan somebody has seen.
  if (named !== undefined && named.length >= prefixMin) return undefined;
  if (!context.isAttended && isSpelledOut(identified, paths, target)) return undefined;
  return new BelayError("confirmation-needed", unaskedMessage(plan.target, has(words, "yes") && isGuarded), again);
}

/** `isWaived`: `--yes` was given, where it does not do. */
const unaskedMessage = (target: string, isWaived: boolean): string =>
  isWaived
    ? `${target} is production, so --yes is not enough: its plan is confirmed by its id. Nothing was written.`
    : "Nobody is here to ask, so the plan needs a confirmation. Nothing was written.";

/** To a stage, of files that were named one by one, and of no other: the command line says all that a confirmation would (decision 0037). */
function isSpelledOut({ plan }: IdentifiedPlan, paths: readonly string[] | undefined, target: Target): boolean {
  if (paths === undefined || isProduction(target) || target.approvals > 0) return false;
  return stepsOf(plan).every(({ change }) => paths.includes(change.at.key));
}

/** One line; nothing where the input ends. Throws `interrupted` on Ctrl-C. */
export async function readAnswer({ setup, screen, signal }: Session, question: string): Promise<string> {
  screen.ask(question);
  const answer = await firstLine(setup.stdin, signal);
  if (answer === undefined) screen.tell("");
  if (signal.aborted) throw new BelayError("interrupted", "Stopped at the question: nothing was written.", commandLine(setup));
  return answer ?? "";
}

function firstLine(stdin: InputStream, signal: AbortSignal): Promise<string | undefined> {
  // Without `terminal`, Ctrl-C stays a signal and is handled in one place.
  const lines = createInterface({ input: stdin, terminal: false });
  return new Promise((resolve) => {
    const stop = (): void => lines.close();
    signal.addEventListener("abort", stop, { once: true });
    lines.once("line", (line) => {
      resolve(line);
      stop();
    });
    lines.once("close", () => {
      signal.removeEventListener("abort", stop);
      resolve(undefined);
    });
  });
}

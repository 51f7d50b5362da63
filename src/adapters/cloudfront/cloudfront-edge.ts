/** A CloudFront distribution as the edge of a target. */

import { BelayError, invariant } from "../../core/belay-error.ts";
import type { Edge } from "../../ports/edge.ts";
import type { CallOptions } from "../../ports/store.ts";
import { awsError } from "../shared/aws/aws-error.ts";
import { encodeComponent } from "../shared/aws/encode-path.ts";
import { plainText } from "../shared/aws/plain-text.ts";
import type { AwsProblem } from "../shared/aws/read-aws-error.ts";
import { WireFailure, type Wire } from "../shared/aws/wire.ts";
import { childText } from "../shared/aws/xml.ts";
import { callCloudFront, type ApiCall, type CallAnswer } from "./cloudfront-call.ts";
import type { CloudFrontSetup } from "./cloudfront-setup.ts";
import { earlierInvalidation, isKnownReference } from "./earlier-invalidation.ts";
import { invalidationBatch } from "./invalidation-batch.ts";
import { openPatience, type Patience } from "./patience.ts";

/**
 * Purges by invalidation. The reference is CloudFront's CallerReference, so a request whose reply was lost is simply sent
 * again and finds the invalidation that it made. Waiting has a limit; where that passes, or CloudFront stays silent,
 * `purge` throws `unsettled`: nothing is known to be wrong with what was written, and the same purge can be asked for again.
 */
export function openCloudFrontEdge(setup: CloudFrontSetup): Edge {
  return {
    async purge(paths, reference, options) {
      invariant(paths.length > 0, "a purge names at least one path");
      const waiting: Waiting = { setup, reference, patience: openPatience(setup), options, unansweredInRow: 0 };
      try {
        options.signal.throwIfAborted();
        return await invalidate(waiting, await setup.wire(), invalidationCall(paths, reference));
      } catch (error) {
        if (options.signal.aborted) throw interrupted(waiting, error);
        throw error;
      }
    },
  };
}

interface Waiting {
  readonly setup: CloudFrontSetup;
  readonly reference: string;
  readonly patience: Patience;
  readonly options: CallOptions;
  /** Known once CloudFront has taken the purge. */
  id?: string;
  /** Why the last call did not get further, as a clause. */
  hindrance?: string;
  unansweredInRow: number;
}

// Each is several attempts already: with no network at all this is about half a minute, and resume can go on.
const unansweredMax = 5;
// CloudFront is willing, later: its limits on purges in progress, and on requests.
const passingCodes = new Set(["TooManyInvalidationsInProgress", "Throttling", "ThrottlingException", "TooManyRequestsException"]);
const isPassing = ({ code, status }: AwsProblem): boolean => passingCodes.has(code) || status === 429 || status >= 500;

const invalidationCall = (paths: readonly string[], reference: string): ApiCall => ({
  method: "POST",
  below: "/invalidation",
  headers: { "content-type": "text/xml" },
  body: invalidationBatch(paths, reference),
});

async function invalidate(waiting: Waiting, wire: Wire, create: ApiCall): Promise<{ readonly id: string }> {
  let { id, isCompleted } = await attempt(waiting, wire, create);
  waiting.id = id;
  waiting.patience.renew();
  while (!isCompleted) {
    await pauseOr(waiting);
    ({ isCompleted } = await attempt(waiting, wire, { method: "GET", below: `/invalidation/${encodeComponent(id)}` }));
  }
  return { id };
}

interface Invalidation {
  readonly id: string;
  readonly isCompleted: boolean;
}

/** One call, made until it is answered; throws where CloudFront refuses for good. */
async function attempt(waiting: Waiting, wire: Wire, call: ApiCall): Promise<Invalidation> {
  for (;;) {
    const answer = await callCloudFront(wire, waiting.setup, call, waiting.options);
    const found = (await foundEarlier(waiting, wire, answer)) ?? readAnswer(waiting, wire, answer);
    if (found) return found;
    await pauseOr(waiting);
  }
}

/** What this reference has made before, where that is why CloudFront refuses it now. */
async function foundEarlier(
  { id: known, setup, reference, options }: Waiting,
  wire: Wire,
  answer: CallAnswer,
): Promise<Invalidation | undefined> {
  if (known !== undefined || answer.kind !== "refused" || !isKnownReference(answer.problem)) return undefined;
  const id = await earlierInvalidation(wire, setup, reference, options);
  // Whether it has completed is what is asked next.
  return id === undefined ? undefined : { id, isCompleted: false };
}

/** `undefined` where asking later may help. */
function readAnswer(waiting: Waiting, wire: Wire, answer: CallAnswer): Invalidation | undefined {
  const isCreating = waiting.id === undefined;
  const about = {
    wire,
    action: isCreating ? "cloudfront:CreateInvalidation" : "cloudfront:GetInvalidation",
    subject: waiting.setup.distribution,
  };
  if (answer.kind === "unanswered") {
    waiting.unansweredInRow += 1;
    waiting.hindrance = awsError(answer.failure, about).message;
    if (waiting.unansweredInRow >= unansweredMax) throw unsettled(waiting);
    return undefined;
  }
  waiting.unansweredInRow = 0;
  if (answer.kind === "refused") {
    const { problem } = answer;
    // A look may reach a server that has not heard of the invalidation yet.
    const isUnheard = !isCreating && problem.code === "NoSuchInvalidation";
    if (!isPassing(problem) && !isUnheard) throw awsError(problem, about);
    waiting.hindrance = hindranceOf(problem);
    return undefined;
  }
  delete waiting.hindrance;
  const id = childText(answer.root, "Id");
  const status = childText(answer.root, "Status");
  if (id === undefined || status === undefined) throw awsError(new WireFailure("its answer describes no invalidation", true), about);
  // CloudFront writes `Completed`; moto, which people test with, `COMPLETED`.
  return { id, isCompleted: status.toLowerCase() === "completed" };
}

function hindranceOf({ code, message, status }: AwsProblem): string {
  if (code === "TooManyInvalidationsInProgress") return "CloudFront had too many other invalidations of it in progress";
  return plainText(`CloudFront answered ${code === "" ? `status ${status}` : code}${message === "" ? "" : `: ${message}`}`);
}

async function pauseOr(waiting: Waiting): Promise<void> {
  if (!(await waiting.patience.pause(waiting.options.signal))) throw unsettled(waiting);
}

const nameOf = ({ id, setup }: Waiting): string =>
  id === undefined
    ? `The invalidation of distribution ${setup.distribution}`
    : `Invalidation ${plainText(id)} of distribution ${setup.distribution}`;

const staleMeanwhile = "What was written has landed; visitors may be given what was there before until this is done.";

function unsettled(waiting: Waiting): BelayError {
  const { id, hindrance, patience, unansweredInRow } = waiting;
  const minutes = Math.round(patience.limitMs / 6000) / 10;
  const within = unansweredInRow >= unansweredMax ? "" : ` within ${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
  const missed = id === undefined ? "was not taken" : "is not known to be complete";
  return new BelayError(
    "unsettled",
    `${nameOf(waiting)} ${missed}${within}${hindrance === undefined ? "" : ` (${hindrance})`}. ${staleMeanwhile}`,
    "`belay resume` goes on waiting for it.",
  );
}

function interrupted(waiting: Waiting, cause: unknown): BelayError {
  const missed = waiting.id === undefined ? "was interrupted before it was known to be taken" : "was not waited for to its end";
  return new BelayError("interrupted", `${nameOf(waiting)} ${missed}. ${staleMeanwhile}`, "`belay resume` goes on waiting for it.", {
    cause,
  });
}

/** What an answer of Google's that is no success means. */

import { BelayError, type ErrorCode } from "../../core/belay-error.ts";
import { isRecord, textIn } from "./event-body.ts";
import { plainText } from "./plain-text.ts";

/** An answer with a status that is no success. `reason`: Google's word for it, empty where none was said. */
export interface GoogleProblem {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
}

/** Source: "Handle API errors" of the Calendar API guides. */
export function problemOf(status: number, data: unknown): GoogleProblem {
  const error = isRecord(data) ? data["error"] : undefined;
  // The token endpoint says it in OAuth's way (RFC 6749, section 5.2).
  if (typeof error === "string") return { status, reason: error, message: plainText(textIn(data, "error_description") ?? error) };
  const errors: unknown = isRecord(error) ? error["errors"] : undefined;
  const [first]: unknown[] = Array.isArray(errors) ? errors : [];
  return { status, reason: textIn(first, "reason") ?? "", message: plainText(textIn(error, "message") ?? "") };
}

const slowDown: ReadonlySet<string> = new Set(["rateLimitExceeded", "userRateLimitExceeded"]);

/** Too much at once: nothing was done, and a pause helps. */
export const isThrottled = ({ status, reason }: GoogleProblem): boolean => status === 429 || (status === 403 && slowDown.has(reason));

/** The service is in trouble: whether anything was done is not known. */
export const isTrouble = ({ status }: GoogleProblem): boolean => status >= 500 || status === 408;

const signIn: ReadonlySet<string> = new Set(["invalid_grant", "invalid_client", "unauthorized_client", "invalid_scope", "deleted_client"]);

/** The error that a person reads. `what`: what belay wanted, as `read the events of CALENDAR`. */
export function errorOf(problem: GoogleProblem, what: string): BelayError {
  const { code, remedy } = meaningOf(problem);
  const said = problem.message === "" ? "" : `: ${problem.message.replace(/[.\s]+$/u, "")}`;
  const word = problem.reason === "" ? `status ${problem.status}` : `${problem.status} ${plainText(problem.reason)}`;
  return new BelayError(code, `Google did not let belay ${what} (${word})${said}.`, remedy);
}

function meaningOf(problem: GoogleProblem): { readonly code: ErrorCode; readonly remedy: string } {
  const { status, reason } = problem;
  if (signIn.has(reason)) {
    return {
      code: "credentials-missing",
      remedy:
        "Look at the key file or the refresh token: it may be revoked or expired, or the clock of this machine wrong. Then run the command again.",
    };
  }
  if (status === 401)
    return { code: "credentials-missing", remedy: "Sign in anew: renew the key file or the refresh token, then run the command again." };
  if (isThrottled(problem) || reason === "quotaExceeded" || reason === "dailyLimitExceeded")
    return {
      code: "store-unreachable",
      remedy: "Wait a while, or set a lower `requests` for this calendar in belay.yaml, then run the command again.",
    };
  if (status === 403) {
    return {
      code: "store-denied",
      remedy:
        "Share the calendar with the account that belay signs in as (“make changes to events”), and enable the Calendar API in its project.",
    };
  }
  if (status === 404)
    return {
      code: "store-missing",
      remedy: "Look at the calendar's id in belay.yaml, and share the calendar with the account that belay signs in as.",
    };
  if (status === 400) return { code: "input-invalid", remedy: "Correct the value that Google names, then make the plan again." };
  return { code: "store-unreachable", remedy: "Run the same command again in a while." };
}

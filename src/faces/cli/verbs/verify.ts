import { BelayError } from "../../../core/belay-error.ts";
import type { Outcome } from "../../../core/verify/verification.ts";
import { lookWithinMs } from "../../../operations/verify/look-request.ts";
import { verify, type VerifyResult } from "../../../operations/verify/verify.ts";
import { printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { keysNamed } from "../locate-paths.ts";
import { verifyLines } from "../render-verify.ts";
import { targetOf, type Session } from "../session.ts";
import { has, textOf, type Words } from "../words.ts";

const exitOf: Readonly<Record<Outcome, number>> = { good: exits.done, bad: exits.verificationFailed, unknown: exits.unsettled };

/** What visitors get of a target, against the record: good exits 0, bad 6, and what could not be told 5. */
export async function runVerify(session: Session, words: Words): Promise<number> {
  const [name = "", ...paths] = words.operands;
  const withinMs = withinOf(words);
  // What renders reports loads where one is asked for.
  const reports = textOf(words, "html") === undefined ? undefined : await import("../../report/answer-reports.ts");
  reports?.checkReportWords(session, words);
  const bench = await session.bench();
  const target = targetOf(session, bench, name);
  // By name alone: what was deleted is neither here nor live, and is looked for all the same.
  const keys = await keysNamed(session, bench, { target, paths });
  const selection = keys.length === 0 || keys.includes("") ? undefined : keys;
  const note = textOf(words, "note");
  const context = await session.context();
  const result = await verify(
    bench,
    { target, selection, isAll: has(words, "all"), withinMs, wantsBrowser: has(words, "look"), ...(note === undefined ? {} : { note }) },
    context,
  );
  const { screen, globals } = session;
  const answered = await reports?.answerVerifyReport({ session, bench, context, words }, result.verification);
  if (globals.isJson) printJson(screen, verifyFields(result));
  else if (answered?.tookStdout !== true) screen.print(verifyLines(result, screen.data));
  return exitOf[result.verification.outcome];
}

const withinMaxSeconds = 3600;

function withinOf(words: Words): number {
  const text = textOf(words, "within");
  if (text === undefined) return lookWithinMs;
  const seconds = /^\d{1,4}$/u.test(text) ? Number(text) : Number.NaN;
  if (seconds <= withinMaxSeconds) return seconds * 1000;
  throw new BelayError("usage", `--within takes seconds, from 0 to ${withinMaxSeconds}.`, "belay verify TARGET --within 60");
}

/** Field names are a contract. */
function verifyFields({ target, verification, document, seq, scope, open, notShown }: VerifyResult): Record<string, unknown> {
  const { site, at, outcome, files, tokens, looks } = verification;
  return {
    site,
    target: target.name,
    outcome,
    at,
    lookedAt: target.url === undefined ? "store" : "address",
    scope: { kind: scope.kind, next: scope.next?.name, leftOut: scope.leftOut, notShown },
    files,
    tokens,
    looks,
    document,
    verified: { seq },
    open,
  };
}

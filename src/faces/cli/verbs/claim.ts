import { parseTimeSpan, timeSpanWords } from "../../../config/time-span.ts";
import { BelayError } from "../../../core/belay-error.ts";
import { claimMsMax, claimRecord, releaseClaim, type ClaimResult } from "../../../operations/records/claim-record.ts";
import { nextLines, printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { findWords, queryFrom, type FindWords } from "../find-words.ts";
import { plain, shellWord } from "../plain-text.ts";
import { openKind, todayOf } from "../records-session.ts";
import { claimFields, claimLines, findingsFields, findingsLines, findRemedy } from "../render-find.ts";
import { typedAgain } from "./find.ts";
import type { Session } from "../session.ts";
import { listOf, textOf, type Words } from "../words.ts";
import { localTime } from "../when.ts";

const usualMs = 2 * 3_600_000;

/** Claims a record before its page is made: 0 claimed, 3 it exists or may, 7 somebody else has claimed it. */
export async function runClaim(session: Session, words: Words): Promise<number> {
  const asked = findWords(words, "claim");
  const { records, context } = await openKind(session, asked.kind);
  const released = textOf(words, "release");
  const { screen, globals } = session;
  if (released !== undefined) {
    const claim = await releaseClaim(records, released, context);
    if (globals.isJson) printJson(screen, { outcome: "released", claim: claimFields(claim) });
    else screen.print(`${screen.data.paint.green("✔")} ${plain(claim.record)} is free again`);
    return exits.done;
  }
  const request = {
    query: queryFrom(records.kind, asked, todayOf(session)),
    forMs: durationFrom(words),
    note: textOf(words, "note"),
    others: listOf(words, "not"),
  };
  const result = await claimRecord(records, request, context);
  const next = nextOf(result, asked);
  if (globals.isJson) printJson(screen, { ...fieldsOf(result), next });
  else {
    screen.print(linesOf(result, session));
    screen.tell(nextLines(next, screen.prose));
  }
  return exitOf[result.kind];
}

const exitOf: Readonly<Record<ClaimResult["kind"], number>> = {
  claimed: exits.done,
  exists: exits.refused,
  doubtful: exits.refused,
  held: exits.held,
};

function durationFrom(words: Words): number {
  const text = textOf(words, "for");
  if (text === undefined) return usualMs;
  const ms = parseTimeSpan(text);
  if (ms !== undefined && ms > 0 && ms <= claimMsMax) return ms;
  throw new BelayError("usage", `--for takes ${timeSpanWords}, seven days at most.`, "For example: --for 2h");
}

function linesOf(result: ClaimResult, { screen }: Session): string[] {
  const { data } = screen;
  switch (result.kind) {
    case "claimed":
      return [
        `${data.paint.green("✔")} ${data.paint.bold(`${plain(result.claim.record)} is yours to make until ${localTime(result.claim.until, data.nowMs)}`)}`,
      ];
    case "exists":
      return [`${data.paint.red("✖")} ${data.paint.bold("refused R9: it exists already")}`, ...findingsLines(result.findings, data)];
    case "doubtful":
      return [`${data.paint.red("✖")} ${data.paint.bold("refused R9: it may exist already")}`, ...findingsLines(result.findings, data)];
    case "held":
      return claimLines(result.by, data);
  }
}

function nextOf(result: ClaimResult, asked: FindWords): string {
  const { findings } = result;
  const kind = shellWord(findings.kind);
  switch (result.kind) {
    case "claimed": {
      const [key] = result.keys;
      const page = key === undefined ? "Make its page" : `Make its page, ${plain(key)},`;
      return `${page} and deploy it; the claim ends by itself once the page is live. Or give it back:\nbelay claim ${kind} --release ${shellWord(result.claim.record)}`;
    }
    case "exists":
      return findRemedy(findings, typedAgain(asked));
    case "doubtful": {
      const others = findings.doubts.map(({ record }) => `--not ${shellWord(record)}`).join(" ");
      return `Look at what it may be, and edit that page. If it is another one:\nbelay claim ${kind} ${typedAgain(asked)} ${others}`;
    }
    case "held":
      return `Ask ${plain(result.by.by.name)}, or try again after ${result.by.until}: make no page meanwhile.`;
  }
}

/** Field names are a contract: add, never rename. */
function fieldsOf(result: ClaimResult): Record<string, unknown> {
  const about = findingsFields(result.findings);
  switch (result.kind) {
    case "claimed":
      return { outcome: "claimed", claim: claimFields(result.claim), pages: result.keys, record: result.record?.record, ...about };
    case "held":
      return { outcome: "held", claim: claimFields(result.by), ...about };
    case "exists":
      return { outcome: "refused", rule: "R9", code: "record-exists", ...about };
    case "doubtful":
      return { outcome: "refused", rule: "R9", code: "record-doubtful", ...about };
  }
}

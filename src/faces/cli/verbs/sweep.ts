import { BelayError } from "../../../core/belay-error.ts";
import { sweep, type LeftAssets } from "../../../operations/way-back/sweep.ts";
import { answerDeploy, type More } from "../answer-deploy.ts";
import { openConfirmation } from "../confirmation.ts";
import { counted, plain } from "../plain-text.ts";
import type { View } from "../screen.ts";
import { targetOf, type Session } from "../session.ts";
import { textOf, type Words } from "../words.ts";

export async function runSweep(session: Session, words: Words): Promise<number> {
  const [name = ""] = words.operands;
  const bench = await session.bench();
  const target = targetOf(session, bench, name);
  const grace = graceFrom(textOf(words, "grace"), target.name);
  const context = await session.context();
  const confirmation = openConfirmation({ session, bench, context, words });
  const { result, left } = await sweep(bench, { target, ...grace, waitMs: session.globals.waitMs }, confirmation.confirm, context);
  return answerDeploy(session, { result, confirmation, targetName: target.name, more: moreOf(left, session.screen.data) });
}

const dayMs = 86_400_000;
const units: Readonly<Record<string, readonly [ms: number, noun: string]>> = {
  m: [60_000, "minute"],
  h: [3_600_000, "hour"],
  d: [dayMs, "day"],
  w: [7 * dayMs, "week"],
};

/** `30d`, `12h`, `90m`, `2w`; 30 days unless told. */
function graceFrom(text: string | undefined, target: string): { readonly graceMs: number; readonly grace: string } {
  const [, digits = "", letter = ""] = /^(\d{1,5})([mhdw])$/u.exec(text ?? "30d") ?? [];
  const unit = units[letter];
  if (!unit) throw new BelayError("usage", "--grace takes a time, for example 30d, 12h or 2w.", `belay sweep ${target} --grace 30d`);
  return { graceMs: Number(digits) * unit[0], grace: counted(Number(digits), unit[1]) };
}

const reasons: Readonly<Record<LeftAssets["why"], string>> = {
  referred: "a live page, style sheet or script names",
  "referred-lately": "a page names that was live within the grace period",
  recent: "were brought within the grace period",
  held: "the stage before, or the working folder, still holds",
  "not-belays": "belay did not bring, or somebody has written since",
  unproven: "an earlier page may name that cannot be read any more",
};

const pathsInJsonMax = 100;
const pathsShownMax = 20;

function moreOf(left: readonly LeftAssets[], { isVerbose }: View): More {
  return {
    fields: { left: left.map(({ why, paths }) => ({ why, count: paths.length, paths: paths.slice(0, pathsInJsonMax) })) },
    lines: left.flatMap(({ why, paths }) => [
      `  left: ${counted(paths.length, "asset")} that ${reasons[why]}`,
      ...(isVerbose ? paths.slice(0, pathsShownMax).map((path) => `    ${plain(path)}`) : []),
    ]),
  };
}

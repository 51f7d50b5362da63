import { BelayError } from "../../../core/belay-error.ts";
import { doctor } from "../../../operations/doctor/doctor.ts";
import { printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { doctorLines } from "../render-doctor.ts";
import { commandLine, targetOf, type Session } from "../session.ts";
import { has, listOf, type Words } from "../words.ts";

/** Exits as refused where something is unsafe; warnings and notes leave it done. */
export async function runDoctor(session: Session, words: Words): Promise<number> {
  if (has(words, "attack")) return await (await import("./doctor-attack.ts")).runAttack(session, words);
  refuseAttackWords(session, words);
  const bench = await session.bench();
  const [name] = words.operands;
  const targets = name === undefined ? bench.site.targets : [targetOf(session, bench, name)];
  const result = await doctor(bench, { targets, probes: has(words, "probe") }, await session.context());
  const { screen, globals } = session;
  if (globals.isJson) printJson(screen, { site: bench.site.name, findings: result.findings, summary: result.summary });
  else screen.print(doctorLines(result, screen.data));
  return result.summary.unsafe > 0 ? exits.refused : exits.done;
}

function refuseAttackWords({ setup }: Session, words: Words): void {
  if (listOf(words, "agent").length === 0 && listOf(words, "family").length === 0) return;
  throw new BelayError("usage", "--agent and --family are about --attack.", commandLine(setup, { added: ["--attack"] }));
}

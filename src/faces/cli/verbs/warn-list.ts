import { listWarnings } from "../../../operations/warn.ts";
import { printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { warningLines } from "../render-status.ts";
import type { Session } from "../session.ts";

export async function runWarnList(session: Session): Promise<number> {
  const open = await listWarnings(await session.bench(), await session.context());
  const { screen, globals } = session;
  if (globals.isJson) printJson(screen, { warnings: open.warnings, unseenMerges: open.unseenMerges });
  else if (open.warnings.length + open.unseenMerges.length === 0) screen.print("No warning is open.");
  else screen.print(warningLines(open, screen.data));
  return exits.done;
}

import { listSnapshots } from "../../../operations/restore.ts";
import { nextLines, printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { counted, plain } from "../plain-text.ts";
import { targetOf, type Session } from "../session.ts";
import { aligned } from "../text-width.ts";
import type { Words } from "../words.ts";
import { localTime } from "../when.ts";

const pathsNamedMax = 2;

export async function runSnapshots(session: Session, { operands: [name = ""] }: Words): Promise<number> {
  const bench = await session.bench();
  const target = targetOf(session, bench, name);
  const snapshots = await listSnapshots(bench, target, await session.context());
  const { screen, globals } = session;
  const view = screen.data;
  if (globals.isJson) {
    printJson(screen, { target: target.name, snapshots });
    return exits.done;
  }
  if (snapshots.length === 0) {
    screen.print(`No release of ${target.name} by belay yet, so there is nothing to go back to.`);
    return exits.done;
  }
  const rows = snapshots.map(({ release, at, by, title, paths }) => [
    release,
    localTime(at, view.nowMs),
    plain(by),
    whatChanged(paths.map(({ path }) => path)),
    plain(title),
  ]);
  const folders = snapshots.flatMap(({ release, folder }) =>
    folder === undefined ? [] : [`  ${release} left plain copies in .belay/snapshots/${plain(folder)}`],
  );
  screen.print([
    ...aligned([["release", "when", "by", "changed", "title"], ...rows]).map((line, at) => (at === 0 ? view.paint.bold(line) : line)),
    ...(view.isVerbose ? folders : folders.slice(0, 3)),
  ]);
  screen.print(nextLines(`belay restore ${target.name} --from ${snapshots[0]?.release ?? ""}   (as it was before that release)`, view));
  return exits.done;
}

function whatChanged(paths: readonly string[]): string {
  if (paths.length <= pathsNamedMax) return paths.map(plain).join(", ");
  return counted(paths.length, "file");
}

import { listSnapshots, type Snapshot } from "../../../operations/way-back/snapshots.ts";
import { nextLines, printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { counted, plain } from "../plain-text.ts";
import { targetOf, type Session } from "../session.ts";
import type { View } from "../screen.ts";
import { aligned, cutTo } from "../text-width.ts";
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
  const rows = snapshots.map((snapshot) => [
    `${snapshot.isCurrent ? "●" : " "} ${snapshot.release}`,
    localTime(snapshot.at, view.nowMs),
    plain(snapshot.by),
    whatChanged(snapshot.paths.map(({ path }) => path)),
    titleOf(snapshot),
  ]);
  const folders = snapshots.flatMap(({ release, folder }) =>
    folder === undefined ? [] : [`  ${release} left plain copies in .belay/snapshots/${plain(folder)}`],
  );
  screen.print([
    ...aligned([["  release", "when", "by", "changed", "title"], ...rows]).map((line, at) =>
      at === 0 ? view.paint.bold(line) : fitted(line, view),
    ),
    ...(view.isVerbose ? folders : folders.slice(0, 3)),
  ]);
  screen.print(nextLines(remedyOf(snapshots, target.name), view));
  return exits.done;
}

/** What stands now is marked; what was rolled back says by which release. */
const titleOf = ({ title, rolledBackBy }: Snapshot): string =>
  `${rolledBackBy === undefined ? "" : `(rolled back by ${rolledBackBy}) `}${plain(title)}`;

/** A title is cut where the terminal ends; --verbose and --json have it whole. */
const fitted = (line: string, { columns, isVerbose }: View): string => (isVerbose ? line : cutTo(line, columns));

/** To the release before the one that stands, and by name. */
function remedyOf(snapshots: readonly Snapshot[], target: string): string {
  const current = snapshots.findIndex(({ isCurrent }) => isCurrent);
  const older = snapshots.slice(current + 1).find(({ intent, rolledBackBy }) => intent !== "rollback" && rolledBackBy === undefined);
  const [last] = snapshots;
  const restoring = `belay restore ${target} --from ${last?.release ?? ""}   (as it was before that release)`;
  return current === -1 || !older ? restoring : `belay rollback ${target} --to ${older.release}   (as that release left it)\n${restoring}`;
}

function whatChanged(paths: readonly string[]): string {
  if (paths.length <= pathsNamedMax) return paths.map(plain).join(", ");
  return counted(paths.length, "file");
}

import { dirname, join } from "node:path";

/** The name of the configuration file, in whatever folder it stands. */
const configName = "belay.yaml";

/** No path that an operating system accepts has more folders than this. */
const foldersMax = 2048;

const levelsMax = 3;
const foldersLookedInMax = 300;
/** What is installed or made, and hidden folders: nobody keeps a site there. */
export const isMade = (name: string): boolean =>
  name.startsWith(".") || /^(?:node_modules|vendor|dist|build|target|venv|__pycache__)$/u.test(name);

/** Each belay.yaml up to three folders below, nearest first, in a bounded number of folders. `foldersIn` gives names, and none where it cannot look. */
export async function findConfigsBelow(
  from: string,
  {
    foldersIn,
    exists,
  }: { readonly foldersIn: (path: string) => Promise<readonly string[]>; readonly exists: (path: string) => Promise<boolean> },
): Promise<readonly string[]> {
  const found: string[] = [];
  let level = [from];
  let left = foldersLookedInMax;
  for (let depth = 0; depth < levelsMax && left > 0; depth += 1) {
    const parents = level.slice(0, left);
    left -= parents.length;
    const names = await Promise.all(parents.map(async (folder) => ({ folder, names: await foldersIn(folder) })));
    level = names.flatMap(({ folder, names: all }) => all.filter((name) => !isMade(name)).map((name) => join(folder, name)));
    const files = level.slice(0, foldersLookedInMax).map((folder) => join(folder, configName));
    const there = await Promise.all(files.map(exists));
    found.push(...files.filter((_, at) => there[at]));
  }
  return found;
}

/** The nearest belay.yaml from an absolute folder upwards; `undefined` where none is. `exists` is asked once per folder, nearest first. */
export async function findConfig(from: string, exists: (path: string) => Promise<boolean>): Promise<string | undefined> {
  let folder = from;
  for (let climbed = 0; climbed < foldersMax; climbed += 1) {
    const file = join(folder, configName);
    if (await exists(file)) return file;
    const above = dirname(folder);
    if (above === folder) return undefined;
    folder = above;
  }
  return undefined;
}

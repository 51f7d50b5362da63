import { dirname, join } from "node:path";

/** The name of the configuration file, in whatever folder it stands. */
const configName = "belay.yaml";

/** No path that an operating system accepts has more folders than this. */
const foldersMax = 2048;

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

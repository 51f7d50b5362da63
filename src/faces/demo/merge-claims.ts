import { readFile, writeFile } from "node:fs/promises";
import type { DemoCase } from "./demo-case.ts";
import { edited } from "./demo-case.ts";
import type { Narrator } from "./narrator.ts";
import type { Finished } from "./run-command.ts";

/** What a pull has to leave on the laptop: the live page with the edit in it, merged, or left for a person where the edits touch. */
export async function claimMerged(
  { narrator, demoCase }: { readonly narrator: Narrator; readonly demoCase: DemoCase },
  pulled: Finished,
  path: string,
): Promise<void> {
  const [, , live] = demoCase.versions;
  const wanted = edited(live, demoCase.edit);
  const page = await readFile(path, "utf8");
  if (isMarked(page) && !isMarked(live)) {
    narrator.claim(`The two edits touch: exit ${pulled.code}, and belay leaves both for a person to choose.`, pulled.code !== 0);
    narrator.say("Here the demo is that person: it takes the live page and makes the edit again.");
    await writeFile(path, wanted);
  } else narrator.claim("The merge is clean: exit 0.", pulled.code === 0);
  narrator.claim("The laptop holds the live page with the edit in it, and nothing else.", (await readFile(path, "utf8")) === wanted);
}

const isMarked = (page: string): boolean => /^<{7}(?: |$)/mu.test(page);

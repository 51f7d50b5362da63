import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { urlPathOf } from "../../core/paths/key.ts";
import type { Commands } from "./commands.ts";
import { openCommands } from "./commands.ts";
import type { DemoCase } from "./demo-case.ts";
import { seeFeatures } from "./demo-case.ts";
import { fetchPage } from "./fetch-page.ts";
import type { Narrator } from "./narrator.ts";
import type { Served, WorkingCopy, World } from "./world.ts";

/** What the acts play on. Every command is really run, and every page really fetched. */
export interface Stage extends Commands {
  readonly demoCase: DemoCase;
  readonly world: World;
  readonly narrator: Narrator;
  /** Fetches the page of the story and shows how it stands with each feature. */
  visit(name: Served): Promise<string>;
  page(name: WorkingCopy): Promise<string>;
  /** The page of the story as a place holds it now. */
  served(name: Served): Promise<string>;
}

export interface StageOptions {
  readonly demoCase: DemoCase;
  readonly world: World;
  readonly narrator: Narrator;
  /** What starts the CLI; its words follow. */
  readonly belay: readonly string[];
  readonly colour: boolean;
  readonly signal: AbortSignal;
}

/** A stage for one run of the demo. */
export function setStage({ demoCase, world, narrator, belay, colour, signal }: StageOptions): Stage {
  return {
    demoCase,
    world,
    narrator,
    ...openCommands({ narrator, belay, colour, signal, root: world.root, home: world.home }),
    async visit(name) {
      const url = `${world.url(name)}${urlPathOf(demoCase.page)}`;
      narrator.line(url);
      const bytes = await fetchPage(url);
      const page = bytes.toString("utf8");
      seeFeatures(narrator, page, demoCase.features);
      return page;
    },
    page: (name) => readFile(world.pagePath(name), "utf8"),
    served: (name) => readFile(join(world.served(name), demoCase.page), "utf8"),
  };
}

import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cloud, Place } from "./cloud.ts";
import { readPage } from "./cloud.ts";
import type { Commands } from "./commands.ts";
import { openCommands } from "./commands.ts";
import type { DemoCase } from "./demo-case.ts";
import { seeFeatures } from "./demo-case.ts";
import { visitPage } from "./fetch-page.ts";
import type { Narrator } from "./narrator.ts";
import { masked } from "./text-lines.ts";
import type { WorkingCopy } from "./world.ts";

/** The script that stands for today's tools; it lies beside the working copies. */
const plainScript = "s3.mjs";
const wordsCharactersMax = 44;

/** What a visitor got at the edge. */
export interface Seen {
  readonly page: string;
  /** Whether the edge answered from what it had kept. */
  readonly isKept: boolean;
}

/** What the acts on S3 and CloudFront play on. */
export interface CloudStage extends Commands {
  readonly demoCase: DemoCase;
  readonly cloud: Cloud;
  readonly narrator: Narrator;
  /** Runs the script of signed requests without a condition, shows the command alone, and insists on exit 0. */
  plain(where: WorkingCopy, words: readonly string[]): Promise<void>;
  /** Fetches the page at an edge, and shows what the edge says of it and how it stands with each feature. */
  visit(place: Place): Promise<Seen>;
  page(name: WorkingCopy): Promise<string>;
}

export interface CloudStageOptions {
  readonly demoCase: DemoCase;
  readonly cloud: Cloud;
  readonly narrator: Narrator;
  /** The path of the package's folder `demo/`. */
  readonly assets: string;
  /** What starts the CLI; its words follow. */
  readonly belay: readonly string[];
  readonly colour: boolean;
  readonly signal: AbortSignal;
}

/** A stage on one cloud. The commands that run on it reach this cloud and no other. */
export async function setCloudStage(options: CloudStageOptions): Promise<CloudStage> {
  const { demoCase, cloud, narrator, assets, belay, colour, signal } = options;
  const { root, home } = cloud;
  await copyFile(join(assets, "s3", plainScript), join(root, plainScript));
  const commands = openCommands({ narrator, belay, colour, signal, root, home, env: cloud.sandbox.env });
  return {
    demoCase,
    cloud,
    narrator,
    ...commands,
    async plain(where, words) {
      await commands.shell(where, ["node", `../${plainScript}`, ...words]);
    },
    async visit(place) {
      const url = cloud.url(place);
      const { bytes, cache } = await visitPage(url);
      const page = bytes.toString("utf8");
      narrator.line(url);
      narrator.line(`x-cache: ${cache}  “${firstWords(page)}”`);
      seeFeatures(narrator, page, demoCase.features);
      return { page, isKept: cache.startsWith("Hit ") };
    },
    page: (name) => readPage(cloud, name),
  };
}

/** What a person reads first: the title, or else the first text. */
function firstWords(page: string): string {
  const title = /<title[^<>]*>([^<>]*)</iu.exec(page)?.[1] ?? "";
  const text = title.trim() === "" ? masked(page).replaceAll(/<[^<>]*>|>/gu, " ") : title;
  const characters = Array.from(text.replaceAll(/\s+/gu, " ").trim());
  return characters.length <= wordsCharactersMax ? characters.join("") : `${characters.slice(0, wordsCharactersMax - 1).join("")}…`;
}

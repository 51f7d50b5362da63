import { ClaimFailed } from "./narrator.ts";
import type { Commands } from "./commands.ts";
import { openCommands } from "./commands.ts";
import { visitPage } from "./fetch-page.ts";
import type { Narrator } from "./narrator.ts";
import type { RecordsCase } from "./records-case.ts";
import { calendarPassword, type RecordsCloud } from "./records-cloud.ts";

/** What the acts of incident 2 play on. Every command is really run, and every page really fetched. */
export interface RecordsStage extends Commands {
  readonly story: RecordsCase;
  readonly cloud: RecordsCloud;
  readonly narrator: Narrator;
  /** Fetches a path as a visitor does, and shows whether the edge had kept it and which times it names. */
  visit(path: string): Promise<string>;
}

export interface RecordsStageOptions {
  readonly story: RecordsCase;
  readonly cloud: RecordsCloud;
  readonly narrator: Narrator;
  /** What starts the CLI; its words follow. */
  readonly belay: readonly string[];
  readonly colour: boolean;
  readonly signal: AbortSignal;
  /** The folder with the working copy in it. */
  readonly root: string;
  readonly home: string;
}

/** A stage whose commands reach these systems and no others. */
export function setRecordsStage({ story, cloud, narrator, belay, colour, signal, root, home }: RecordsStageOptions): RecordsStage {
  const env = { ...cloud.sandbox.env, ...calendarPassword(cloud.sandbox) };
  return {
    story,
    cloud,
    narrator,
    ...openCommands({ narrator, belay, colour, signal, root, home, env }),
    async visit(path) {
      const { bytes, cache } = await visitPage(cloud.url(path));
      const page = bytes.toString("utf8");
      narrator.line(`${path}  x-cache: ${cache}`);
      narrator.line(`  “${firstLine(page)}”`);
      return page;
    },
  };
}

/** The line with the time that guests read first. */
function firstLine(page: string): string {
  const found = /<p class="when">([\s\S]*?)<\/p>|<dd>([^<]*[AP]M)<\/dd>/u.exec(page);
  const text = found?.[1] ?? found?.[2];
  if (text === undefined) throw new ClaimFailed("the page that was fetched says when the charter is");
  return text
    .replaceAll(/<[^>]*>/gu, "")
    .replaceAll("&middot;", "·")
    .replaceAll("&ndash;", "–")
    .replaceAll(/\s+/gu, " ")
    .trim();
}

import { readFile } from "node:fs/promises";
import { urlPathOf } from "../../core/paths/key.ts";
import type { DemoCase } from "./demo-case.ts";
import { holds, verdict } from "./demo-case.ts";
import { fetchPage } from "./fetch-page.ts";
import type { Narrator } from "./narrator.ts";
import { ClaimFailed } from "./narrator.ts";
import type { Finished } from "./run-command.ts";
import { runCommand } from "./run-command.ts";
import type { Served, WorkingCopy, World } from "./world.ts";

/** What the acts play on. Every command is really run, and every page really fetched. */
export interface Stage {
  readonly demoCase: DemoCase;
  readonly world: World;
  readonly narrator: Narrator;
  /** Runs the CLI in a working copy and shows the command with its whole output. */
  show(where: WorkingCopy, words: readonly string[]): Promise<Finished>;
  /** Runs the CLI, shows the command alone, and insists on exit 0; a failure shows its output. */
  brief(where: WorkingCopy, words: readonly string[]): Promise<Finished>;
  /** Runs another program in a working copy, shows the command alone, and insists on exit 0. */
  shell(where: WorkingCopy, argv: readonly string[]): Promise<Finished>;
  /** Fetches the page of the story and shows how it stands with each feature. */
  visit(name: Served): Promise<string>;
  page(name: WorkingCopy): Promise<string>;
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
  const cli = (where: WorkingCopy, words: readonly string[]): Promise<Finished> =>
    runCommand([...belay, ...words], { cwd: world.copy(where), env: environment(world, where, colour), signal });
  return {
    demoCase,
    world,
    narrator,
    async show(where, words) {
      narrator.command(where, ["belay", ...words], false);
      const finished = await cli(where, words);
      narrator.output(finished.text);
      return finished;
    },
    async brief(where, words) {
      narrator.command(where, ["belay", ...words], true);
      const finished = await cli(where, words);
      if (finished.code !== 0) narrator.output(finished.text);
      if (finished.code !== 0) throw new ClaimFailed(`\`belay ${words.join(" ")}\` ends with exit 0, and not ${finished.code}`);
      return finished;
    },
    async shell(where, argv) {
      narrator.command(where, argv, true);
      const finished = await runCommand(argv, { cwd: world.copy(where), env: environment(world, where, false), signal });
      if (finished.code !== 0) throw new ClaimFailed(`\`${argv.join(" ")}\` ends with exit 0, and not ${finished.code}`);
      return finished;
    },
    async visit(name) {
      const url = `${world.url(name)}${urlPathOf(demoCase.page)}`;
      narrator.line(url);
      const bytes = await fetchPage(url);
      const page = bytes.toString("utf8");
      for (const feature of demoCase.features) narrator.seen(`${feature.name.padEnd(17)} ${verdict(page, feature)}`, holds(page, feature));
      return page;
    },
    page: (name) => readFile(world.pagePath(name), "utf8"),
  };
}

/**
 * What a command of the demo may know: no credentials, no proxy, no agent's marks, no home but the demo's,
 * and no repository above the demo's folder. Git, where there is one, names the working copy as who is at work.
 */
function environment(world: World, where: WorkingCopy, colour: boolean): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
    HOME: world.home,
    TMPDIR: process.env["TMPDIR"] ?? "/tmp",
    LANG: "C.UTF-8",
    COLUMNS: "78",
    USER: where,
    LOGNAME: where,
    GIT_CEILING_DIRECTORIES: world.root,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "user.name",
    GIT_CONFIG_VALUE_0: where,
    ...(process.env["TZ"] === undefined ? {} : { TZ: process.env["TZ"] }),
    ...(colour ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" }),
  };
}

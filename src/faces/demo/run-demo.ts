import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { BelayError } from "../../core/belay-error.ts";
import { theDeploy, theMerge, theRefusal } from "./acts-after.ts";
import { thePromotion, theVerification } from "./acts-production.ts";
import { theOtherHand, theRecord, theWayBack } from "./acts-record.ts";
import { theEdit, thePlainCopy, theSetting } from "./acts-before.ts";
import type { StartSandbox } from "./cloud.ts";
import { playAgents } from "./play-agents.ts";
import { playClouds } from "./play-clouds.ts";
import { playRecords } from "./play-records.ts";
import type { DemoCase } from "./demo-case.ts";
import type { FolderScan } from "./folder-scan.ts";
import { digestOf, scanFolder, scanLimits } from "./folder-scan.ts";
import { incidentCase } from "./incident-case.ts";
import type { Narrator } from "./narrator.ts";
import { ClaimFailed, narrate, quoted } from "./narrator.ts";
import { aliasLine, leaveConfig } from "./next-steps.ts";
import { ownPagesCase } from "./own-pages-case.ts";
import { setStage } from "./stage.ts";
import { openWorld } from "./world.ts";

/** `site`: a stale file over a newer page. `agents`: the same by an agent's tool calls. `records`: one booking that systems disagree about. */
export type Incident = "site" | "agents" | "records";

export const incidents: readonly Incident[] = ["site", "agents", "records"];

export interface DemoOptions {
  /** One of them alone; with a folder of one's own it is the site's in any case. */
  readonly only?: Incident;
  /** A person's own pages; without it, the harbour page that ships with belay. */
  readonly folder?: string;
  /** What starts the CLI: its words follow. For example `[process.execPath, ".../dist/main.js"]`. */
  readonly belay: readonly string[];
  /** The path of the package's folder `demo/`. */
  readonly assets: string;
  /** A pretend S3 and CloudFront in this process, for the acts on buckets. */
  readonly startSandbox: StartSandbox;
  readonly out: NodeJS.WritableStream;
  readonly isTty: boolean;
  readonly colour: boolean;
  /** Milliseconds to rest between paragraphs; off a terminal there is no rest. */
  readonly pace: number;
  /** Leaves the demo's folder for a person to look around in. */
  readonly keep?: boolean;
  /** Aborting ends the running command, tidies up and throws `interrupted`. */
  readonly signal?: AbortSignal;
}

/** The exit for a claim that did not hold. */
const claimFailedExit = 6;

/**
 * Tells both incidents, or one of them, with the real CLI, in a fresh folder, over loopback. Returns 0 when every claim held, 6 when one
 * did not (its folder then stays). Throws `usage` for a folder that holds no page, `interrupted` when aborted.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const signal = options.signal ?? new AbortController().signal;
  const narrator = narrate({ out: options.out, colour: options.colour, paceMs: options.isTty ? options.pace : 0, signal });
  if (options.folder === undefined) {
    narrator.say(
      `belay demo: ${played(options)
        .map((incident) => titles[incident])
        .join(", and ")}, replayed.`,
    );
    narrator.say("Everything below really runs, in a folder of its own, on this machine only.");
    const exit = await play(options, { narrator, signal, demoCase: await incidentCase(options.assets) });
    if (exit !== 0) return exit;
    narrator.gap();
    narrator.say("To go on:");
    await nameCommand(narrator, options.belay);
    narrator.line("belay demo FOLDER   the stale file with copies of your own pages");
    narrator.line("belay init          begin for real");
    return exit;
  }
  const folder = resolve(options.folder);
  await refuseOwnGround(folder);
  const own = await ownPagesCase(folder);
  const before = await digestOf(own.scan);
  introduce(narrator, folder, own.demoCase, own.scan);
  const exit = await play(options, { narrator, signal, demoCase: own.demoCase });
  const after = await digestOf(await scanFolder(folder, scanLimits)).catch(() => "unreadable");
  if (after !== before) {
    narrator.seen("Your folder changed while the demo ran. The demo writes nothing there.", false);
    return claimFailedExit;
  }
  if (exit === 0) await goOn(narrator, folder, options.belay);
  return exit;
}

const titles: Readonly<Record<Incident, string>> = {
  site: "a stale file over a newer page",
  agents: "an agent with a hook in its way",
  records: "one booking, many truths",
};

const played = ({ only, folder }: DemoOptions): readonly Incident[] =>
  folder === undefined ? incidents.filter((incident) => only === undefined || incident === only) : ["site"];

/** A folder that holds the system's temporary folder would hold the demo itself. */
async function refuseOwnGround(folder: string): Promise<void> {
  const ground = await realpath(tmpdir());
  const pages = await realpath(folder).catch(() => folder);
  if (relative(pages, ground).startsWith("..")) return;
  throw new BelayError(
    "usage",
    `${folder} holds the folder for temporary files, where the demo works.`,
    "Name the folder that holds your pages.",
  );
}

/** Incident 1 from its beginning to production and back, on folders. */
const acts = [theSetting, theEdit, thePlainCopy, theRefusal, theMerge, theDeploy]
  // The person's part in it.
  .concat([theVerification, thePromotion, theOtherHand, theRecord, theWayBack]);

interface Play {
  readonly narrator: Narrator;
  readonly signal: AbortSignal;
  readonly demoCase: DemoCase;
}

/** Folders and then clouds, below the demo's folder. */
async function playSite(options: DemoOptions, { narrator, signal, demoCase }: Play, root: string): Promise<void> {
  const world = await openWorld(root, demoCase);
  try {
    const { belay, colour, assets, startSandbox } = options;
    const given = { demoCase, narrator, belay, colour, signal };
    const stage = setStage({ ...given, world });
    for (const act of acts) await act(stage);
    const isKept = options.keep === true;
    await playClouds({ ...given, root: world.root, home: world.home, assets, startSandbox, isKept });
    if (isKept) await world.settle();
  } finally {
    await world.close();
  }
}

async function play(options: DemoOptions, about: Play): Promise<number> {
  const { narrator, signal } = about;
  const root = await realpath(await mkdtemp(join(tmpdir(), "belay-demo-")));
  const startedAt = performance.now();
  let isKept = options.keep === true;
  try {
    const parts = played(options);
    if (parts.includes("site")) await playSite(options, about, root);
    const { belay, colour, assets, startSandbox } = options;
    if (parts.includes("agents")) await playAgents({ ...about, belay, colour, isKept, root });
    if (parts.includes("records")) {
      await playRecords({ narrator, belay, colour, signal, assets, startSandbox, isKept, root, home: join(root, "home") });
    }
    await sumUp(about, parts, (performance.now() - startedAt) / 1000);
    return 0;
  } catch (error) {
    if (signal.aborted) throw new BelayError("interrupted", "The demo was interrupted.", "belay demo", { cause: error });
    isKept = true;
    if (!(error instanceof ClaimFailed)) throw error;
    narrator.seen("This should hold, and did not:", false);
    narrator.say(error.message);
    return claimFailedExit;
  } finally {
    if (isKept) {
      narrator.gap();
      narrator.say("The demo's folder stays here:");
      narrator.line(root);
    } else await rm(root, { recursive: true, force: true });
  }
}

async function sumUp({ narrator, demoCase }: Play, parts: readonly Incident[], seconds: number): Promise<void> {
  await narrator.act("In short");
  if (parts.includes("site")) {
    const count = demoCase.features.length;
    narrator.say(`Prevented: ${count} features gone for every visitor, for one corrected line, without a word.`);
    narrator.say("Instead the correction went to staging with all of them, was looked at, and reached production by a person's word.");
    narrator.say("A write past belay was noticed and kept, and one command took production back.");
    narrator.say("The same holds for folders and for buckets behind a CDN, when a reply is lost and when somebody else writes.");
  }
  if (parts.includes("agents")) {
    narrator.say("An agent's call that would have written over the newer page was refused before it ran, however it was put.");
    narrator.say("The way that the refusal named led to staging, with every feature.");
  }
  if (parts.includes("records")) {
    narrator.say("One booking that five places disagreed about: laid side by side, decided by a person, and corrected by one plan.");
    narrator.say("The page with all its features stayed, and only what said the old time changed in it.");
  }
  narrator.say(`(${seconds.toFixed(1)} s, all of it on this machine.)`);
}

/** From a fresh checkout or through npx the word `belay` means nothing to a shell yet. */
async function nameCommand(narrator: Narrator, belay: readonly string[]): Promise<void> {
  const alias = await aliasLine(belay);
  if (alias !== undefined) narrator.line(alias);
}

function introduce(narrator: Narrator, folder: string, demoCase: DemoCase, scan: FolderScan): void {
  narrator.say("belay demo: a stale file over a newer page, with copies of your own pages:");
  narrator.line(folder);
  narrator.say(`The story is about ${demoCase.page}. Its later versions are made up here: nothing is written to your folder.`);
  if (scan.isPartial) {
    narrator.say(
      `Your folder is large, so the demo copies its first ${scan.files.length} files, upper folders first (at most ${scanLimits.filesMax} files and ${scanLimits.bytesMax / 1024 / 1024} MiB).`,
    );
  }
  for (const [reason, count] of scan.leftOut) narrator.say(`Left out: ${count} ${reason}.`);
}

async function goOn(narrator: Narrator, folder: string, belay: readonly string[]): Promise<void> {
  const next = await leaveConfig(folder);
  narrator.gap();
  narrator.say("Nothing in your folder was touched: its files are the same as before, byte for byte.");
  narrator.say(
    next.isBeside ? "A belay.yaml to go on with is in a new folder beside it:" : "A belay.yaml to go on with is in a new folder:",
  );
  narrator.line(next.folder);
  narrator.gap();
  narrator.say("To go on, see what a first publish there would do, and do it:");
  await nameCommand(narrator, belay);
  narrator.line(`cd ${quoted(next.folder)}`);
  narrator.line("belay plan staging");
  narrator.line("belay deploy staging --yes");
}

/** `belay init`: looks, asks or takes flags, writes belay.yaml, and records what is live as it is. */

import { mkdir, readdir, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { parseConfig } from "../../../config/load-config.ts";
import { starterConfig, type Answers } from "../../../config/write-config.ts";
import { BelayError } from "../../../core/belay-error.ts";
import type { Config } from "../../../config/config.ts";
import { adopt, firstDifferences, type Adopted } from "../../../operations/adopt.ts";
import { findTokens, type FoundToken } from "../../../operations/import-tokens.ts";
import { pull, type PullResult } from "../../../operations/pull.ts";
import type { Context, Workbench } from "../../../operations/workbench.ts";
import { printJson } from "../answer.ts";
import { exitOfPull, exits } from "../exit-codes.ts";
import { answersFrom, isComplete } from "../init-answers.ts";
import { layFiles } from "../init-files.ts";
import { initLines } from "../render-init.ts";
import { hasTerminal, shownPath, type Session } from "../session.ts";
import { documentsIn } from "../token-documents.ts";
import { has, type Words } from "../words.ts";

export async function runInit(session: Session, words: Words): Promise<number> {
  const { setup, globals, screen } = session;
  const file = resolve(setup.cwd, globals.config ?? "belay.yaml");
  await refuseExisting(session, file);
  const answers = await answersOf(session, words);
  // Everything is tried in memory first: a failed init leaves no belay.yaml behind.
  const drafted = parsed(starterConfig(answers), file);
  const root = drafted.sites[0]?.root ?? setup.cwd;
  const bench = await benchOf(session, drafted);
  const context = contextOf(session, bench);
  const isLive = await reachTargets(bench, context);
  await bench.ledger.state(context);
  await refuseMissingRoot(session, root, isLive);
  const wasEmpty = await isEmpty(root);
  await mkdir(root, { recursive: true });
  const found = await tokensOf(bench, setup.cwd, context);
  const tokens = found.filter(({ isActive }) => isActive).map(({ token }) => token);
  const text = `${starterConfig({ ...answers, tokens })}${openTokens(found)}`;
  const config = parsed(text, file);
  const adopted = await adoptAll(await benchOf(session, config), context);
  const differences = firstDifferences(bench, adopted);
  // Last of what may fail: until the record stands, init can simply be run again.
  const laid = await layFiles(setup, { file, text, folder: config.folder });
  const pulled = wasEmpty ? await firstPull(await benchOf(session, config), adopted, context) : undefined;
  const isRecordHereOnly = answers.state === undefined && bench.site.targets.some(({ store }) => store.startsWith("s3://"));
  if (globals.isJson)
    printJson(screen, {
      config: file,
      root,
      state: config.state,
      ...laid,
      targets: adopted.map(adoptedFields),
      differences,
      tokens: found.map(tokenFields),
      pulled: pulled?.pulled ?? [],
    });
  else {
    const shown = { file: shownPath(setup, file), root: shownPath(setup, root) };
    screen.print(initLines({ ...shown, laid, adopted, differences, found, pulled, isRecordHereOnly }, screen.data));
  }
  return Math.max(exits.done, ...(pulled?.pulled ?? []).map(({ outcome }) => exitOfPull[outcome]));
}

async function refuseExisting({ setup }: Session, file: string): Promise<void> {
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  throw new BelayError(
    "usage",
    `${shownPath(setup, file)} is there already, and init overwrites nothing.`,
    `Edit it: targets stand under site.targets. Then: belay status`,
  );
}

async function answersOf(session: Session, words: Words): Promise<Answers> {
  const { setup } = session;
  const flagged = await answersFrom(setup, words);
  const { kind } = await setup.detectActor(setup.env, { by: session.globals.by, folder: setup.cwd });
  const mayAsk = hasTerminal(setup) && kind !== "agent" && !has(words, "yes") && !session.globals.isJson;
  if (isComplete(flagged)) return flagged;
  if (mayAsk) return (await import("../init-questions.ts")).askForSite(setup, flagged.root);
  throw new BelayError(
    "usage",
    "init needs to know where the site is live, and nobody is here to ask.",
    [
      "belay init --root public --target staging=dir:../srv/staging --target production=dir:../srv/production",
      "belay init --root public --target production=s3://BUCKET --cdn production=DISTRIBUTION-ID",
    ].join("\n"),
  );
}

function parsed(text: string, file: string): Config {
  try {
    return parseConfig(text, file);
  } catch (error) {
    if (!(error instanceof BelayError)) throw error;
    throw new BelayError("usage", `These answers make no valid belay.yaml, so none was written.\n${error.message}`, "belay init --help", {
      cause: error,
    });
  }
}

const benchOf = ({ setup, globals }: Session, config: Config): Promise<Workbench> =>
  setup.openWorkbench(config, undefined, { env: setup.env, ...(globals.by === undefined ? {} : { by: globals.by }) });

const contextOf = ({ setup, signal, screen }: Session, { actor }: Workbench): Context => ({
  signal,
  report: screen.report,
  isAttended: hasTerminal(setup) && actor.kind !== "agent",
});

/** A target that cannot be looked at, or a CDN that does not serve it, is told before anything is written. */
async function reachTargets(bench: Workbench, { signal }: Context): Promise<boolean> {
  let isLive = false;
  for (const target of bench.site.targets) {
    const opened = await bench.storeOf(target.store);
    const first = await opened.list("", { signal, limit: 1 })[Symbol.asyncIterator]().next();
    isLive ||= first.done !== true;
    await bench.edgeOf(target);
  }
  return isLive;
}

/** A folder that is nowhere, with nothing live to fill it, is a misspelt one. */
async function refuseMissingRoot({ setup }: Session, root: string, isLive: boolean): Promise<void> {
  const found = await stat(root).catch(() => undefined);
  if (found || isLive) return;
  throw new BelayError(
    "usage",
    `There is no folder ${shownPath(setup, root)}, and nothing is live that could be brought into it.`,
    "Name the folder that you publish: belay init --root FOLDER …",
  );
}

async function isEmpty(root: string): Promise<boolean> {
  const names = await readdir(root).catch(() => []);
  return names.every((name) => name.startsWith("."));
}

/** Against the last target: what visitors see there is what was promised. */
async function tokensOf(bench: Workbench, folder: string, context: Context): Promise<FoundToken[]> {
  const target = bench.site.targets.at(-1);
  const documents = await documentsIn(folder);
  return target === undefined || documents.length === 0 ? [] : findTokens(bench, { target, documents }, context);
}

/** What live does not bear out stands there as a comment, for a person to complete. */
function openTokens(found: readonly FoundToken[]): string {
  const open = found.filter(({ isActive }) => !isActive);
  if (open.length === 0) return "";
  const lines = open.map(
    ({ token, source }) =>
      `#   ${token.name}: { file: ${JSON.stringify(token.file)}, ${token.rule}: ${JSON.stringify(token.text)} } # ${source}`,
  );
  return `\n# Tokens that these documents speak of and live does not bear out. Complete them under site.tokens, or delete them.\n${lines.join("\n")}\n`;
}

async function adoptAll(bench: Workbench, context: Context): Promise<Adopted[]> {
  const adopted: Adopted[] = [];
  for (const target of bench.site.targets) adopted.push(await adopt(bench, target, context));
  return adopted;
}

/** Into an empty folder everything that is live can be brought without a question. */
async function firstPull(bench: Workbench, adopted: readonly Adopted[], context: Context): Promise<PullResult | undefined> {
  const source = adopted.findLast(({ files }) => files > 0);
  return source && pull(bench, { target: source.target, selection: undefined, take: undefined }, context);
}

const adoptedFields = ({ target, files, summary, isFirst }: Adopted): Record<string, unknown> => ({
  target: target.name,
  store: target.store,
  files,
  summary,
  isFirst,
});

const tokenFields = ({ token, source, local, live, isActive }: FoundToken): Record<string, unknown> => ({
  name: token.name,
  path: token.file,
  rule: token.rule,
  text: token.text,
  source,
  local,
  live,
  imported: isActive,
});

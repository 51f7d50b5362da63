/** `belay sandbox`: an S3 and a CloudFront on this machine, until Ctrl-C. */

import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import type { Sandbox, SandboxOptions } from "../../../../sandbox/start-sandbox.ts";
import type { Config } from "../../../config/config.ts";
import { BelayError } from "../../../core/belay-error.ts";
import { printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { faultFrom } from "../fault-words.ts";
import { plain, shellWord } from "../plain-text.ts";
import { exchangeLine, exportLines, sandboxLines, type Standing, type StandingBucket } from "../render-sandbox.ts";
import { layoutFor, withPorts, type Layout } from "../sandbox-layout.ts";
import { watchTraffic } from "../sandbox-traffic.ts";
import { commandLine, shownPath, type Session } from "../session.ts";
import { has, listOf, textOf, type Words } from "../words.ts";

const portDefault = 9070;
const portMax = 65_535;
const settleMsDefault = 1500;
const settleMsMax = 600_000;

export async function runSandbox(session: Session, words: Words): Promise<number> {
  const { setup, globals, screen, signal } = session;
  const port = numberFrom(words, "port", { usual: portDefault, most: portMax });
  const settleMs = numberFrom(words, "settle", { usual: settleMsDefault, most: settleMsMax });
  const faults = listOf(words, "fault");
  const rules = faults.map((spec) => faultFrom(spec));
  const layout = await layoutFor(words, () => foundConfig(session));
  const folder = await folderFrom(session, words);
  const { buckets } = layout;
  const distributions = withPorts(layout.distributions, port);
  const options = { port, buckets, distributions, settleMs, faults: rules, ...(folder === undefined ? {} : { folder }) };
  const sandbox = await started(session, { options, layout });
  // Nobody may be reading a script's stderr, and a full pipe would hold the sandbox up.
  const isQuiet = has(words, "quiet") || globals.isJson;
  const stopWatching = isQuiet ? () => undefined : watchTraffic(sandbox, (exchange) => screen.tell(exchangeLine(exchange, screen.prose)));
  try {
    const shownFolder = folder === undefined ? undefined : shownPath(setup, folder);
    const standing = await standingOf(sandbox, { layout, faults, folder: shownFolder });
    if (globals.isJson) {
      const edges = standing.edges.map(({ id, bucket, url }) => ({ id, bucket, url }));
      printJson(screen, { endpoint: sandbox.endpoint, env: sandbox.env, buckets: standing.buckets, distributions: edges });
    } else {
      screen.tell(sandboxLines(standing, screen.prose));
      screen.print(exportLines(sandbox.env, setup.env));
    }
    await aborted(signal);
  } finally {
    stopWatching();
    await sandbox.close();
  }
  return exits.done;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener("abort", () => done(), { once: true });
  });

function numberFrom(words: Words, name: string, { usual, most }: { readonly usual: number; readonly most: number }): number {
  const text = textOf(words, name);
  if (text === undefined) return usual;
  if (/^\d{1,6}$/u.test(text) && Number(text) <= most) return Number(text);
  const unit = name === "settle" ? " of milliseconds" : "";
  throw new BelayError(
    "usage",
    `--${name} takes a whole number${unit} from 0 to ${most}, and “${plain(text)}” is none.`,
    `belay sandbox --${name} ${usual}`,
  );
}

/** `undefined` where there is none to be found; a belay.yaml that was named, or cannot be read, must not be passed over. */
async function foundConfig({ config, globals }: Session): Promise<Config | undefined> {
  try {
    const found = await config();
    const named = found.sites.filter(({ name }) => globals.site === undefined || name === globals.site);
    return { ...found, sites: named };
  } catch (error) {
    const isNone = error instanceof BelayError && error.code === "config-missing" && error.cause === undefined;
    if (isNone && globals.config === undefined) return undefined;
    throw error;
  }
}

/** What a sandbox leaves in its folder. */
const traces: readonly string[] = ["journal.ndjson", "blobs"];

/** Somebody's own files and a sandbox's must not lie in one folder. */
async function folderFrom({ setup }: Session, words: Words): Promise<string | undefined> {
  const text = textOf(words, "folder");
  if (text === undefined) return undefined;
  const folder = resolve(setup.cwd, text);
  const names = await readdir(folder).catch((error: unknown) => {
    if (isErrno(error, "ENOENT")) return [];
    throw new BelayError("usage", `${shownPath(setup, folder)} is no folder that can be read.`, "belay sandbox --folder FOLDER", {
      cause: error,
    });
  });
  if (names.length === 0 || names.some((name) => traces.includes(name))) return folder;
  throw new BelayError(
    "usage",
    `${shownPath(setup, folder)} holds other things, and a sandbox keeps its folder to itself.`,
    `belay sandbox --folder ${shellWord(`${text.replace(/\/+$/u, "")}/sandbox`)}`,
  );
}

const isErrno = (error: unknown, ...codes: readonly string[]): error is Error & { readonly code: string } =>
  error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code);

interface Starting {
  readonly options: SandboxOptions;
  readonly layout: Layout;
}

async function started({ setup }: Session, { options, layout }: Starting): Promise<Sandbox> {
  try {
    return await setup.startSandbox(options);
  } catch (cause) {
    if (isErrno(cause, "EADDRINUSE", "EACCES") && "port" in cause && typeof cause.port === "number") {
      const fixed = layout.distributions.find(({ port }) => port === cause.port);
      throw portProblem(setup, { at: cause.port, fixedFor: fixed?.id, cause });
    }
    if (options.folder === undefined) throw cause;
    throw new BelayError(
      "input-invalid",
      `${shownPath(setup, options.folder)} does not open as a sandbox: ${plain(cause instanceof Error ? cause.message : String(cause))}`,
      "Name a folder that does not exist yet: belay sandbox --folder FOLDER",
      { cause },
    );
  }
}

interface PortTrouble {
  readonly at: number;
  /** The distribution that belay.yaml gives this port to. */
  readonly fixedFor: string | undefined;
  readonly cause: Error & { readonly code: string };
}

function portProblem(setup: Session["setup"], { at, fixedFor, cause }: PortTrouble): BelayError {
  const why = cause.code === "EACCES" ? "is not for this user to listen on" : "is busy: something else listens there";
  if (fixedFor !== undefined) {
    const told = `Port ${at} ${why}, and belay.yaml's url gives it to ${fixedFor}.`;
    return new BelayError("usage", told, "Stop what listens there, or change that url in belay.yaml.", { cause });
  }
  const other = at + 100 > portMax || at < 1024 ? portDefault + 100 : at + 100;
  const again = commandLine(setup, { without: ["--port VALUE"], added: ["--port", String(other)] });
  return new BelayError("usage", `Port ${at} ${why}.`, `${again}  (0 takes any that are free)`, { cause });
}

async function standingOf(sandbox: Sandbox, about: Pick<Standing, "layout" | "faults" | "folder">): Promise<Standing> {
  const distributions = sandbox.cloudfront.distributions();
  return {
    ...about,
    endpoint: sandbox.endpoint,
    buckets: await bucketsOf(sandbox, about.layout),
    edges: distributions.map(({ id, bucket, originPath }) => ({ id, bucket, originPath, url: sandbox.edges.get(id)?.url ?? "" })),
  };
}

/** All that stand: those of the layout, then what else the folder has held before. */
async function bucketsOf(sandbox: Sandbox, layout: Layout): Promise<StandingBucket[]> {
  const listing = await said(sandbox, "/");
  const held = [...listing.matchAll(/<Name>([^<]+)<\/Name>/gu)].map(([, name = ""]) => name);
  const names = new Set([...layout.buckets.map(({ name }) => name), ...held]);
  const buckets: StandingBucket[] = [];
  for (const name of names) {
    const versioning = (await said(sandbox, `/${name}`, "versioning")).includes("<Status>Enabled</Status>");
    buckets.push({ name, versioning, objects: sandbox.s3.objectCount(name) });
  }
  return buckets;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** What the S3 answers to a question that nobody signs, counts or makes fail. */
async function said({ s3 }: Sandbox, path: string, query = ""): Promise<string> {
  const { body } = await s3.handle({ method: "GET", path, query: new URLSearchParams(query), headers: {}, body: nothing });
  return body instanceof Uint8Array ? Buffer.from(body).toString("utf8") : "";
}

/** The systems of incident 2 on this machine: a bucket behind a CDN, a table, a calendar and somebody else's marketplace. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sandbox } from "../../../sandbox/start-sandbox.ts";
import type { StartSandbox } from "./cloud.ts";
import { fetchPage } from "./fetch-page.ts";
import type { RecordsCase } from "./records-case.ts";
import { recordsConfig, recordsNames } from "./records-config.ts";

const { bucket, distribution, table, calendar } = recordsNames;
const eventName = "charter-0530.ics";
const template = "g/_template.html";
const settleMs = 300;

/** When the story happened. The sandbox's clock stands there while the scene is set. */
const published = Date.UTC(2026, 4, 9, 17, 40);
const rescheduled = Date.UTC(2026, 4, 20, 17, 5);

export interface RecordsCloud {
  readonly sandbox: Sandbox;
  /** Text of belay.yaml as it stands in the working copy. */
  readonly config: string;
  /** Where visitors find a path of the site. */
  url(path: string): string;
  /** An object of the bucket; empty where there is none. */
  stored(key: string): string;
  /** The table's item, as canonical text. */
  item(): string;
  /** The calendar's event; empty where there is none. */
  event(): string;
  /** The listing as visitors of the marketplace see it: start and end. */
  listed(): string;
  /** What of all this could be written: one text that changes with any of it. */
  everything(): string;
  /** Where the marketplace's owner changes the listing. */
  readonly formUrl: string;
  /** Fills in the marketplace's own form, as its owner does. Gives the status of the answer. */
  fillForm(fields: Readonly<Record<string, string>>): Promise<number>;
  /** Paths of every invalidation so far. */
  purged(): readonly string[];
  /** Rewrites belay.yaml so that a person who looks around afterwards is told what became of the systems. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface RecordsCloudOptions {
  /** Made here, with the working copy `studio` below it. */
  readonly root: string;
  readonly story: RecordsCase;
  readonly startSandbox: StartSandbox;
}

/** What commands need besides the sandbox's own variables. */
export const calendarPassword = (sandbox: Sandbox): Readonly<Record<string, string>> => ({ CALENDAR_PASSWORD: sandbox.secretAccessKey });

/** What the sandbox's clock says: the present, or a moment of the story. */
interface StoryClock {
  now(): number;
  /** Milliseconds since the epoch; the present where `undefined`. */
  set(ms: number | undefined): void;
}

function storyClock(): StoryClock {
  let storyMs: number | undefined;
  return {
    now: () => storyMs ?? Date.now(),
    set: (ms) => {
      storyMs = ms;
    },
  };
}

/** Starts the systems and sets the scene: the start was moved in the table, and nowhere else. */
export async function openRecordsCloud({ root, story, startSandbox }: RecordsCloudOptions): Promise<RecordsCloud> {
  await mkdir(join(root, "studio", "public"), { recursive: true });
  const clock = storyClock();
  const sandbox = await startSandbox({
    clock,
    settleMs,
    buckets: [
      { name: bucket, versioning: true },
      { name: "example-state", versioning: false },
    ],
    distributions: [{ id: distribution, bucket, rewrite: rewriteFor(story) }],
    tables: [{ name: table, key: ["guest_code"] }],
    calendars: [{ name: calendar, displayName: "Charters" }],
    marketplace: { lagMs: 0, listings: [] },
  });
  try {
    await setScene({ sandbox, story, clock });
    const config = recordsConfig({ sandbox, story });
    const configure = (text: string): Promise<void> => writeFile(join(root, "studio", "belay.yaml"), text);
    await configure(config);
    return {
      sandbox,
      config,
      ...sights(sandbox, story),
      ...form(sandbox, story),
      settle: () => configure(`# These systems were in the demo's memory, and ended with it.\n${config}`),
      close: () => sandbox.close(),
    };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

const edgeUrl = (sandbox: Sandbox, path: string): string => `${sandbox.edges.get(distribution)?.url ?? ""}${path}`;

/** What happened in May, without any condition, as people and scripts did it. */
async function setScene({
  sandbox,
  story,
  clock,
}: {
  readonly sandbox: Sandbox;
  readonly story: RecordsCase;
  readonly clock: StoryClock;
}): Promise<void> {
  const put = (key: string, text: string): void => {
    sandbox.s3.put(bucket, key, Buffer.from(text), { "content-type": "text/html; charset=utf-8", "cache-control": "max-age=604800" });
  };
  clock.set(published);
  put(story.rich, story.richPages[0]);
  put(template, story.template);
  sandbox.caldav.force(calendar, eventName, story.event);
  sandbox.marketplace?.put(story.listing);
  clock.set(undefined);
  // The guest looks at the page by the short link: the edge keeps this copy.
  await fetchPage(edgeUrl(sandbox, `/g/${story.code}`));
  clock.set(rescheduled);
  put(story.rich, story.richPages[1]);
  put(story.poor, story.poorPage);
  sandbox.dynamodb.put(table, story.item);
  clock.set(undefined);
}

type Sights = Pick<RecordsCloud, "url" | "stored" | "item" | "event" | "listed" | "everything" | "purged">;

/** How everything stands, asked past every door. */
function sights(sandbox: Sandbox, story: RecordsCase): Sights {
  const stored = (key: string): string => Buffer.from(sandbox.s3.get(bucket, key)?.bytes ?? []).toString("utf8");
  const item = (): string => JSON.stringify(sandbox.dynamodb.get(table, { guest_code: { S: story.code } }) ?? {});
  const event = (): string => sandbox.caldav.event(calendar, eventName)?.ics ?? "";
  const listed = (): string => {
    const shown = sandbox.marketplace?.shown(story.code);
    return `${shown?.start ?? ""}–${shown?.end ?? ""}`;
  };
  const versions = (): unknown[] =>
    [story.rich, story.poor, template].map((key) => [key, stored(key), sandbox.s3.get(bucket, key)?.versionId]);
  const purged = (): readonly string[] => sandbox.cloudfront.invalidations(distribution).flatMap(({ paths }) => paths);
  return {
    url: (path) => edgeUrl(sandbox, path),
    stored,
    item,
    event,
    listed,
    everything: () => JSON.stringify([versions(), sandbox.s3.objectCount(bucket), item(), event(), listed(), purged()]),
    purged,
  };
}

/** The marketplace's form, behind its sign-in. */
function form(sandbox: Sandbox, { code }: RecordsCase): Pick<RecordsCloud, "formUrl" | "fillForm"> {
  const formUrl = `${sandbox.marketplace?.url ?? ""}/staff/${code}`;
  return {
    formUrl,
    fillForm: async (fields) => {
      const authorization = `Basic ${Buffer.from("harbor:market-secret").toString("base64")}`;
      const headers = { authorization, "content-type": "application/x-www-form-urlencoded" };
      const body = new URLSearchParams(fields).toString();
      const answer = await fetch(formUrl, { method: "POST", headers, body, redirect: "manual" });
      await answer.arrayBuffer();
      return answer.status;
    },
  };
}

/** The site's function at origin requests: short codes, and addresses without `.html`. */
const rewriteFor =
  ({ code, rich }: RecordsCase) =>
  (path: string): string => {
    if (path === `/g/${code}`) return `/${rich}`;
    return path.startsWith("/g/") && !path.includes(".") ? `${path}.html` : path;
  };

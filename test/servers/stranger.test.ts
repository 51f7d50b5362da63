/** The aws CLI as the stranger: it writes and deletes in a bucket that belay watches, asking nobody. */

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bodyOf, bytesOf } from "../../src/core/body.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import type { Observed } from "../../src/core/plan/plan.ts";
import type { Store } from "../../src/ports/store.ts";
import { addCopy, openGround, put, type Ground } from "../scenarios/support/ground.ts";
import { belay, expectExit, type Ran } from "../scenarios/support/run-belay.ts";
import { live, makeBucket, openBucketStore } from "./support/buckets.ts";
import { server, skipDepartures, type BucketKind } from "./support/server.ts";

skipDepartures();

const cliEnv = { ...process.env, ...server.env, AWS_DEFAULT_REGION: "us-east-1", AWS_PAGER: "" };
const hasCli = spawnSync("aws", ["--version"], { stdio: "ignore", env: cliEnv }).status === 0;
const key = "tides/index.html";
const [ours, theirs, next] = ["<p>High water at noon</p>\n", "<p>High water at one, says the crew</p>\n", "<p>High water at two</p>\n"];

let ground: Ground;
let bucket: string;
let store: Store;

function aws(...words: readonly string[]): void {
  const ran = spawnSync("aws", words, { cwd: ground.folder, env: cliEnv, encoding: "utf8" });
  if (ran.status !== 0) throw new Error(`aws ${words.join(" ")}: ${ran.stderr}`);
}

interface Deed {
  readonly does: string;
  readonly hand: () => void;
  /** The page afterwards; absent where it is gone. */
  readonly leaves?: string;
  /** What belay has to show of it. */
  readonly shows: Partial<Observed>;
}

const s3api = (command: string, ...words: readonly string[]): void => aws("s3api", command, "--bucket", bucket, "--key", key, ...words);
const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "max-age=5" };
const ownHeaders = Object.entries(headers).flatMap(([name, value]) => [`--${name}`, value]);

const rewrite: Deed = {
  does: "aws s3api copy-object that changes nothing but headers",
  hand: () => {
    const source = ["--copy-source", `${bucket}/${key}`, "--metadata-directive", "REPLACE"];
    s3api("copy-object", ...source, "--metadata", "deployed-by=harbour crew", ...ownHeaders);
  },
  leaves: ours,
  shows: { owner: "harbour crew", headers },
};
const deeds: readonly Deed[] = [
  {
    does: "aws s3 cp over the page",
    hand: () => aws("s3", "cp", "--quiet", "theirs.html", `s3://${bucket}/${key}`),
    leaves: theirs,
    shows: { headers: { "content-type": "text/html" } },
  },
  {
    does: "aws s3api put-object with headers and an owner of its own",
    hand: () => s3api("put-object", "--body", "theirs.html", "--metadata", "deployed-by=harbour crew,berth=7", ...ownHeaders),
    leaves: theirs,
    shows: { owner: "harbour crew", headers: { ...headers, "x-amz-meta-berth": "7" } },
  },
  rewrite,
  { does: "aws s3 rm of the page", hand: () => aws("s3", "rm", "--quiet", `s3://${bucket}/${key}`), shows: {} },
];
const named = (some: readonly Deed[]): readonly (readonly [string, Deed])[] => some.map((deed) => [deed.does, deed]);

/** What a look at the page has to show after a deed. */
const trace = ({ leaves, shows }: Deed): Partial<Observed> | undefined =>
  leaves === undefined ? undefined : { key, digest: sha256(new TextEncoder().encode(leaves)), ...shows };

/** A header-only rewrite in the very second of the first write leaves ETag and LastModified as they were: nothing tells them apart. */
const untilNextSecond = async (): Promise<void> =>
  await new Promise((resolve) => {
    setTimeout(resolve, 1050 - (Date.now() % 1000));
  });

async function pageNow(): Promise<string | undefined> {
  const reading = await openBucketStore(bucket, { watchesHeaders: true }).read(key, live);
  return reading && Buffer.from(await bytesOf(reading.body)).toString();
}

const usable = (kind: BucketKind): boolean => server.refused[kind]["create"] === undefined && server.refused[kind]["replace"] === undefined;

describe.skipIf(!hasCli).each(server.kinds.filter(usable))(`the aws CLI on ${server.title}, a %s bucket (needs the aws CLI)`, (kind) => {
  beforeEach(async () => {
    ground = openGround("stranger");
    bucket = await makeBucket(kind);
    store = openBucketStore(bucket, { watchesHeaders: true });
    writeFileSync(join(ground.folder, "theirs.html"), theirs);
  });
  afterEach(() => ground.remove());

  it.each(named(deeds))("%s between belay's look and its write is a conflict, and stands as it was left", async (_, deed) => {
    const bytes = new TextEncoder().encode(ours);
    const made = await store.write(
      { key, expect: { kind: "absent" }, body: bodyOf(bytes, sha256(bytes)), headers: { "content-type": "text/html" } },
      live,
    );
    if (made.kind !== "written") throw new Error(`the page was not made: ${made.kind}`);
    await untilNextSecond();
    deed.hand();
    const after = new TextEncoder().encode(next);
    const outcome = await store.write(
      { key, expect: { kind: "unchanged", revision: made.revision }, body: bodyOf(after, sha256(after)), headers: {} },
      live,
    );
    expect(outcome).toMatchObject({ kind: "conflict", found: trace(deed) });
    expect(await pageNow()).toBe(deed.leaves);
    expect({ observed: (await store.read(key, live))?.observed }).toMatchObject({ observed: trace(deed) });
  });

  describe("as belay's user meets it", () => {
    let copy: string;
    const deploy = async (...words: readonly string[]): Promise<Ran> =>
      await belay(["deploy", "staging", "--yes", ...words], { cwd: copy, env: server.env });

    beforeEach(async () => {
      copy = addCopy(ground, "copy", { sharesState: false, store: `s3://${bucket}` });
      put(join(copy, "public"), key, ours);
      expectExit(await deploy("--change", "first tides"), 0);
      await untilNextSecond();
      put(join(copy, "public"), key, next);
    });

    it("headers that were rewritten before belay looked stay when new bytes are deployed", async () => {
      rewrite.hand();
      expectExit(await deploy(), 0);
      expect(await pageNow()).toBe(next);
      expect((await store.read(key, live))?.observed.headers).toEqual(headers);
    });

    it.each(named(deeds.filter((deed) => deed !== rewrite)))(
      "%s is never written over: the deploy stops and says whose page it is",
      async (_, deed) => {
        deed.hand();
        const { exit, told } = await deploy();
        expect({ exit, told }).toEqual({ exit: 8, told: expect.stringContaining(key) });
        expect(told).toContain(deed.shows.owner ?? key);
        expect(await pageNow()).toBe(deed.leaves);
        expect({ observed: (await store.read(key, live))?.observed }).toMatchObject({ observed: trace(deed) });
      },
    );
  });
});

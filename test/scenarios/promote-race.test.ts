/**
 * Two working copies with one record in a bucket, and a dozen processes at once: deploys of different pages, promotions,
 * rollbacks, and strangers who write by raw PUTs. What production has shown is then read from its bucket's own versions, and
 * why from the record.
 */

import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bytesOf } from "../../sandbox/edge/bucket-origin.ts";
import { startSandbox, type Sandbox } from "../../sandbox/start-sandbox.ts";
import { parseEntry } from "../../src/adapters/state/entry-codec.ts";
import { asDigest } from "../../src/core/brand.ts";
import type { Entry } from "../../src/core/ledger/entry.ts";
import { parsePlan } from "../../src/core/plan/parse-plan.ts";
import { stepsOf, type Plan } from "../../src/core/plan/plan.ts";
import { openCliWorld, type CliWorld, type Finished } from "../cli/cli-world.ts";
import { hasSshKeygen } from "../support/software-key.ts";
import { keysIn } from "./support/bucket-ground.ts";
import { newKey } from "./support/chain-ground.ts";
import { put, sha256 } from "./support/ground.ts";
import { answerOf, startBelay, type Ran } from "./support/run-belay.ts";

const [staging, production, state] = ["harbour-staging", "harbour-production", "harbour-state"];
const rounds = process.env["BELAY_SOAK"] === "1" ? 12 : 3;
const pages = ["berths.html", "boats.html", "fees.html", "tides.html"] as const;
const strangersPage = "weather.html";
const pageOf = (name: string, text: string): string => `<!doctype html>\n<title>${name}</title>\n<p>${text}</p>\n`;

let sandbox: Sandbox;
let world: CliWorld;
let env: Record<string, string>;
/** Digests of what strangers have put on production. */
let strangers: Set<string>;

beforeEach(async () => {
  if (!hasSshKeygen) return;
  strangers = new Set();
  sandbox = await startSandbox({ buckets: [staging, production, state].map((name) => ({ name, versioning: true })), settleMs: 20 });
  world = await openCliWorld();
  const home = join(world.root, "home");
  const signers = `wren@example.com ${await newKey(home)}`;
  const nowhere = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  env = { ...sandbox.env, ...nowhere, HOME: home, PATH: process.env["PATH"] ?? "" };
  const config = [
    "version: 1",
    `state: s3://${state}/belay`,
    "signers: allowed_signers",
    "site:",
    "  root: public",
    "  unit: any",
    "  targets:",
    `    staging: { store: "s3://${staging}" }`,
    `    production: { store: "s3://${production}", after: staging, approvals: 1, keys: any }`,
    "",
  ].join("\n");
  for (const copy of ["studio", "laptop"]) {
    await world.write(`${copy}/belay.yaml`, config);
    await world.write(`${copy}/allowed_signers`, signers);
  }
});

afterEach(async () => {
  if (!hasSshKeygen) return;
  await sandbox.close();
  await world.close();
});

const edit = (copy: string, page: string, text: string): void => put(join(world.root, copy, "public"), page, pageOf(page, text));
const run = async (words: readonly string[], copy = "studio", answer?: string): Promise<Finished> =>
  await world.run(copy, words, { env, ...(answer !== undefined && { answer }) });
const start = async (copy: string, ...words: readonly string[]): Promise<Ran> =>
  await startBelay([...words, "--json"], { cwd: join(world.root, copy), env }).ended;

/** A stranger's PUT, which asks for nothing. */
function strangerPuts(bucket: string, page: string, text: string): void {
  const content = Buffer.from(pageOf(page, text));
  sandbox.s3.put(bucket, page, content, { "content-type": "text/html" });
  if (bucket === production) strangers.add(sha256(content));
}

/** Asks for a promotion or a rollback, and has the one person sign what it waits for. */
async function signed(words: readonly string[]): Promise<string | undefined> {
  const asked = await run([...words, "--json"]);
  if (asked.exit !== 8) return undefined;
  const id = /"id": ?"(?<id>[0-9a-f]{64})"/u.exec(asked.stdout)?.groups?.["id"];
  if (id === undefined) return undefined;
  const approved = await run(["approve", id], "laptop", "y\n");
  return approved.exit === 0 ? id : undefined;
}

/** Every process that is started here has begun before any of them has ended. */
async function race(round: number, approved: string | undefined): Promise<readonly Ran[]> {
  const [one, two] = round % 2 === 0 ? (["berths.html", "boats.html"] as const) : (["fees.html", "tides.html"] as const);
  edit("studio", one, `by the studio in round ${round}`);
  edit("laptop", two, `by the laptop in round ${round}`);
  const running = [
    start("studio", "deploy", "staging", one, "--change", one, "--yes", "--wait", "20"),
    start("laptop", "deploy", "staging", two, "--change", two, "--yes", "--wait", "20"),
    start("studio", "deploy", "staging", one, "--yes"),
    start("laptop", "deploy", "staging", two, "--yes"),
    start("studio", "promote", "production"),
    start("laptop", "promote", "production", ...(approved === undefined ? [] : ["--confirm", approved])),
    ...["studio", "laptop"].map(async (copy) => await start(copy, "rollback", "production")),
    ...(approved === undefined ? [] : ["studio", "laptop", "studio"]).map(
      async (copy) => await start(copy, "apply", approved ?? "", "--wait", "20"),
    ),
    (async (): Promise<Ran> => {
      await pause(200 + 150 * round);
      if (round > 0) strangerPuts(staging, strangersPage, `storm ${round}`);
      if (round > 1) strangerPuts(production, round % 2 === 0 ? pages[0] : pages[2], `a stranger's in round ${round}`);
      return await start("laptop", "deploy", "production", "--yes");
    })(),
  ];
  return await Promise.all(running);
}

interface Told {
  readonly entries: readonly Entry[];
  readonly planOf: (id: string) => Plan;
}

async function readRecord(): Promise<Told> {
  const names = await keysIn(sandbox, state, "belay/ledger/");
  const bytesAt = (key: string): Uint8Array => sandbox.s3.get(state, key)?.bytes ?? new Uint8Array();
  const entries = names
    .filter((name) => /\/\d{12}[^/]*$/u.test(name))
    .map((name) => parseEntry(bytesAt(name), 999_999_999_999 - Number(name.slice("belay/ledger/".length).slice(0, 12))))
    .toSorted((left, right) => left.seq - right.seq);
  const planOf = (id: string): Plan => parsePlan(asDigest(id), bytesAt(`belay/vault/${id.slice(0, 2)}/${id}`)).plan;
  return { entries, planOf };
}

interface Shown {
  readonly key: string;
  readonly digest: string;
  /** The plan that wrote it, as belay's own note beside the object says. */
  readonly plan: string | undefined;
}

const ask = async (path: string, query: string): ReturnType<Sandbox["s3"]["handle"]> =>
  await sandbox.s3.handle({ method: "GET", path, query: new URLSearchParams(query), headers: {}, body: nothing });

/** Everything that production has ever shown, oldest first, by the bucket's own versions. */
async function everShown(): Promise<readonly Shown[]> {
  const listing = (await bytesOf(await ask(`/${production}`, "versions"))).toString("utf8");
  const found = [...listing.matchAll(/<Version>.*?<Key>(?<key>[^<]+)<\/Key>.*?<VersionId>(?<id>[^<]+)<\/VersionId>/gsu)];
  const shown: Shown[] = [];
  for (const { groups } of found.toReversed()) {
    const [key = "", id = ""] = [groups?.["key"], groups?.["id"]];
    const answer = await ask(`/${production}/${key}`, `versionId=${encodeURIComponent(id)}`);
    shown.push({ key, digest: sha256(await bytesOf(answer)), plan: answer.headers["x-amz-meta-belay-plan"] });
  }
  return shown.filter(({ key }) => !key.includes(".belay-canary/"));
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

type OfKind<Kind extends Entry["kind"]> = Extract<Entry, { readonly kind: Kind }>;
const isOf =
  <Kind extends Entry["kind"]>(kind: Kind) =>
  (entry: Entry): entry is OfKind<Kind> =>
    entry.kind === kind;

/** `key digest` of everything that an applied release has left at a target. */
function leftAt(target: string, { entries, planOf }: Told): Set<string> {
  const ended = entries.filter(isOf("ended")).filter((entry) => entry.target === target && entry.as === "applied");
  const changes = ended.flatMap(({ plan }) => stepsOf(planOf(plan)).map(({ change }) => change));
  return new Set(changes.flatMap((change) => (change.kind === "delete" ? [] : [`${change.at.key} ${change.content.digest}`])));
}

const begunOn = (target: string, { entries }: Told): OfKind<"started">[] =>
  entries.filter(isOf("started")).filter((entry) => entry.target === target);

/** Every plan on production used an approval of exactly that plan, and none was used twice. Answers with what is wrong. */
function brokenApprovals(record: Told): string[] {
  const used = begunOn("production", record).flatMap(({ plan, seq, approvals = [] }) =>
    approvals.map((number) => ({ plan, seq, number, approval: record.entries.find((entry) => entry.seq === number) })),
  );
  const unapproved = begunOn("production", record).filter(({ approvals = [] }) => approvals.length !== 1);
  const foreign = used.filter(({ approval, plan }) => approval?.kind !== "approved" || approval.plan !== plan);
  const again = used.filter(({ number }, at) => used.findIndex((one) => one.number === number) !== at);
  return [
    ...unapproved.map(({ seq }) => `entry ${seq} began without an approval`),
    ...foreign.map(({ seq, number }) => `entry ${seq} used ${number}, which is no approval of it`),
    ...again.map(({ seq, number }) => `entry ${seq} used ${number} again`),
  ];
}

/** What belay wrote there was verified on staging first, or had been there before; and it never stands where a stranger's write stood. */
function brokenContents(shown: readonly Shown[], record: Told): string[] {
  const verified = leftAt("staging", record);
  const begun = new Set<string>(begunOn("production", record).map(({ plan }) => plan));
  return shown.flatMap(({ key, digest, plan }, at) => {
    if (strangers.has(digest)) return [];
    const earlier = shown.slice(0, at).filter((one) => one.key === key);
    const isKnown = verified.has(`${key} ${digest}`) || earlier.some((one) => one.digest === digest);
    return [
      ...(isKnown ? [] : [`${key} was never verified on staging`]),
      ...(strangers.has(earlier.at(-1)?.digest ?? "") ? [`${key} went over a stranger's`] : []),
      ...(plan === undefined || begun.has(plan) ? [] : [`${key} was written by a plan that had not begun`]),
    ];
  });
}

/** What a rollback took off has not come back by a promotion. */
function brokenTombstones({ entries, planOf }: Told): string[] {
  const ended = entries.filter(isOf("ended")).filter(({ target, as }) => target === "production" && as === "applied");
  const off = new Set<string>();
  return ended.flatMap(({ plan: id }) => {
    const { intent, waves } = planOf(id);
    const changes = waves.flatMap(({ steps }) => steps.map(({ change }) => change));
    const brought = changes.flatMap((change) => (change.kind === "delete" ? [] : [`${change.at.key} ${change.content.digest}`]));
    const back = intent === "promote" ? brought.filter((held) => off.has(held)) : [];
    const taken = changes.flatMap((change) => (change.kind === "create" ? [] : [`${change.at.key} ${change.prior.digest}`]));
    if (intent === "rollback") for (const held of taken) off.add(held);
    for (const held of brought) off.delete(held);
    return back.map((held) => `${held} was rolled back and came back`);
  });
}

/** What may be told in a race; 2 is for whoever gives no confirmation once everything else is there. */
const isFair = (one: Ran): boolean =>
  [0, 3, 4, 5, 7, 8].includes(one.exit ?? -1) || (one.exit === 2 && answerOf(one, "outcome") === "confirmation-needed");

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: a dozen processes of two working copies at once", () => {
  test("production only ever shows what was verified on staging and approved, and no stranger's write is lost", async () => {
    for (const page of pages) edit("studio", page, "as it was in spring");
    expect((await run(["deploy", "staging", "--change", "The site", "--yes"])).exit).toBe(0);
    expect((await run(["promote", "production"], "studio", "y\n")).exit).toBe(0);
    expect((await run(["pull", "staging"], "laptop")).exit).toBe(0);
    const exits = new Set<number | null>();
    for (let round = 0; round < rounds; round += 1) {
      edit("studio", round % 2 === 0 ? "fees.html" : "berths.html", `changed before round ${round}`);
      const before = round % 2 === 0 ? "fees.html" : "berths.html";
      await run(["pull", "staging"], "studio");
      await run(["deploy", "staging", before, "--change", `before round ${round}`, "--yes"]);
      const approved = await signed(round === 2 ? ["rollback", "production"] : ["promote", "production"]);
      const ran = await race(round, approved);
      expect(ran.filter((one) => !isFair(one)).map(({ told }) => told)).toEqual([]);
      for (const { exit } of ran) exits.add(exit);
      await run(["pull", "staging"], "laptop");
    }
    // Whatever a race has left open comes to its end.
    for (let tries = 0; tries < 3; tries += 1) await run(["resume"], "studio", "y\n");
    expect(JSON.parse((await run(["log", "--json"])).stdout)).toMatchObject({ chain: "intact" });
    const record = await readRecord();
    const ends = new Set(record.entries.filter(isOf("ended")).map(({ release }) => release));
    expect(record.entries.filter(isOf("started")).filter(({ release }) => !ends.has(release))).toEqual([]);
    expect(begunOn("production", record).length).toBeGreaterThan(1);
    expect(brokenApprovals(record)).toEqual([]);
    expect(brokenContents(await everShown(), record)).toEqual([]);
    expect(brokenTombstones(record)).toEqual([]);
    process.stderr.write(`exits: ${[...exits].join(" ")}; contents taken to production: ${leftAt("production", record).size}\n`);
  }, 300_000);
});

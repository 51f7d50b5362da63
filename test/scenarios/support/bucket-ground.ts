/** A sandbox with two buckets a case, and working copies whose target and state lie in them. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { bytesOf } from "../../../sandbox/edge/bucket-origin.ts";
import type { FaultAction, FaultRule } from "../../../sandbox/faults.ts";
import type { Account } from "../../../sandbox/signature.ts";
import { startSandbox, type Sandbox, type SandboxOptions } from "../../../sandbox/start-sandbox.ts";
import { openCliWorld, type CliWorld, type RunOptions } from "../../cli/cli-world.ts";
import { put, sha256 } from "./ground.ts";
import { startBelay, type Ran, type Started } from "./run-belay.ts";

/** The environment by which a command signs in as an account of the sandbox. */
export type Env = Readonly<Record<string, string>>;

/** One request, as a test chooses by it. */
export interface Asked {
  readonly operation: string;
  readonly key: string;
  readonly bucket: string;
}

export interface BucketGround {
  readonly sandbox: Sandbox;
  /** How far the sandbox's clock is ahead of this machine's, in milliseconds. */
  readonly clock: { aheadMs: number };
  /** What the account that commands sign in as may not do; changed at will while they run. */
  readonly account: { denies: NonNullable<Account["denies"]> };
  /** A folder for files of the test's own. */
  readonly folder: string;
  fault(...rules: readonly FaultRule[]): void;
  /** Strikes those requests for which an action is chosen, each once it has been asked; of what is read or written by its whole key. */
  faultOn(choose: (request: Asked) => FaultAction | undefined): void;
  /** Nothing fails, nothing is denied, and the clocks agree. */
  calm(): void;
  /** Two new buckets and a working copy, with one page deployed unless `isBare`. */
  open(options?: CaseOptions): Promise<BucketCase>;
  close(): Promise<void>;
}

export interface CaseOptions {
  /** Of the target's bucket. */
  readonly versioning?: boolean;
  /** More of the target's entry in belay.yaml, one line each, unindented. */
  readonly target?: readonly string[];
  /** More targets in belay.yaml, one line each, unindented. */
  readonly targets?: readonly string[];
  /** Nothing is deployed yet, so nothing has been tried out either. */
  readonly isBare?: boolean;
  /** A bucket's name in place of the one that was made. */
  readonly store?: string;
  readonly state?: string;
}

export interface BucketCase {
  readonly ground: BucketGround;
  /** Names of the buckets of the target and of the state. */
  readonly site: string;
  readonly state: string;
  /** The first working copy, by its name. */
  readonly copy: string;
  addCopy(name: string): string;
  /** Writes a file of a working copy's site. */
  put(key: string, content: Uint8Array | string, copy?: string): void;
  /** The folder of a working copy's site. */
  siteFolder(copy?: string): string;
  /** Runs the command line in this process, signed in as the account of `account` unless `env` says otherwise. */
  run(words: readonly string[], options?: RunOptions & { readonly copy?: string }): Promise<Ran>;
  /** Starts the built command line as a process. */
  start(words: readonly string[], options?: { readonly copy?: string; readonly env?: Env }): Started;
  /** Deploys what lies in the copy and expects that to go through. */
  deploy(copy?: string): Promise<void>;
  /** What the target's bucket holds, as text by key. */
  live(): Promise<Record<string, string>>;
  /** Digests of bytes and headers of everything in the target's bucket, and the names of the ledger's entries. */
  everything(): Promise<Record<string, string>>;
}

const member = { id: "member", secret: "member-secret" };

let count = 0;

export async function openBucketGround(options: SandboxOptions = {}): Promise<BucketGround> {
  const clock = { aheadMs: 0 };
  const account: BucketGround["account"] = { denies: () => false };
  const accounts = new Map<string, Account>([
    [member.id, { secret: member.secret, denies: (...asked) => account.denies(...asked) }],
    ["expired", { secret: "expired-secret", expired: true }],
  ]);
  const sandbox = await startSandbox({
    clock: { now: () => Date.now() + clock.aheadMs },
    accounts,
    settleMs: 20,
    ...options,
  });
  const world = await openCliWorld();
  const ground: BucketGround = {
    sandbox,
    clock,
    account,
    folder: world.root,
    fault: (...rules) => {
      for (const rule of rules) sandbox.faults.add(rule);
    },
    faultOn: (choose) => {
      // Asked right before a request meets its faults.
      account.denies = (operation, key, bucket) => {
        const action = choose({ operation, key, bucket });
        if (action) sandbox.faults.add({ operation, key, times: 1, action });
        return false;
      };
    },
    calm: () => {
      sandbox.faults.clear();
      account.denies = () => false;
      clock.aheadMs = 0;
    },
    open: async (about = {}) => await openCase(ground, world, about),
    close: async () => {
      await sandbox.close();
      await world.close();
    },
  };
  return ground;
}

async function openCase(ground: BucketGround, world: CliWorld, options: CaseOptions): Promise<BucketCase> {
  const { sandbox } = ground;
  count += 1;
  const [name, site, state] = [`case-${count}`, `pier-site-${count}`, `pier-state-${count}`];
  sandbox.s3.createBucket(site, { versioning: options.versioning ?? false });
  sandbox.s3.createBucket(state, { versioning: false });
  const addCopy = (copy: string): string => {
    put(join(world.root, name, copy), "belay.yaml", configOf({ store: site, state, ...options }));
    mkdirSync(join(world.root, name, copy, "public"), { recursive: true });
    return copy;
  };
  const copy = addCopy("studio");
  const siteFolder = (of = copy): string => join(world.root, name, of, "public");
  const one: BucketCase = {
    ground,
    site,
    state,
    copy,
    addCopy,
    siteFolder,
    put: (key, content, of) => put(siteFolder(of), key, content),
    run: async (words, { copy: of = copy, env, ...rest } = {}) => {
      const ran = await world.run(`${name}/${of}`, words, { ...rest, env: { ...envOf(ground), ...env } });
      return { ...ran, told: `exit ${ran.exit}\n${ran.stdout}${ran.stderr}` };
    },
    start: (words, { copy: of = copy, env } = {}) =>
      startBelay(words, { cwd: join(world.root, name, of), env: { ...envOf(ground), ...env } }),
    deploy: async (of = copy) => {
      const ran = await one.run(["deploy", "staging", "--yes"], { copy: of });
      expect(ran).toEqual({ ...ran, exit: 0 });
    },
    live: async () => Object.fromEntries((await keysIn(sandbox, site)).map((key) => [key, textAt(sandbox, site, key)])),
    everything: async () => ({ ...(await digestsIn(sandbox, site, "")), ...(await digestsIn(sandbox, state, "belay/ledger/")) }),
  };
  if (options.isBare !== true) {
    one.put("index.html", "<p>one</p>\n");
    await one.deploy();
  }
  return one;
}

function configOf({ store = "", state = "", target = [], targets = [] }: CaseOptions): string {
  return [
    "version: 1",
    `state: s3://${state}/belay`,
    "site:",
    "  root: public",
    "  unit: any",
    "  targets:",
    "    staging:",
    `      store: s3://${store}`,
    ...target.map((line) => `      ${line}`),
    ...targets.map((line) => `    ${line}`),
    "",
  ].join("\n");
}

/** The machine's own AWS files decide nothing. */
const envOf = ({ sandbox, folder }: BucketGround): Env => ({
  ...sandbox.env,
  AWS_ACCESS_KEY_ID: member.id,
  AWS_SECRET_ACCESS_KEY: member.secret,
  HOME: folder,
  AWS_CONFIG_FILE: join(folder, "no-config"),
  AWS_SHARED_CREDENTIALS_FILE: join(folder, "no-credentials"),
});

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** Names of the objects in a bucket that begin with a prefix, past every fault and signature. */
export async function keysIn({ s3 }: Sandbox, bucket: string, prefix = ""): Promise<string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const query = new URLSearchParams({ "list-type": "2", "encoding-type": "url", prefix, ...(token && { "continuation-token": token }) });
    const answer = await s3.handle({ method: "GET", path: `/${bucket}`, query, headers: {}, body: nothing });
    const text = (await bytesOf(answer)).toString("utf8");
    keys.push(...[...text.matchAll(/<Key>([^<]*)<\/Key>/gu)].map(([, key = ""]) => decodeURIComponent(key.replaceAll("+", "%20"))));
    token = /<NextContinuationToken>([^<]+)</u.exec(text)?.[1];
  } while (token !== undefined);
  return keys;
}

const textAt = ({ s3 }: Sandbox, bucket: string, key: string): string => Buffer.from(s3.get(bucket, key)?.bytes ?? []).toString("utf8");

async function digestsIn(sandbox: Sandbox, bucket: string, prefix: string): Promise<Record<string, string>> {
  const keys = await keysIn(sandbox, bucket, prefix);
  const digestAt = (key: string): string => {
    const found = sandbox.s3.get(bucket, key);
    return `${sha256(found?.bytes ?? "")} ${JSON.stringify(found?.headers)}`;
  };
  return Object.fromEntries(keys.map((key) => [`${bucket}/${key}`, digestAt(key)]));
}

/** The server that scripts/test-servers.mjs has started for this run: where it is, and what is known of it. */

import { readFileSync } from "node:fs";
import * as v from "valibot";
import { beforeEach } from "vitest";

const reasons: v.GenericSchema<unknown, Readonly<Record<string, string>>> = v.record(v.string(), v.string());
const serversSchema = v.record(
  v.string(),
  v.object({
    title: v.string(),
    versions: v.boolean(),
    refused: v.object({ plain: reasons, versioned: v.exactOptional(reasons) }),
    departs: v.array(v.object({ test: v.string(), where: v.exactOptional(v.string()), why: v.string() })),
    unclearLosers: v.exactOptional(v.string()),
    copies: v.exactOptional(v.string()),
  }),
);

export type Operation = "create" | "replace" | "delete";

/** What a server is known for. Reasons are whole clauses that say what it does and, where they differ, what AWS does. */
export interface Server {
  readonly title: string;
  /** What an AWS client's environment has to hold to reach it. */
  readonly env: Readonly<Record<string, string>>;
  /** The kinds of bucket that it has. */
  readonly kinds: readonly BucketKind[];
  /** Operations whose condition it does not honour, with the reason: belay has to refuse them. */
  readonly refused: Readonly<Record<BucketKind, Readonly<Record<string, string>>>>;
  /** Why losers of a race cannot be told that they lost, where that is so. */
  readonly unclearLosers?: string;
  /** Why nothing is copied there, so that belay has to send the bytes; absent where that was not tried. */
  readonly copies?: string;
  /** Every reason that is given for anything above or for leaving out a test. */
  readonly reasons: readonly string[];
}

/** `versioned` keeps what is overwritten. */
export type BucketKind = "plain" | "versioned";

const env = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: these tests are started by npm run test:servers`);
  return value;
};

const known = v.parse(serversSchema, JSON.parse(readFileSync(new URL("../servers.json", import.meta.url), "utf8")))[env("BELAY_SERVER")];
if (!known) throw new Error(`test/servers/servers.json has no ${env("BELAY_SERVER")}`);
const { title, versions, refused, departs, unclearLosers, copies } = known;

export const server: Server = {
  title,
  env: {
    ...Object.fromEntries(
      ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"].map((name) => [name, env(name)]),
    ),
    // Nobody's own settings shall decide what is tested.
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
  },
  kinds: versions ? ["plain", "versioned"] : ["plain"],
  refused: { plain: refused.plain, versioned: refused.versioned ?? {} },
  ...(unclearLosers !== undefined && { unclearLosers }),
  ...(copies !== undefined && { copies }),
  reasons: [
    ...[refused.plain, refused.versioned ?? {}].flatMap((each) => Object.values(each)),
    ...departs.map(({ why }) => why),
    ...[unclearLosers, copies].filter((reason) => reason !== undefined),
  ],
};

/** Leaves out, in the file that calls it, every test of a known departure: its title holds `test`, and its suites' names hold `where`. */
export function skipDepartures(): void {
  beforeEach(({ task, skip }) => {
    const suites: string[] = [];
    for (let suite = task.suite; suite; suite = suite.suite) suites.push(suite.name);
    const departure = departs.find(({ test, where = "" }) => task.name.includes(test) && suites.join(" ").includes(where));
    if (departure) skip(departure.why);
  });
}

/** Incident 1 as an agent finds it: a working copy two versions behind production, and a warning of whoever was here before. */

import { fileURLToPath } from "node:url";
import { startSandbox, type Sandbox } from "../../../../sandbox/start-sandbox.ts";
import type { DemoCase } from "../../../../src/faces/demo/demo-case.ts";
import { fetchPage } from "../../../../src/faces/demo/fetch-page.ts";
import { incidentCase } from "../../../../src/faces/demo/incident-case.ts";
import { newKey } from "../../support/chain-ground.ts";
import { expectExit } from "../../support/run-belay.ts";
import { openAgentGround, type AgentGround } from "./agent-ground.ts";

export type Place = "staging" | "prod";

export interface StaleSite {
  readonly ground: AgentGround;
  readonly sandbox: Sandbox;
  readonly story: DemoCase;
  /** The story's page as a bucket holds it. */
  stored(place: Place): string;
  /** The same as visitors get it, by the CDN. */
  visited(place: Place): Promise<string>;
  /** Everything at a place that a call could change: its page, how many objects and invalidations there are. */
  state(place: Place): unknown;
  /** Production as it was before the story. */
  reset(): void;
  close(): Promise<void>;
}

const distributionOf: Readonly<Record<Place, string>> = { staging: "E1STAGING", prod: "E2PROD" };
const bucketOf = (place: Place | "state"): string => `larkmoor-${place}`;
const note = "Three changes of this week are on production alone. Look at live before anything is published.";

export async function openStaleSite(): Promise<StaleSite> {
  const story = await incidentCase(fileURLToPath(new URL("../../../../demo", import.meta.url)));
  const ground = await openAgentGround("laptop");
  const sandbox = await startSandbox({
    buckets: (["staging", "prod", "state"] as const).map((place) => ({ name: bucketOf(place), versioning: true })),
    distributions: (["staging", "prod"] as const).map((place) => ({ id: distributionOf[place], bucket: bucketOf(place) })),
    settleMs: 20,
  });
  Object.assign(ground.env, sandbox.env);
  const edgeOf = (place: Place): string => sandbox.edges.get(distributionOf[place])?.url ?? "";
  const publish = (place: Place, text: string): void => {
    sandbox.s3.put(bucketOf(place), story.page, Buffer.from(text), { "content-type": "text/html" });
  };
  const key = `wren@example.com ${await newKey(ground.env["HOME"] ?? "")}`;
  await ground.world.write("laptop/belay.yaml", configText(story, edgeOf));
  await ground.world.write("laptop/allowed_signers", key);
  const [first, second, third] = story.versions;
  for (const place of ["staging", "prod"] as const) publish(place, first);
  for (const target of ["staging", "production"]) expectRun(await ground.person(["pull", target]));
  for (const version of [second, third]) publish("prod", version);
  expectRun(await ground.person(["warn", "add", story.page, "--note", note]));
  return {
    ground,
    sandbox,
    story,
    stored: (place) => Buffer.from(sandbox.s3.get(bucketOf(place), story.page)?.bytes ?? []).toString("utf8"),
    visited: async (place) => (await fetchPage(`${edgeOf(place)}/`)).toString("utf8"),
    state: (place) => [
      sandbox.s3.get(bucketOf(place), story.page)?.versionId,
      sandbox.s3.objectCount(bucketOf(place)),
      sandbox.cloudfront.invalidations(distributionOf[place]).length,
    ],
    reset: () => publish("prod", third),
    close: async () => {
      await sandbox.close();
      await ground.close();
    },
  };
}

/** In this process: no hook is asked. */
const expectRun = ({ exit, stdout, stderr }: { readonly exit: number; readonly stdout: string; readonly stderr: string }): void =>
  expectExit({ exit, stdout, stderr, told: `exit ${exit}\n${stdout}${stderr}` }, 0);

const configText = ({ page, features }: DemoCase, edgeOf: (place: Place) => string): string =>
  [
    "version: 1",
    `state: s3://${bucketOf("state")}/belay`,
    "signers: allowed_signers",
    "site:",
    "  root: public",
    "  unit: any",
    "  targets:",
    `    staging: { store: "s3://${bucketOf("staging")}", cdn: "cloudfront:E1STAGING", url: "${edgeOf("staging")}" }`,
    `    production: { store: "s3://${bucketOf("prod")}", cdn: "cloudfront:E2PROD", url: "${edgeOf("prod")}", after: staging, approvals: 1, keys: any }`,
    "  tokens:",
    ...features.map(({ name, rule, text }) => `    ${name}: { file: ${page}, ${rule}: ${JSON.stringify(text)} }`),
    "",
  ].join("\n");

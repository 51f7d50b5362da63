/** A repository with a site in it, its buckets and edges, and runners that are allowed what docs/ci/aws says and nothing else. */

import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Account } from "../../../sandbox/signature.ts";
import { startSandbox, type Sandbox } from "../../../sandbox/start-sandbox.ts";
import { openCliWorld, type CliWorld, type Finished } from "../../cli/cli-world.ts";
import { openNoticeServer, type NoticeServer } from "../../support/notice-server.ts";
import { nodeOf, nodesOf, playGitHubJob, recipeText, textsOf, workflow, type JobPlayed, type JobSetting } from "./pipeline.ts";

export interface PipelineGround {
  readonly sandbox: Sandbox;
  readonly people: NoticeServer;
  /** What a runner was refused, as `role action resource`: belay needs more than the recipe gives. */
  readonly denied: string[];
  /** Writes files into the owner's clone, commits and pushes them. */
  push(files: Readonly<Record<string, string>>, about: { readonly branch?: string; readonly subject: string }): Promise<void>;
  git(...words: readonly string[]): string;
  /** A command of the owner's, at a terminal where `answer` is what they type. */
  owner(words: readonly string[], answer?: string): Promise<Finished>;
  /** A job of a workflow under docs/ci/github. */
  job(file: string, name: string, about?: Partial<JobSetting> & { readonly fetchDepth?: number }): Promise<JobPlayed>;
  /** What another pipeline needs to run a job of its own. */
  setting(role: "plan" | "publish", about?: Partial<JobSetting>): JobSetting;
  /** Text of an object; nothing where there is none. */
  text(bucket: string, key: string): string;
  close(): Promise<void>;
}

const [staging, production, state] = ["example-staging", "example-production", "example-belay-state"];

export const siteConfig: string = [
  "version: 1",
  `state: s3://${state}/site`,
  "site:",
  "  root: public",
  "  unit: commit",
  "  targets:",
  `    staging: { store: s3://${staging}, cdn: cloudfront:E1STAGING }`,
  `    production: { store: s3://${production}, cdn: cloudfront:E2PROD, after: staging, approvals: 1, keys: any }`,
  "signers: allowed_signers",
  "notify: { slack: env:BELAY_SLACK }",
  "",
].join("\n");

export async function openPipelineGround(): Promise<PipelineGround> {
  const denied: string[] = [];
  const roles = { plan: openRole("plan", denied), publish: openRole("publish", denied) };
  const sandbox = await startSandbox({
    accounts: new Map(Object.entries(roles)),
    buckets: [staging, production, state].map((name) => ({ name, versioning: true })),
    distributions: [
      { id: "E1STAGING", bucket: staging },
      { id: "E2PROD", bucket: production },
    ],
    settleMs: 20,
  });
  const people = await openNoticeServer();
  const world = await openCliWorld();
  const ownerEnv = await openOwner(world);
  const remote = join(world.root, "remote.git");
  const clone = join(world.root, "owner");
  const git = (...words: readonly string[]): string => execFileSync("git", words, { cwd: clone, env: ownerEnv, encoding: "utf8" });
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", remote], { env: ownerEnv });
  execFileSync("git", ["clone", "--quiet", remote, clone], { env: ownerEnv, stdio: "ignore" });
  git("switch", "--quiet", "--create", "main");
  const publicKey = await readFile(join(world.root, "home/.ssh/id_ed25519.pub"), "utf8");
  let jobs = 0;
  const cloud = { ...sandbox.env, AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
  const setting = (role: "plan" | "publish", about: Partial<JobSetting> = {}): JobSetting => {
    jobs += 1;
    const env = {
      ...cloud,
      GITHUB_ACTIONS: "true",
      CI: "true",
      GITHUB_ACTOR: "heron",
      AWS_ACCESS_KEY_ID: role,
      AWS_SECRET_ACCESS_KEY: `${role}-secret`,
      ...about.env,
    };
    const given = { folder: join(world.root, "jobs", String(jobs)), remote, ref: "main", expressions: {} };
    return { ...given, ...about, env };
  };
  return {
    sandbox,
    people,
    denied,
    git,
    push: async (files, { branch, subject }) => {
      if (branch !== undefined) git("switch", "--quiet", "--create", branch);
      const all = { "belay.yaml": siteConfig, allowed_signers: `wren@example.com ${publicKey}`, ".gitignore": ".belay\n", ...files };
      for (const [path, text] of Object.entries(all)) {
        await mkdir(dirname(join(clone, path)), { recursive: true });
        await writeFile(join(clone, path), text);
      }
      git("add", "--all");
      git("commit", "--quiet", "--message", subject);
      git("push", "--quiet", "origin", "HEAD");
    },
    owner: async (words, answer) =>
      await world.run("owner", words, { env: { ...ownerEnv, ...cloud }, ...(answer === undefined ? {} : { answer }) }),
    job: async (file, name, { fetchDepth, ...about } = {}) => {
      const role = file === "plan.yml" ? "plan" : "publish";
      const flow = workflow(`github/${file}`);
      const shallow = fetchDepth === undefined ? flow : withDepth(flow, fetchDepth);
      const expressions = { "secrets.BELAY_SLACK": people.address, ...about.expressions };
      return await playGitHubJob(shallow, name, setting(role, { ...about, expressions }));
    },
    setting,
    text: (bucket, key) => Buffer.from(sandbox.s3.get(bucket, key)?.bytes ?? []).toString("utf8"),
    close: async () => {
      await sandbox.close();
      await people.close();
      await world.close();
    },
  };
}

async function openOwner(world: CliWorld): Promise<Record<string, string>> {
  const home = join(world.root, "home");
  await mkdir(join(home, ".ssh"), { recursive: true, mode: 0o700 });
  const key = join(home, ".ssh", "id_ed25519");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "wren", "-f", key]);
  const identity = { NAME: "Wren", EMAIL: "wren@example.com" };
  const authors = ["AUTHOR", "COMMITTER"].flatMap((who) => Object.entries(identity).map(([what, text]) => [`GIT_${who}_${what}`, text]));
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    ...Object.fromEntries(authors),
  };
}

/** The workflow with another `fetch-depth` in every checkout. */
const withDepth = (flow: ReturnType<typeof workflow>, depth: number): ReturnType<typeof workflow> =>
  nodeOf(JSON.parse(JSON.stringify(flow).replaceAll('"fetch-depth":0', `"fetch-depth":${depth}`)));

/** The IAM action that an operation asks for: "Actions, resources, and condition keys for Amazon S3". */
const actions: Readonly<Record<string, string>> = {
  HeadObject: "s3:GetObject",
  HeadBucket: "s3:ListBucket",
  ListObjectsV2: "s3:ListBucket",
  ListObjectVersions: "s3:ListBucketVersions",
  CreateMultipartUpload: "s3:PutObject",
  UploadPart: "s3:PutObject",
  CompleteMultipartUpload: "s3:PutObject",
  CopyObject: "s3:PutObject",
  UploadPartCopy: "s3:PutObject",
};

interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly RegExp[];
}

const literal = (text: string): string => text.replaceAll(/[.$+?^()[\]{}|\\]/gu, String.raw`\$&`);

/** An account that may do what the recipe's policy allows. */
function openRole(role: "plan" | "publish", denied: string[]): Account {
  const statements = nodesOf(nodeOf(JSON.parse(recipeText(`aws/permissions-${role}.json`)))["Statement"]).map((statement): Statement => ({
    actions: textsOf(statement["Action"]),
    resources: textsOf(statement["Resource"]).map((text) => new RegExp(`^${text.split("*").map(literal).join(".*")}$`, "u")),
  }));
  return {
    secret: `${role}-secret`,
    denies: (operation, key, bucket) => {
      const isEdge = key.startsWith("/2020-05-31/");
      const action = isEdge ? `cloudfront:${operation}` : (actions[operation] ?? `s3:${operation}`);
      const distribution = /distribution\/([A-Z0-9]+)/u.exec(key)?.[1] ?? "";
      const place = key === "" ? bucket : `${bucket}/${key}`;
      const resource = isEdge ? `arn:aws:cloudfront::111122223333:distribution/${distribution}` : `arn:aws:s3:::${place}`;
      const isAllowed = statements.some((one) => one.actions.includes(action) && one.resources.some((allowed) => allowed.test(resource)));
      if (!isAllowed) denied.push(`${role} ${action} ${resource}`);
      return !isAllowed;
    },
  };
}

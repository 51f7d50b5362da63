/** A site with staging, production, and one person who may sign; on folders, or on the sandbox's buckets and edges. */

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { startSandbox, type Sandbox } from "../../../sandbox/start-sandbox.ts";
import { openCliWorld, type CliWorld, type Finished, type RunOptions } from "../../cli/cli-world.ts";
import { isInVault, sha256 } from "./ground.ts";

export type Target = "staging" | "production";
export type Kind = "folders" | "buckets";

export interface ChainOptions {
  readonly kind?: Kind;
  /** More of production's entry in belay.yaml; ordinary keys sign unless told. */
  readonly production?: string;
  /** More lines of belay.yaml, below `site:`. */
  readonly site?: readonly string[];
  /** The allowed_signers file, where it is not the one line of the person's own key. */
  readonly signers?: (line: string) => string;
}

export interface ChainGround {
  readonly world: CliWorld;
  /** How far the clock of the buckets is ahead of the commands', in milliseconds. */
  readonly clock: { aheadMs: number };
  /** Files of the site, by path. */
  write(files: Readonly<Record<string, string>>, copy?: string): Promise<void>;
  /** What a target holds; nothing where there is no such file. */
  text(target: Target, path: string): Promise<string>;
  /** Whether the vault that all share has these bytes. */
  keeps(text: string): boolean;
  /** Past belay: the file is simply written. */
  stranger(target: Target, path: string, text: string): Promise<void>;
  run(words: readonly string[], options?: RunOptions & { readonly copy?: string }): Promise<Finished>;
  /** The same, and what it must exit with; what was told belongs to the failure. */
  expect(exit: number, words: readonly string[], options?: RunOptions & { readonly copy?: string }): Promise<Finished>;
  /** Writes files and takes them to staging as one change; the release that it made. */
  stage(files: Readonly<Record<string, string>>, title: string, copy?: string): Promise<string>;
  /** The plan that a promotion off a terminal asks a person to approve. */
  asked(words?: readonly string[]): Promise<string>;
  /** Replaces a part of a file in a working copy, which must be there. */
  edit(file: string, from: string, to: string): Promise<void>;
  close(): Promise<void>;
}

const stores: Readonly<Record<Kind, Readonly<Record<Target | "state", string>>>> = {
  folders: { state: "../state", staging: "store: dir:../srv/staging", production: "store: dir:../srv/production" },
  buckets: {
    state: "s3://pier-state/belay",
    staging: "store: s3://pier-staging, cdn: cloudfront:E1STAGING",
    production: "store: s3://pier-production, cdn: cloudfront:E2PROD",
  },
};

const served = (target: Target, path: string): string => `srv/${target}/${path}`;

export async function openChain({
  kind = "folders",
  production = ", keys: any",
  site = [],
  signers,
}: ChainOptions = {}): Promise<ChainGround> {
  const skipped = { ms: 0 };
  const world = await openCliWorld([], skipped);
  const clock = { aheadMs: 0 };
  const sandbox = kind === "buckets" ? await openCloud(() => Date.now() + Math.round(skipped.ms) + clock.aheadMs) : undefined;
  const home = join(world.root, "home");
  const line = `wren@example.com ${await newKey(home)}`;
  const place = stores[kind];
  const config = [
    "version: 1",
    `state: ${place.state}`,
    "signers: allowed_signers",
    "site:",
    "  root: public",
    "  unit: any",
    "  targets:",
    `    staging: { ${place.staging} }`,
    `    production: { ${place.production}, after: staging, approvals: 1${production} }`,
    ...site,
    "",
  ].join("\n");
  for (const copy of ["studio", "laptop"]) {
    await world.write(`${copy}/belay.yaml`, config);
    await world.write(`${copy}/allowed_signers`, signers ? signers(line) : line);
  }
  const run: ChainGround["run"] = async (words, { copy = "studio", env, ...rest } = {}) =>
    await world.run(copy, words, { ...rest, env: { ...envOf(home), ...sandbox?.env, ...noFiles, ...env } });
  const ground: ChainGround = {
    world,
    clock,
    run,
    write: async (files, copy = "studio") => {
      for (const [path, text] of Object.entries(files)) await world.write(`${copy}/public/${path}`, text);
    },
    text: async (target, path) =>
      sandbox
        ? Buffer.from(sandbox.s3.get(`pier-${target}`, path)?.bytes ?? []).toString("utf8")
        : await world.read(served(target, path)).catch(() => ""),
    keeps: (text) => {
      const digest = sha256(text);
      if (!sandbox) return isInVault(join(world.root, "state"), digest);
      return (
        Buffer.from(sandbox.s3.get("pier-state", `belay/vault/${digest.slice(0, 2)}/${digest}`)?.bytes ?? []).toString("utf8") === text
      );
    },
    stranger: async (target, path, text) => {
      if (sandbox) sandbox.s3.put(`pier-${target}`, path, Buffer.from(text));
      else await world.write(served(target, path), text);
    },
    expect: async (exit, words, options) => {
      const ran = await run(words, options);
      expect({ words, ...ran }).toEqual({ words, ...ran, exit });
      return ran;
    },
    stage: async (files, title, copy = "studio") => {
      await ground.write(files, copy);
      const words = ["deploy", "staging", ...Object.keys(files), "--change", title, "--yes", "--json"];
      const { stdout } = await ground.expect(0, words, { copy });
      return /"release": ?"(?<release>r\d+)"/u.exec(stdout)?.groups?.["release"] ?? "";
    },
    asked: async (words = ["promote", "production"]) => {
      const { stderr } = await ground.expect(8, words);
      const id = /belay approve (?<id>[0-9a-f]{12})/u.exec(stderr)?.groups?.["id"] ?? "none";
      expect(stderr).toContain(`belay apply ${id}`);
      return id;
    },
    edit: async (file, from, to) => {
      const text = await world.read(`studio/${file}`);
      expect(text).toContain(from);
      await world.write(`studio/${file}`, text.replace(from, to));
    },
    close: async () => {
      await sandbox?.close();
      await rm(home, { recursive: true, force: true });
      await world.close();
    },
  };
  return ground;
}

async function openCloud(now: () => number): Promise<Sandbox> {
  return await startSandbox({
    clock: { now },
    buckets: ["pier-staging", "pier-production", "pier-state"].map((name) => ({ name, versioning: true })),
    distributions: [
      { id: "E1STAGING", bucket: "pier-staging" },
      { id: "E2PROD", bucket: "pier-production" },
    ],
    settleMs: 20,
  });
}

/** An ordinary key of OpenSSH's own, without a passphrase; its public half. */
export async function newKey(home: string, name = "id_ed25519"): Promise<string> {
  mkdirSync(join(home, ".ssh"), { recursive: true, mode: 0o700 });
  const file = join(home, ".ssh", name);
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "pier", "-f", file]);
  return await readFile(`${file}.pub`, "utf8");
}

const envOf = (home: string): Record<string, string> => ({ HOME: home, PATH: process.env["PATH"] ?? "", GIT_CONFIG_NOSYSTEM: "1" });
const noFiles = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };

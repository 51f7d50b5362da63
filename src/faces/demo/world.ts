/** The demo's own little world: two working copies, one shared state, a person's key, and three folders behind web servers. */

import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DemoCase, Feature } from "./demo-case.ts";
import { makeKey } from "./players.ts";
import type { StaticServer } from "./static-server.ts";
import { serveFolder } from "./static-server.ts";

export type WorkingCopy = "studio" | "laptop";
export type Served = "staging" | "production" | "scratch";

export interface World {
  readonly root: string;
  readonly home: string;
  /** Whether production waits for a person's signature; without ssh-keygen nobody could give one. */
  readonly hasApprovals: boolean;
  copy(name: WorkingCopy): string;
  /** The page of the story in a working copy. */
  pagePath(name: WorkingCopy): string;
  served(name: Served): string;
  url(name: Served): string;
  /** Writes belay.yaml, the same for both working copies, with these features as its tokens; none at first. */
  promise(features: readonly Feature[]): Promise<void>;
  /** Writes belay.yaml without the addresses that nobody answers any more, for a person who looks around afterwards. */
  settle(): Promise<void>;
  /** Ends the web servers. */
  close(): Promise<void>;
}

/** Sets the folders up under `root`, which is empty, and starts the three web servers. */
export async function openWorld(root: string, demoCase: DemoCase): Promise<World> {
  const copy = (name: WorkingCopy): string => join(root, name);
  const served = (name: Served): string => join(root, "srv", name);
  const home = join(root, "home");
  for (const folder of [
    join(copy("studio"), "public"),
    join(copy("laptop"), "public"),
    served("staging"),
    served("production"),
    served("scratch"),
    home,
  ]) {
    await mkdir(folder, { recursive: true });
  }
  const servers: Record<Served, StaticServer> = {
    staging: await serveFolder(served("staging")),
    production: await serveFolder(served("production")),
    scratch: await serveFolder(served("scratch")),
  };
  const signers = await makeKey(root);
  const hasApprovals = signers !== undefined;
  const configure = async (config: string): Promise<void> => {
    for (const name of ["studio", "laptop"] as const) {
      await writeFile(join(copy(name), "belay.yaml"), config);
      if (signers !== undefined) await writeFile(join(copy(name), "allowed_signers"), signers);
    }
  };
  const urls = { staging: servers.staging.url, production: servers.production.url };
  const promise = (features: readonly Feature[]): Promise<void> =>
    configure(configText({ page: demoCase.page, features, hasApprovals, urls }));
  await promise([]);
  for (const file of demoCase.files) {
    const path = join(copy("studio"), "public", file.key);
    await mkdir(dirname(path), { recursive: true });
    await copyFile(file.path, path);
  }
  return {
    root,
    home,
    hasApprovals,
    copy,
    served,
    pagePath: (name) => join(copy(name), "public", demoCase.page),
    url: (name) => servers[name].url,
    promise,
    settle: () => configure(configText({ page: demoCase.page, features: demoCase.features, hasApprovals })),
    close: async () => {
      await Promise.all(Object.values(servers).map((server) => server.close()));
    },
  };
}

interface ConfigFacts {
  readonly page: string;
  readonly features: readonly Feature[];
  readonly hasApprovals: boolean;
  readonly urls?: { readonly staging: string; readonly production: string };
}

/** belay.yaml of both working copies. */
function configText({ page, features, hasApprovals, urls }: ConfigFacts): string {
  const lines = [
    "version: 1",
    "state: ../state",
    ...(hasApprovals ? ["signers: allowed_signers"] : []),
    "site:",
    "  root: public",
    "  targets:",
    "    staging:",
    "      store: dir:../srv/staging",
    ...(urls ? [`      url: ${urls.staging}`] : []),
    "    production:",
    "      store: dir:../srv/production",
    ...(urls ? [`      url: ${urls.production}`] : []),
    "      after: staging",
    ...(hasApprovals ? ["      approvals: 1", "      keys: any"] : []),
    ...tokenLines(page, features),
  ];
  return `${lines.join("\n")}\n`;
}

/** The lines of a site's feature tokens. JSON strings are YAML strings, so any page's text can be a token. */
export function tokenLines(page: string, features: readonly Feature[]): string[] {
  const tokens = features.map(({ name, rule, text }) => `    ${name}: { file: ${JSON.stringify(page)}, ${rule}: ${JSON.stringify(text)} }`);
  return tokens.length > 0 ? ["  tokens:", ...tokens] : [];
}

/** SHA-256 of one file's bytes. */
export const fileDigest = async (path: string): Promise<string> =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");

/** One digest over the names and bytes of every file in a folder. */
export async function treeDigest(root: string): Promise<string> {
  const hash = createHash("sha256");
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const path of paths.toSorted()) hash.update(JSON.stringify([path.slice(root.length), await fileDigest(path)]));
  return hash.digest("hex");
}

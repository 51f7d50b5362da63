import { runGit, type GitRun } from "./git-run.ts";
import type { CallOptions } from "../../ports/store.ts";

export interface GitActor {
  readonly name: string;
  /** Left out where git knows none. */
  readonly email?: string;
}

/** Who git says works in this folder: a claim, not proof. `undefined` without git or without a name and address. */
export async function gitActor(folder: string, options: CallOptions, run: GitRun = runGit): Promise<GitActor | undefined> {
  const ended = await run(folder, ["config", "-z", "--get-regexp", "^user\\.(name|email)$"], options);
  if (ended.kind === "missing" || ended.exit !== 0) return undefined;
  // Each field is a key, a line break and a value; of several the last one holds.
  const settings = new Map<string, string>();
  for (const field of ended.stdout.toString("utf8").split("\0")) {
    const [key = "", ...value] = field.split("\n");
    settings.set(key, value.join("\n").trim());
  }
  const email = settings.get("user.email");
  const known = email === undefined || email === "" ? {} : { email };
  const name = settings.get("user.name") ?? "";
  if (name !== "") return { name, ...known };
  return known.email === undefined ? undefined : { name: known.email, ...known };
}

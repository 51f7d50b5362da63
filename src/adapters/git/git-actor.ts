import { execFileSync } from "node:child_process";

export interface GitActor {
  readonly name: string;
  /** Left out where git knows none. */
  readonly email?: string;
}

/** What `git config -z --get-regexp` prints in a folder; `undefined` without git, or where nothing is set. */
export type ReadSettings = (folder: string) => string | undefined;

const readSettings: ReadSettings = (folder) => {
  try {
    const args = ["config", "-z", "--get-regexp", "^user\\.(name|email)$"];
    return execFileSync("git", args, { cwd: folder, encoding: "utf8", timeout: 10_000, stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    // No git, or no such setting: nobody is claimed.
    return undefined;
  }
};

/** Who git says works in this folder: a claim, not proof. `undefined` without git or without a name and address. */
export function gitActor(folder: string, read: ReadSettings = readSettings): GitActor | undefined {
  const said = read(folder);
  if (said === undefined) return undefined;
  // Each field is a key, a line break and a value; of several the last one holds.
  const settings = new Map<string, string>();
  for (const field of said.split("\0")) {
    const [key = "", ...value] = field.split("\n");
    settings.set(key, value.join("\n").trim());
  }
  const email = settings.get("user.email");
  const known = email === undefined || email === "" ? {} : { email };
  const name = settings.get("user.name") ?? "";
  if (name !== "") return { name, ...known };
  return known.email === undefined ? undefined : { name: known.email, ...known };
}

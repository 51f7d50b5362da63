import { readFileSync } from "node:fs";
import { userInfo } from "node:os";

let names: ReadonlyMap<number, string> | undefined;

function learn(): ReadonlyMap<number, string> {
  const known = new Map<number, string>();
  try {
    for (const line of readFileSync("/etc/passwd", "utf8").split("\n")) {
      const [name, , uid] = line.split(":");
      if (name && uid && !known.has(Number(uid))) known.set(Number(uid), name);
    }
    const self = userInfo();
    known.set(self.uid, self.username);
  } catch {
    // Some systems keep their users elsewhere; the number then has to do.
  }
  return known;
}

/** The name of the user with this id, or `uid N` where the system does not say. */
export function ownerName(uid: number): string {
  names ??= learn();
  return names.get(uid) ?? `uid ${uid}`;
}

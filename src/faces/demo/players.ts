/** Who is at work in the demo, as belay can tell: an agent, or a person at a terminal with a key. */

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Finished } from "./run-command.ts";
import { runCommand } from "./run-command.ts";

/** The demo plays both. */
export type Player = "agent" | "person";

/** How coding agents show themselves to the commands that they start. */
export const agentMark: Readonly<Record<string, string>> = { AI_AGENT: "demo" };

/** The name that the demo's person signs by. */
const personName = "studio@example.com";

/** The person's own home: nobody else in the demo comes near the key in it. */
const personHome = (root: string): string => join(root, "home-of-the-person");

/** Node's own words for streams that are a terminal's: a terminal of one line, which the demo types. */
const terminal = "--import=data:text/javascript,process.stdin.isTTY=process.stderr.isTTY=true";

/**
 * What makes a command the person's: their home, a terminal, and what they type there. Not every system can lend a
 * program a terminal, so the streams only say that they are one. Whoever runs programs as the person could do the same:
 * a security key, which belay asks for unless told `keys: any`, is what such a program cannot touch.
 */
export const personAtTerminal = (root: string): { readonly env: Readonly<Record<string, string>>; readonly answer: string } => ({
  env: { HOME: personHome(root), NODE_OPTIONS: terminal },
  answer: "y\n",
});

const question = "[y/N] ";
const erasedLine = "\r\u001b[2K";

/** A terminal shows what is typed at a question, and no progress line that was erased. */
export function asTerminalShows({ code, text }: Finished): Finished {
  const typed = text.replace(question, `${question}y\n`).split("\n");
  return { code, text: typed.map((line) => line.split(erasedLine).at(-1) ?? "").join("\n") };
}

/** Makes the person's key; gives the allowed_signers file that names it, or `undefined` where there is no ssh-keygen. */
export async function makeKey(root: string): Promise<string | undefined> {
  const folder = join(personHome(root), ".ssh");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "id_ed25519");
  const env = { PATH: process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin", HOME: personHome(root) };
  const words = ["-q", "-t", "ed25519", "-N", "", "-C", "belay demo", "-f", path];
  const { code } = await runCommand(["ssh-keygen", ...words], { cwd: root, env, signal: new AbortController().signal });
  const key = code === 0 ? await readFile(`${path}.pub`, "utf8").catch(() => undefined) : undefined;
  return key === undefined ? undefined : `${personName} ${key}`;
}

/** Who is told that a person is needed: belay.yaml's channels and the user's own, together. */

import { readFile, stat } from "node:fs/promises";
import type { Way } from "../adapters/notify/open-notifier.ts";
import type { Config } from "../config/config.ts";
import type { UserNotify } from "../config/user-config.ts";
import { BelayError } from "../core/belay-error.ts";
import type { Channel, Notifier } from "../ports/notifier.ts";
import type { Surroundings } from "./surroundings.ts";

/** Nothing is read and nothing loaded until somebody asks. */
export function lazyNotifier(config: Config, about: Surroundings): Notifier {
  let opening: Promise<Notifier> | undefined;
  const open = (): Promise<Notifier> => (opening ??= openFor(config, about));
  return {
    channels: async (options) => await (await open()).channels(options),
    notify: async (notice, options) => await (await open()).notify(notice, options),
  };
}

async function openFor(config: Config, { env, runtime }: Surroundings): Promise<Notifier> {
  const ways = [...waysOf(config.notify, "belay.yaml", env), ...(await ownWays(env))];
  const { openNotifier } = await import("../adapters/notify/open-notifier.ts");
  return openNotifier({ ways, runtime });
}

/** A file of the user's that cannot be used is a channel that fails: it must not silence those of belay.yaml. */
async function ownWays(env: NodeJS.ProcessEnv): Promise<readonly Way[]> {
  try {
    return waysOf(await userNotify(env), "user", env);
  } catch (error) {
    if (error instanceof BelayError) return [{ channel: "command", from: "user", problem: error.message }];
    throw error;
  }
}

async function userNotify(env: NodeJS.ProcessEnv): Promise<UserNotify> {
  const { parseUserConfig, userConfigFile } = await import("../config/user-config.ts");
  const file = userConfigFile(env);
  const text = file === undefined ? undefined : await readIfThere(file);
  return file === undefined || text === undefined ? {} : parseUserConfig(text, file).notify;
}

const writableByAll = 0o002;

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(file);
    // It may name a command that runs as this user.
    if ((mode & writableByAll) !== 0) {
      throw new BelayError("config-invalid", `${file} can be written by everybody on this machine.`, `chmod o-w ${file}`);
    }
    return await readFile(file, "utf8");
  } catch (cause) {
    if (cause instanceof BelayError) throw cause;
    if (cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "ENOTDIR")) return undefined;
    throw new BelayError("config-invalid", `${file} cannot be read.`, "Make it readable, or take it away.", { cause });
  }
}

const channels: readonly Channel["channel"][] = ["webhook", "slack", "command"];

function waysOf(notify: UserNotify, from: Channel["from"], env: NodeJS.ProcessEnv): Way[] {
  return channels.flatMap((channel): Way[] => {
    const written = notify[channel];
    if (written === undefined) return [];
    const name = typeof written === "string" && written.startsWith("env:") ? written.slice("env:".length) : undefined;
    const value = name === undefined ? written : env[name];
    if (value === undefined || value === "") return [{ channel, from, problem: `the environment variable ${name ?? ""} is not set` }];
    if (channel === "command") return [{ channel, from, command: value, folder: homeOf(env), env }];
    return typeof value === "string" ? [{ channel, from, address: value }] : [];
  });
}

/** Commands run there rather than in the repository, so that no name in them leads into it. */
const homeOf = (env: NodeJS.ProcessEnv): string => {
  const home = env["HOME"] ?? "";
  return home.startsWith("/") ? home : "/";
};

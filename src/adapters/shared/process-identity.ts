/** Which process this is, said so that another process can prove later that it is gone. */

import { execFile } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { promisify } from "node:util";
import { errnoOf } from "./errno.ts";

export interface ProcessIdentity {
  /** Host name and, where the system has one, its machine id. */
  readonly host: string;
  /** Differs after every boot of the host. */
  readonly bootId: string;
  /** Process ids mean something only within one pid space: containers have their own. */
  readonly pidSpace: string;
  readonly pid: number;
  /** When the process began, as the system writes it: a pid that was given out again has another. Empty where it could not be learned. */
  readonly startTime: string;
}

const run = promisify(execFile);
const isLinux = process.platform === "linux";
const commandMs = 5000;

function textOf(read: () => string): string {
  try {
    return read().trim();
  } catch {
    // What the system does not tell stays empty, and nothing is ever proven from an empty text.
    return "";
  }
}

async function outputOf(command: string, args: readonly string[]): Promise<string> {
  try {
    // A fixed locale and time zone: two processes must write the same moment in the same way.
    const { stdout } = await run(command, [...args], { timeout: commandMs, env: { ...process.env, LC_ALL: "C", TZ: "UTC" } });
    return stdout.trim();
  } catch {
    return "";
  }
}

/** `Z` only where the whole process is over: a zombie leader may still have threads that write. */
function linuxStat(pid: number): { readonly state: "alive" | "over"; readonly startTime: string } | undefined {
  const stat = textOf(() => readFileSync(`/proc/${pid}/stat`, "latin1"));
  // The second field is the command in parentheses and may itself hold anything, so count from its end.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, threads, startTime] = [fields[0], fields[17], fields[19]];
  if (stat === "" || startTime === undefined) return undefined;
  return { state: (state === "Z" || state === "X") && Number(threads) <= 1 ? "over" : "alive", startTime };
}

/** When a process began; empty where it is gone or the system does not say. */
export async function startTimeOf(pid: number): Promise<string> {
  return isLinux ? (linuxStat(pid)?.startTime ?? "") : await outputOf("ps", ["-o", "lstart=", "-p", String(pid)]);
}

function hostOf(): string {
  const machine = isLinux ? textOf(() => readFileSync("/etc/machine-id", "utf8")) : "";
  return machine === "" ? hostname() : `${hostname()}/${machine}`;
}

async function learn(): Promise<ProcessIdentity> {
  return {
    host: hostOf(),
    // On macOS the boot session's id rather than `kern.boottime`, which moves whenever the clock is set.
    bootId: isLinux
      ? textOf(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8"))
      : await outputOf("sysctl", ["-n", "kern.bootsessionuuid"]),
    pidSpace: isLinux ? textOf(() => readlinkSync("/proc/self/ns/pid")) : "host",
    pid: process.pid,
    startTime: await startTimeOf(process.pid),
  };
}

let learned: Promise<ProcessIdentity> | undefined;

/** The identity of this process; learned once. */
export function thisProcess(): Promise<ProcessIdentity> {
  learned ??= learn();
  return learned;
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // EPERM means alive and somebody else's. `/proc` alone would not do: it may be mounted to hide other users' processes.
    return errnoOf(error) === "ESRCH";
  }
}

/**
 * Whether a process can no longer act. True only on proof: the same host has booted since, or its pid is gone from the
 * same pid space, or its pid now belongs to a process with another start time. Another host, another container or
 * missing evidence is never proof, so a live owner is never called dead.
 */
export async function isProvablyDead(owner: ProcessIdentity): Promise<boolean> {
  const self = await thisProcess();
  if (owner.host !== self.host || owner.bootId === "" || self.bootId === "") return false;
  if (owner.bootId !== self.bootId) return true;
  if (owner.pidSpace === "" || owner.pidSpace !== self.pidSpace) return false;
  return await isOver(owner);
}

/** For an owner of this boot and this pid space. */
async function isOver({ pid, startTime }: ProcessIdentity): Promise<boolean> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  if (isGone(pid)) return true;
  if (isLinux && linuxStat(pid)?.state === "over") return true;
  const nowTime = await startTimeOf(pid);
  return nowTime !== "" && startTime !== "" && nowTime !== startTime;
}

/** Reads an identity back from parsed JSON; `undefined` when it is not one. */
export function parseProcessIdentity(value: unknown): ProcessIdentity | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!("host" in value && "bootId" in value && "pidSpace" in value && "pid" in value && "startTime" in value)) return undefined;
  const { host, bootId, pidSpace, pid, startTime } = value;
  if (typeof host !== "string" || typeof bootId !== "string" || typeof pidSpace !== "string") return undefined;
  if (typeof pid !== "number" || typeof startTime !== "string") return undefined;
  return { host, bootId, pidSpace, pid, startTime };
}

/** For people: which process, where. */
export const describeProcess = (owner: ProcessIdentity): string => `process ${owner.pid} on ${owner.host.split("/")[0] ?? owner.host}`;

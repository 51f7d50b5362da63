/** Starts programs as children of this process, waits until they answer, and ends exactly those. */

import { spawn, spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const answerWithinMs = 60_000;
const endWithinMs = 10_000;
const toldMax = 600;

/** A loopback port that nobody listens on at this moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Whether a program of that name is on the PATH. */
export const isOnPath = (program) => spawnSync("sh", ["-c", 'command -v "$0"', program], { stdio: "ignore" }).status === 0;

/** What a program says, both streams trimmed; `undefined` where it cannot be started or fails. */
export function said(program, args, options = {}) {
  const ran = spawnSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], timeout: 30_000, ...options });
  return ran.status === 0 ? `${ran.stdout}${ran.stderr}`.trim() : undefined;
}

/**
 * Starts a program that stays. What it prints goes into `NAME.log` in the folder, and into the error where it ends early.
 * `stop` ends it by its pid, gently and then not; a second call does nothing more.
 */
export function start(program, args, { folder, name, env = {} }) {
  const log = join(folder, `${name}.log`);
  const out = openSync(log, "a");
  const child = spawn(program, args, { cwd: folder, env: { ...process.env, ...env }, stdio: ["ignore", out, out] });
  closeSync(out);
  const ending = { has: false };
  const ended = new Promise((resolve) => {
    const end = () => {
      ending.has = true;
      resolve();
    };
    child.on("error", end);
    child.on("close", end);
  });
  return {
    hasEnded: () => ending.has,
    told: () => readFileSync(log, "utf8").slice(-toldMax).trim(),
    stop: async () => {
      if (ending.has) return;
      child.kill("SIGTERM");
      await Promise.race([ended, pause(endWithinMs, undefined, { ref: false })]);
      if (!ending.has) child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Waits for any answer at all on a URL. Throws what the program printed where it ends first or takes too long. */
export async function answers(url, running) {
  const untilMs = Date.now() + answerWithinMs;
  while (Date.now() < untilMs) {
    if (running.hasEnded()) throw new Error(`it ended at once: ${running.told()}`);
    try {
      await (await fetch(url, { signal: AbortSignal.timeout(2000) })).arrayBuffer();
      return;
    } catch {
      await pause(100);
    }
  }
  throw new Error(`it did not answer within ${answerWithinMs / 1000} s: ${running.told()}`);
}

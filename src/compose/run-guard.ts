/** One hook, from its standard input to its exit status. Whatever goes wrong on the way is a refusal. */

import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, relative, resolve } from "node:path";
import type { AgentCall, GuardEvent } from "../core/guard/agent-call.ts";
import { type AgentFace, type Around, blocked, type HookReply, MalformedHook, type ReadHook } from "../faces/guard/agent-face.ts";
import { scopeCachePath } from "../core/guard/scope.ts";
import { faceOf } from "../faces/guard/faces.ts";
import { isFields } from "../faces/guard/hook-fields.ts";
import type { Answer } from "../operations/guard/answer.ts";
import { answerCalls } from "../operations/guard/answer-call.ts";
import { foldersNamedBy } from "../operations/guard/named-folders.ts";
import { readText } from "./guard-files.ts";
import { later, openGuards, openGuardsBelow, type OpenGuard } from "./open-guard.ts";

/** Agents write their input at once; who does not is not an agent. */
const inputMs = 4000;
/** A file tool's text may be large; nothing that is read is larger. */
const inputBytesMax = 32 * 1024 * 1024;

export interface GuardProcess {
  readonly agent: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly now: () => number;
  /** Absolute folder of the program that runs, links followed; `undefined` for one that is not built. */
  readonly programFolder?: string | undefined;
  /** Standard input surely ends, so it may be waited for without a deadline; that is faster. */
  readonly isWhole: boolean;
}

export interface Answered {
  readonly reply: HookReply;
  /** A shell's text was read for it: what the program needs for nearly every hook has run. */
  readonly hasRead: boolean;
}

/** Never rejects. */
export async function runGuard(about: GuardProcess): Promise<Answered> {
  const seen = { hasRead: false };
  const reply = await replyTo(about, seen);
  return { reply, hasRead: seen.hasRead };
}

async function replyTo({ agent, env, version, now, isWhole, programFolder }: GuardProcess, seen: { hasRead: boolean }): Promise<HookReply> {
  const face = faceOf(agent);
  if (face === undefined) {
    return blocked(
      `Refused by belay (guard): belay guards no agent of this name: ${agent.slice(0, 40)}. Known are claude, codex, cursor, gemini and opencode.`,
    );
  }
  const around: Around = { cwd: workingFolder(), homeFolder: homeOf(env), env, readText };
  let hook: ReadHook;
  try {
    hook = face.read(parsed(isWhole ? readFileSync(0, "utf8") : await input()), around);
  } catch (error) {
    return closed(face, error);
  }
  try {
    return hook.reply(await answer(hook, around, { version, now, programFolder, seen }));
  } catch (error) {
    // What is no call may go on: a session that cannot begin or end would help nobody.
    return hook.events.some(({ kind }) => kind === "call")
      ? hook.reply({ kind: "deny", text: failureText(error) })
      : hook.reply({ kind: "pass" });
  }
}

interface Answering extends Pick<GuardProcess, "version" | "now" | "programFolder"> {
  readonly seen: { hasRead: boolean };
}

async function answer(hook: ReadHook, around: Around, { seen, ...about }: Answering): Promise<Answer> {
  const calls = hook.events.flatMap((event) => (event.kind === "call" ? [event.call] : []));
  const [first] = hook.events;
  if (first === undefined || first.kind === "unknown") return { kind: "pass" };
  const { session } = first;
  const folders = [session.cwd, ...hook.folders, ...calls.flatMap((call) => foldersOf(call, session.cwd, around))];
  const needsRules = first.kind !== "call" || calls.some(({ kind }) => kind !== "shell");
  const options = { env: around.env, homeFolder: around.homeFolder, needsRules, ...about };
  const above = await openGuards(folders, options);
  const mayBeBelow = calls.length > 0 || first.kind === "session-start";
  const guards = above.length > 0 || !mayBeBelow ? above : await openGuardsBelow([session.cwd, ...hook.folders], options);
  const [nearest] = guards;
  if (nearest === undefined) return { kind: "pass" };
  if (calls.length === 0) return placed(await answerEvent(first, nearest, around), above.length > 0 ? [] : guards, session.cwd);
  const benches = guards.map(({ bench }) => bench);
  seen.hasRead = calls.some(({ kind }) => kind === "shell");
  return await answerCalls({ session, calls, canAsk: hook.canAsk }, benches);
}

/** In the folder above several parts, an agent is told where belay's commands run. */
function placed(told: Answer, below: readonly OpenGuard[], cwd: string): Answer {
  if (told.kind !== "context" || below.length === 0) return told;
  const folders = below.map(({ bench }) => relative(cwd, bench.scope.folder) || ".");
  return { kind: "context", text: `belay guards ${folders.join(", ")}; its commands run there (cd ${folders[0] ?? "."}).\n${told.text}` };
}

/** What is no call is about the site that the agent works in. */
async function answerEvent(event: GuardEvent, { bench, config }: OpenGuard, around: Around): Promise<Answer> {
  const { env } = around;
  if (event.kind === "config-change") return await answerConfigChange(event, around);
  if (event.kind !== "session-start" && event.kind !== "stop") return { kind: "pass" };
  const read = await config();
  if (read === undefined) {
    const text =
      bench.isGone === true
        ? `belay.yaml in ${bench.scope.folder} is gone. What it guarded stays guarded until a person puts it back, or deletes ${scopeCachePath} as well.`
        : `belay.yaml in ${bench.scope.folder} cannot be read (${bench.unreadable ?? "it is broken"}); until a person repairs it, whatever would write is refused.`;
    return event.kind === "session-start" ? { kind: "context", text } : { kind: "pass" };
  }
  const { openHandOff, sessionStart, sessionStop } = await later();
  const handOff = openHandOff(read.config, bench, env);
  if (event.kind === "session-start") {
    const text = await sessionStart(event.session, handOff);
    return text === "" ? { kind: "pass" } : { kind: "context", text };
  }
  const stop = await sessionStop(event, handOff);
  return stop.kind === "ask" ? { kind: "hold", text: stop.text } : { kind: "pass" };
}

/** Settings that turn the guard off do not take effect while the session runs. */
async function answerConfigChange(
  { file, session }: GuardEvent & { readonly kind: "config-change" },
  { env, homeFolder: home, readText: read }: Around,
): Promise<Answer> {
  if (file === undefined || !isAbsolute(file)) return { kind: "pass" };
  const { leavesGuardOn } = await later();
  const project = env["CLAUDE_PROJECT_DIR"] ?? session.cwd;
  if (leavesGuardOn({ file: resolve(file), project: resolve(project), home, readText: read })) return { kind: "pass" };
  return {
    kind: "deny",
    text: "belay guards this site, and with these settings its hooks would be off or gone, or they cannot be read. A person can: change them between sessions, or `belay install claude`.",
  };
}

const foldersOf = (call: AgentCall, cwd: string, { homeFolder }: Around): string[] =>
  foldersNamedBy(call).map((folder) =>
    folder === "~" || folder.startsWith("~/") ? `${homeFolder}${folder.slice(1)}` : resolve(cwd, folder),
  );

function parsed(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MalformedHook(text.trim() === "" ? "it is empty" : "it is no JSON");
  }
  if (!isFields(value)) throw new MalformedHook("it is no JSON object");
  return value;
}

/** All of standard input. Rejects with `MalformedHook` where it does not end in time, or is too large. */
function input(): Promise<string> {
  return new Promise((done, fail) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(() => fail(new MalformedHook(`it did not end within ${inputMs / 1000} s`)), inputMs);
    process.stdin.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > inputBytesMax) fail(new MalformedHook(`it is larger than ${inputBytesMax / 1024 / 1024} MiB`));
    });
    process.stdin.on("end", () => {
      clearTimeout(timer);
      done(Buffer.concat(chunks).toString("utf8"));
    });
    process.stdin.on("error", () => fail(new MalformedHook("it cannot be read")));
  });
}

function closed(face: AgentFace, error: unknown): HookReply {
  if (!(error instanceof MalformedHook)) return face.closed(failureText(error));
  return face.closed(
    [
      `Refused by belay (guard): the hook's input is not what ${face.name} sends: ${error.message}.`,
      "What cannot be read is not let through.",
      "A person can: belay doctor --attack, which tries the hook as it is installed here.",
    ].join("\n"),
  );
}

const failureText = (error: unknown): string =>
  [
    "Refused by belay (guard): the guard failed while it read this call, so nobody knows what it would do.",
    `It said: ${(error instanceof Error ? error.message : String(error)).replaceAll(/[^\u0020-\u007e]+/gu, " ").slice(0, 120)}`,
    "A person can: report it as a bug of belay's, with the call.",
  ].join("\n");

function workingFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

/** What the shell takes `~` for. */
function homeOf(env: Readonly<Record<string, string | undefined>>): string {
  const home = env["HOME"];
  return home !== undefined && isAbsolute(home) ? home : homedir();
}

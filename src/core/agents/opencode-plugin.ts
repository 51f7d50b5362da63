/** The text of belay's plugin for OpenCode. Its words with `belay guard opencode` are those of src/faces/guard/opencode.ts. */

import { guardScript } from "./launcher.ts";

export const opencodePlugin: string = `// Written by \`belay install opencode\`; \`belay uninstall opencode\` takes it away.
// Asks belay before every tool that may write. Where belay does not answer, the tool does not run.

import { spawn } from "node:child_process";

const script = ${JSON.stringify(guardScript("opencode", "gate"))};
const answerMs = 60_000;

function ask(question) {
  return new Promise((resolve, reject) => {
    const child = spawn("sh", ["-c", script, "belay", "guard", "opencode"], { cwd: question.root || question.cwd, stdio: ["pipe", "pipe", "pipe"] });
    const late = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error("belay's guard did not answer in time, so this does not run."));
    }, answerMs);
    let said = "";
    let complaint = "";
    child.stdout.on("data", (part) => (said += part));
    child.stderr.on("data", (part) => (complaint += part));
    child.stdin.on("error", () => undefined);
    child.on("error", (error) => {
      clearTimeout(late);
      reject(new Error("belay's guard cannot start, so this does not run: " + error.message));
    });
    child.on("close", (code) => {
      clearTimeout(late);
      try {
        const answer = JSON.parse(said);
        if (code === 0 && (answer.decision === "allow" || answer.decision === "deny")) return resolve(answer);
      } catch {}
      reject(new Error(complaint.trim() || "belay's guard gave no answer, so this does not run."));
    });
    child.stdin.end(JSON.stringify(question));
  });
}

async function gate(question) {
  const answer = await ask({ event: "tool", ...question });
  if (answer.decision !== "allow") throw new Error(answer.reason || "belay refused this.");
}

/** Facts and requests are a help, never a gate. */
async function hear(question) {
  return await ask(question).catch(() => ({}));
}

/** OpenCode 1. */
async function server({ client, directory, worktree }) {
  const place = { cwd: directory, root: worktree && worktree !== "/" ? worktree : directory };
  const asked = new Set();
  const children = new Set();
  const say = (id, text, isSilent) =>
    client.session.prompt({ path: { id }, body: { noReply: isSilent, parts: [{ type: "text", text }] } }).catch(() => undefined);
  return {
    "tool.execute.before": async (input, output) => {
      await gate({ tool: input.tool, args: output.args, sessionID: input.sessionID, ...place });
    },
    event: async ({ event }) => {
      const about = event.properties ?? {};
      if (event.type === "session.created" && about.info?.parentID) children.add(about.info.id);
      else if (event.type === "session.created" && about.info) {
        const { context } = await hear({ event: "session-start", sessionID: about.info.id, ...place });
        if (context) await say(about.info.id, context, true);
      }
      if (event.type === "session.idle" && !children.has(about.sessionID)) {
        const sessionID = about.sessionID;
        const { followup } = await hear({ event: "session-idle", sessionID, isRepeated: asked.has(sessionID), ...place });
        if (followup && !asked.has(sessionID)) {
          asked.add(sessionID);
          await say(sessionID, followup, false);
        }
      }
    },
  };
}

/** OpenCode 2. Version 1 calls it as well, with less: there \`server\` is at work already. */
async function setup(context) {
  if (typeof context.tool?.hook !== "function") return;
  const directory = context.location?.directory ?? process.cwd();
  await context.tool.hook("execute.before", async (event) => {
    await gate({ tool: event.tool, args: event.input, sessionID: event.sessionID, cwd: directory, root: directory });
  });
}

export default { id: "belay", server, setup };
`;

/** A small program that answers the demo of the guard as belay would, or with one fault that the demo has to notice. */

import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Writes the program into a folder. Gives what starts it. */
export async function agentsStandIn(folder: string, fault = "none"): Promise<readonly string[]> {
  const path = join(folder, "stand-in.mjs");
  await writeFile(path, code(path, fault));
  await chmod(path, 0o755);
  return [process.execPath, path];
}

const code = (path: string, fault: string): string => `
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
const fault = ${JSON.stringify(fault)};
const [verb, ...words] = process.argv.slice(2);
const command = [process.execPath, ${JSON.stringify(path)}].map((word) => "'" + word + "'").join(" ");
const page = "public/index.html";

if (verb === "install") {
  const hook = [{ hooks: [{ type: "command", command: command + " guard" }] }];
  mkdirSync(".claude", { recursive: true });
  writeFileSync(".claude/settings.json", JSON.stringify({ hooks: { SessionStart: hook, PreToolUse: hook, Stop: hook } }));
}
if (verb === "pull" && words[0] === "production" && (fault !== "pulls-nothing" || words.length === 1)) cpSync("../srv/production/index.html", page);
if (verb === "deploy") cpSync(page, "../srv/staging/index.html");
if (verb === "guard") guard(JSON.parse(readFileSync(0, "utf8")));

function guard(input) {
  if (input.hook_event_name === "SessionStart")
    return say({ hookSpecificOutput: { additionalContext: fault === "says-nothing" ? "welcome" : "look first: belay pull production" } });
  if (input.hook_event_name === "Stop")
    return fault === "lets-go" ? undefined : say({ decision: "block", reason: "publish it, or belay warn add index.html" });
  const text = input.tool_input.command ?? "an edit";
  if (fault === "writes-itself" && text.startsWith("cp ")) cpSync(page, "../srv/production/index.html");
  const reason = reasonFor(text);
  if (fault === "garbles" && text.startsWith("cp ")) return console.log("{ no JSON");
  if (reason !== undefined)
    say({ hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision: "deny", permissionDecisionReason: reason } });
}

function reasonFor(text) {
  if (text.startsWith("grep")) return fault === "refuses-looking" ? "no" : undefined;
  if (text === "an edit") {
    if (readFileSync(page, "utf8") === readFileSync("../srv/production/index.html", "utf8")) return undefined;
    return fault === "lets-edit" ? undefined : "D1: not seen. Instead: belay pull production index.html";
  }
  if (text.startsWith("cp ")) return fault === "lets-copy" ? undefined : fault === "talks" ? "no\\n".repeat(7) : "D2: not past belay";
  if (text.startsWith("python3")) return fault === "forgets" ? "D2: not past belay" : "Refused before in this session";
  if (text.startsWith("rm ")) return fault === "gives-up" ? undefined : "a person changes these";
  if (text.startsWith("belay approve")) return fault === "lets-approve" ? undefined : "a person's";
  return fault === "refuses-pull" && text.startsWith("belay pull") ? "no" : undefined;
}

function say(answer) {
  console.log(JSON.stringify(answer));
}
`;

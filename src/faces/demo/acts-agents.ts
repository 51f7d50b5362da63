/** The agent's acts: the first incident again, by an agent's own tool calls, with belay's hook in their way. */

import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { edited, lostFeatures } from "./demo-case.ts";
import type { HookAnswer, Hooks, ToolCall } from "./hook-calls.ts";
import { wrapped } from "./narrator.ts";
import type { Stage } from "./stage.ts";
import { treeDigest } from "./world.ts";

export interface AgentStage extends Stage {
  readonly hooks: Hooks;
}

/** A copy two versions old, and the hook. */
export async function theInstallation(stage: AgentStage): Promise<void> {
  const { narrator, world, demoCase, hooks } = stage;
  await narrator.act("An agent, and a hook in its way");
  narrator.say("Again the laptop's copy is two versions old. This time an agent works on it, and belay is installed for that agent:");
  await publishByHand(stage, 0);
  await stage.brief("laptop", ["pull", "production"]);
  await world.promise(demoCase.features);
  await publishByHand(stage, 2);
  await stage.brief("laptop", ["install", "claude", "--yes"]);
  narrator.gap();
  narrator.say("From here on every tool call of the agent goes to the hook first, as Claude Code sends it. A session begins, and is told:");
  const told = await hooks.begin();
  shown(narrator, told);
  narrator.check("The session is told how a page may be edited.", told.includes("belay pull production"));
}

async function publishByHand({ demoCase, world, ...stage }: AgentStage, version: 0 | 2): Promise<void> {
  const path = world.pagePath("studio");
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, demoCase.versions[version]);
  await stage.shell("studio", ["cp", "-R", "public/.", "../srv/production"]);
}

/** What the incident's agent did, and what it would try next. */
export async function theAttempts(stage: AgentStage): Promise<void> {
  const { narrator, demoCase, world } = stage;
  await narrator.act("What the agent asks for");
  const { page, edit } = demoCase;
  const production = await treeDigest(world.served("production"));
  const live = `../srv/production/${page}`;

  const looked = await asks(stage, { tool: "Bash", command: `grep -c href public/${page}` });
  narrator.claim("Looking is free: the hook says nothing.", looked.verdict === "passes");
  const edits: ToolCall = { tool: "Edit", path: `public/${page}`, find: edit.find, replace: edit.replace };
  const unseen = await asks(stage, edits);
  narrator.claim(
    "Refused before a line is written: this session has not seen what is live.",
    unseen.verdict === "deny" && unseen.reason.includes("D1") && unseen.reason.includes("belay pull production"),
  );
  const copied = await asks(stage, { tool: "Bash", command: `cp public/${page} ${live}` });
  narrator.claim(
    "Refused: production is not written past belay. At most six lines, and no way to override it.",
    copied.verdict === "deny" && copied.reason.trim().split("\n").length <= 6,
  );
  const script = `python3 -c "import shutil; shutil.copy('public/${page}', '${live}')"`;
  const rephrased = await asks(stage, { tool: "Bash", command: script });
  narrator.claim(
    "Rephrased, it meets a firmer answer.",
    rephrased.verdict === "deny" && rephrased.reason.includes("before in this session"),
  );
  const removed = await asks(stage, { tool: "Bash", command: "rm -rf .claude && rm -f belay.yaml" });
  narrator.claim("The hook, and what it guards, are a person's to change.", removed.verdict === "deny");
  narrator.claim("Not one byte of production changed.", (await treeDigest(world.served("production"))) === production);
}

/** The way that the denial names, taken. */
export async function theSafeWay(stage: AgentStage): Promise<void> {
  const { narrator, demoCase, world, hooks } = stage;
  await narrator.act("The way that the denial names");
  const { page, edit } = demoCase;
  await passes(stage, { tool: "Bash", command: `belay pull production ${page}` });
  await stage.brief("laptop", ["pull", "production", page], "agent");
  await passes(stage, { tool: "Edit", path: `public/${page}`, find: edit.find, replace: edit.replace });
  await writeFile(world.pagePath("laptop"), edited(await stage.page("laptop"), edit));
  narrator.gap();
  narrator.line("agent › is done for today");
  const ending = await hooks.stop();
  shown(narrator, ending.reason);
  narrator.claim(
    "A change that nobody else can see yet: it is asked to publish it, or to leave a note.",
    ending.verdict === "deny" && ending.reason.includes("belay warn add"),
  );
  await passes(stage, { tool: "Bash", command: `belay deploy staging ${page}` });
  await stage.brief("laptop", ["deploy", "staging", page], "agent");
  narrator.gap();
  narrator.say("What visitors of staging get now:");
  const staged = await stage.visit("staging");
  narrator.claim(
    `All ${demoCase.features.length} features and the edit.`,
    lostFeatures(staged, demoCase.features).length === 0 && staged.includes(edit.replace),
  );
  const approving = await asks(stage, { tool: "Bash", command: "belay approve production" });
  narrator.claim("Approving for production is a person's, at a terminal: refused.", approving.verdict === "deny");
}

/** Shows a call and what the hook says to it. */
async function asks({ narrator, hooks }: AgentStage, call: ToolCall): Promise<HookAnswer> {
  narrator.gap();
  const told = call.tool === "Bash" ? `agent › Bash: ${call.command}` : `agent › Edit: ${call.path}`;
  for (const line of wrapped(told, "  ")) narrator.line(line.slice(2));
  const answer = await hooks.before(call);
  shown(narrator, answer.reason);
  return answer;
}

/** An agent's lines are as long as they are; here they are folded. */
const shown = (narrator: AgentStage["narrator"], text: string): void =>
  narrator.output(
    text
      .split("\n")
      .flatMap((line) => wrapped(line, "  ").map((part, at) => (at === 0 ? part.slice(2) : part)))
      .join("\n"),
  );

async function passes(stage: AgentStage, call: ToolCall): Promise<void> {
  const { verdict } = await asks(stage, call);
  stage.narrator.claim("The hook lets it through.", verdict === "passes");
}

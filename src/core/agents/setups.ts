/** Every agent that belay knows. */

import type { AgentName } from "../guard/agent-call.ts";
import type { AgentSetup } from "./agent-setup.ts";
import { claudeSetup } from "./claude.ts";
import { codexSetup } from "./codex.ts";
import { cursorSetup } from "./cursor.ts";
import { geminiSetup } from "./gemini.ts";
import { opencodeSetup } from "./opencode.ts";

export const setups: Readonly<Record<AgentName, AgentSetup>> = {
  claude: claudeSetup,
  codex: codexSetup,
  cursor: cursorSetup,
  gemini: geminiSetup,
  opencode: opencodeSetup,
};

export const agentNames: readonly AgentName[] = ["claude", "codex", "cursor", "gemini", "opencode"];

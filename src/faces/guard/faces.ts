import type { AgentName } from "../../core/guard/agent-call.ts";
import type { AgentFace } from "./agent-face.ts";
import { claudeFace } from "./claude.ts";
import { codexFace } from "./codex.ts";
import { cursorFace } from "./cursor.ts";
import { geminiFace } from "./gemini.ts";
import { opencodeFace } from "./opencode.ts";

const faces: Readonly<Record<AgentName, AgentFace>> = {
  claude: claudeFace,
  codex: codexFace,
  cursor: cursorFace,
  gemini: geminiFace,
  opencode: opencodeFace,
};

/** `undefined` where the word is no agent that belay knows. */
export const faceOf = (word: string): AgentFace | undefined => Object.values(faces).find(({ name }) => name === word);

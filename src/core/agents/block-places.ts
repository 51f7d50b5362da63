/** Which of CLAUDE.md and AGENTS.md holds belay's block. */

import type { AgentName } from "../guard/agent-call.ts";
import { importsAgents } from "./instructions-block.ts";
import { blockIn, markdownMarks } from "./marked-block.ts";
import { setups } from "./setups.ts";

export interface BlockPlace {
  readonly path: "CLAUDE.md" | "AGENTS.md";
  readonly readers: readonly AgentName[];
  /** Whether the block only takes AGENTS.md in. */
  readonly isLink: boolean;
}

/** The whole block of a CLAUDE.md that belay made beside an AGENTS.md. */
export const linkBody = "@AGENTS.md\n";

/**
 * AGENTS.md for those who read it. CLAUDE.md for Claude Code, unless it takes AGENTS.md in; where there is none and AGENTS.md has the
 * block, one that does is made, since a CLAUDE.md of its own would hide AGENTS.md. So no reader meets the block twice.
 * `undefined`: there is no such file.
 */
export function placesForBlock(
  agents: readonly AgentName[],
  texts: Readonly<Record<BlockPlace["path"], string | undefined>>,
): readonly BlockPlace[] {
  const claude = texts["CLAUDE.md"];
  const shared = texts["AGENTS.md"];
  const ofClaude = agents.filter((agent) => setups[agent].instructions === "CLAUDE.md");
  const others = agents.filter((agent) => setups[agent].instructions === "AGENTS.md");
  const isImporting = importsAgents(claude);
  const leansOnShared = ofClaude.length > 0 && (isImporting || (claude === undefined && shared !== undefined));
  const wantsShared = others.length > 0 || leansOnShared || bodyIn(shared) !== undefined;
  const places: BlockPlace[] = wantsShared ? [{ path: "AGENTS.md", readers: leansOnShared ? agents : others, isLink: false }] : [];
  if (ofClaude.length === 0) return places;
  const isLink = wantsShared && (claude === undefined || bodyIn(claude) === linkBody);
  return isLink || !isImporting ? [...places, { path: "CLAUDE.md", readers: ofClaude, isLink }] : places;
}

const bodyIn = (text: string | undefined): string | undefined => (text === undefined ? undefined : blockIn(text, markdownMarks)?.body);

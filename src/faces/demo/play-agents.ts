import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { theAttempts, theInstallation, theSafeWay } from "./acts-agents.ts";
import { openHooks } from "./hook-calls.ts";
import type { StageOptions } from "./stage.ts";
import { setStage } from "./stage.ts";
import { openWorld } from "./world.ts";

export interface AgentsOptions extends Omit<StageOptions, "world"> {
  /** The demo's folder. */
  readonly root: string;
  /** Whether a person will look around in the folder afterwards. */
  readonly isKept: boolean;
}

const acts = [theInstallation, theAttempts, theSafeWay];

/** Plays incident 1 by an agent's calls, in a new folder below the demo's. */
export async function playAgents({ root, isKept, ...given }: AgentsOptions): Promise<void> {
  const ground = join(root, "agents");
  await mkdir(ground, { recursive: true });
  const world = await openWorld(ground, given.demoCase);
  try {
    const stage = setStage({ ...given, world });
    for (const act of acts) await act({ ...stage, hooks: openHooks(world, stage, "laptop") });
    if (isKept) await world.settle();
  } finally {
    await world.close();
  }
}

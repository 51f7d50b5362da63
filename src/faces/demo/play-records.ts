import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { theAudit, theBooking, theQuestion } from "./acts-records.ts";
import { theDecision, theSecondRun, theTask, theVisitors } from "./acts-records-after.ts";
import type { StartSandbox } from "./cloud.ts";
import { recordsCase } from "./records-case.ts";
import { openRecordsCloud } from "./records-cloud.ts";
import type { RecordsStageOptions } from "./records-stage.ts";
import { setRecordsStage } from "./records-stage.ts";

export interface RecordsOptions extends Omit<RecordsStageOptions, "cloud" | "story"> {
  /** The path of the package's folder `demo/`. */
  readonly assets: string;
  readonly startSandbox: StartSandbox;
  /** Whether a person will look around in the folder afterwards. */
  readonly isKept: boolean;
}

const acts = [theBooking, theAudit, theQuestion, theDecision, theVisitors, theTask, theSecondRun];

/** Plays incident 2 in a new folder below the demo's. */
export async function playRecords({ assets, startSandbox, isKept, ...given }: RecordsOptions): Promise<void> {
  const story = await recordsCase(assets);
  const root = join(given.root, "records");
  await mkdir(given.home, { recursive: true });
  const cloud = await openRecordsCloud({ root, story, startSandbox });
  try {
    const stage = setRecordsStage({ ...given, root, story, cloud });
    for (const act of acts) await act(stage);
    if (isKept) await cloud.settle();
  } finally {
    await cloud.close();
  }
}

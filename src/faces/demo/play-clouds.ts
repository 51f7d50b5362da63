import { join } from "node:path";
import { theCloudDeploy, theCloudRefusal, theLostReply, theStranger } from "./acts-cloud.ts";
import { thePlainUpload } from "./acts-plain-upload.ts";
import type { StartSandbox } from "./cloud.ts";
import { openCloud } from "./cloud.ts";
import type { CloudStage, CloudStageOptions } from "./cloud-stage.ts";
import { setCloudStage } from "./cloud-stage.ts";

export interface CloudsOptions extends Omit<CloudStageOptions, "cloud"> {
  /** The demo's folder: each cloud gets a new folder in it, with its working copies. */
  readonly root: string;
  readonly home: string;
  readonly startSandbox: StartSandbox;
  /** Whether a person will look around in the folder afterwards. */
  readonly isKept: boolean;
}

/** Plays the acts on S3 and CloudFront: on one cloud without belay, then on a fresh one with it. */
export async function playClouds({ root, home, startSandbox, isKept, ...given }: CloudsOptions): Promise<void> {
  const play = async (name: string, acts: readonly ((stage: CloudStage) => Promise<void>)[]): Promise<void> => {
    const cloud = await openCloud({ root: join(root, name), home, demoCase: given.demoCase, startSandbox });
    try {
      const stage = await setCloudStage({ ...given, cloud });
      for (const act of acts) await act(stage);
      if (isKept) await cloud.settle();
    } finally {
      await cloud.close();
    }
  };
  await play("s3-plain", [thePlainUpload]);
  await play("s3-belay", [theCloudRefusal, theCloudDeploy, theLostReply, theStranger]);
}

/** Everything that is asked about the bucket of one target. */

import { judgeBucket } from "../../core/doctor/judge-bucket.ts";
import { judgeClock } from "../../core/doctor/judge-clock.ts";
import { judgePolicy } from "../../core/doctor/judge-policy.ts";
import { judgeOf, type Finding } from "../../core/doctor/finding.ts";
import type { Told } from "../../core/doctor/told.ts";
import { isProduction, type Target } from "../../core/site.ts";
import type { Inspector } from "../../ports/inspector.ts";
import type { Guarantees } from "../../ports/store.ts";
import type { Workbench } from "../workbench.ts";
import type { Ask } from "./questions.ts";

export interface Examination {
  readonly bench: Workbench;
  readonly inspector: Inspector;
  readonly ask: Ask;
  /** Whether the bucket may be written to, to find out what it keeps. */
  readonly probes: boolean;
}

/** Bucket and prefix of a target; `undefined` where it is a folder. */
export function placeOf({ store }: Pick<Target, "store">): { readonly bucket: string; readonly prefix: string } | undefined {
  const [, bucket, prefix = ""] = /^s3:\/\/([^/]+)(?:\/(.*))?$/u.exec(store) ?? [];
  return bucket === undefined ? undefined : { bucket, prefix };
}

export async function examineBucket({ bench, inspector, ask, probes }: Examination, target: Target): Promise<readonly Finding[]> {
  const place = placeOf(target);
  if (place === undefined) return [];
  const look = inspector.bucket(place.bucket);
  const [head, versioning, publicAccessBlock, policy, grants, ownership, encryption, logging, lifecycle, isWebsite, guarantees] =
    await Promise.all([
      ask((options) => look.head(options)),
      ask((options) => look.versioning(options)),
      ask((options) => look.publicAccessBlock(options)),
      ask((options) => look.policy(options)),
      ask((options) => look.grants(options)),
      ask((options) => look.ownership(options)),
      ask((options) => look.encryption(options)),
      ask((options) => look.logging(options)),
      ask((options) => look.lifecycle(options)),
      ask((options) => look.isWebsite(options)),
      ask(async (options) =>
        probes ? await (await bench.storeOf(target.store)).guarantees(options) : await inspector.knownGuarantees(target.store, options),
      ),
    ]);
  const about = { target: target.name, isProduction: isProduction(target), ...place, hasCdn: target.cdn !== undefined };
  const settings = { head, versioning, publicAccessBlock, grants, ownership, encryption, logging, lifecycle, isWebsite };
  return [
    ...judgeBucket({ ...about, unversioned: target.unversioned, ...settings }),
    ...judgePolicy({ ...about, policy }),
    ...preconditions(target.name, guarantees),
    ...judgeClock({ about: "target", target: target.name }, head),
  ];
}

/** What belay itself leans on: that the server refuses a write whose condition does not hold. */
function preconditions(target: string, answer: Told<Guarantees | undefined>): readonly Finding[] {
  const judge = judgeOf({ about: "target", target });
  const id = "bucket-preconditions";
  return judge.of({ id, what: "Whether the bucket honours conditions on writes", answer }, (found) => {
    if (found === undefined) {
      const message =
        "Whether the bucket honours conditions on writes was not tried out lately; the next deploy tries it before it writes.";
      return { ...judge.note({ id, message, remedy: `belay doctor ${target} --probe` }), untold: "it was not tried out lately" };
    }
    const evidence = Object.entries(found)
      .map(([operation, guarantee]) => `${operation} ${guarantee}`)
      .join(", ");
    if (Object.values(found).includes("none")) {
      const message =
        "The bucket does not honour every condition, so belay refuses to write there: a write could go over somebody else's unseen.";
      return judge.unsafe({ id, message, evidence, remedy: "Use a server that honours If-Match and If-None-Match." });
    }
    if (Object.values(found).includes("checked")) {
      const message = "The bucket honours conditions one at a time; that racing writers cannot both win is not proven of this server.";
      return judge.note({ id, message, evidence });
    }
    return judge.ok(id, "The bucket honours conditions on writes, also among racing writers.", evidence);
  });
}

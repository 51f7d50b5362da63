/** `belay harden`: the walls on the side of AWS, as a plan for each bucket and as documents. Nothing is written here. */

import { canonicalBytes } from "../../core/canonical-json.ts";
import type { StoreName } from "../../core/brand.ts";
import type { Told } from "../../core/doctor/told.ts";
import type { Caller } from "../../core/doctor/machine-facts.ts";
import type { AccessLogging } from "../../core/doctor/bucket-facts.ts";
import type { HardenPlan } from "../../core/harden/harden-plan.ts";
import type { IamDocument } from "../../core/harden/iam-document.ts";
import type { Account, Place, Principals } from "../../core/harden/place.ts";
import { agentPolicy, personPolicy, publisherPolicy, publisherTrust } from "../../core/harden/role-policies.ts";
import { isProduction, type Target } from "../../core/site.ts";
import { placeOf } from "../doctor/examine-bucket.ts";
import { asker } from "../doctor/questions.ts";
import type { Context, Workbench } from "../workbench.ts";
import { planBucket, type BucketWalls } from "./plan-bucket.ts";

export interface HardenRequest {
  /** Whose buckets are hardened. */
  readonly targets: readonly Target[];
  /** Whether the record's bucket is, too. */
  readonly includesState: boolean;
  readonly stateStore: StoreName;
  /** Nobody at all: those whom the present policy names. */
  readonly principals: Principals;
  /** Where access logs go. */
  readonly logs?: AccessLogging;
  /** `OWNER/REPO` at GitHub, whose jobs publish. */
  readonly repository?: string;
}

export interface Hardening extends BucketWalls {
  readonly id: string;
  readonly plan: HardenPlan;
}

export interface RoleDocuments {
  readonly agent: IamDocument;
  readonly publisher: IamDocument;
  readonly person: IamDocument;
  /** Who may become the publisher: jobs of a repository. */
  readonly trust: IamDocument;
}

export interface HardenResult {
  readonly buckets: readonly Hardening[];
  readonly roles: RoleDocuments;
  /** Placeholders in the documents, as they stand there. */
  readonly placeholders: readonly string[];
  /** What was named and has no bucket. */
  readonly skipped: readonly { readonly name: string; readonly store: StoreName }[];
}

/** Stand in the documents where nobody was named, or AWS could not be asked. */
const someAccount: Account = { partition: "aws", id: "111122223333" };
const someRepository = "OWNER/REPO";
const nobodyAsked: Told<Caller> = { kind: "untold", why: "nothing of the site is in a bucket", remedy: "belay harden TARGET" };

/** Throws a `BelayError` where a bucket's settings cannot be read, and `usage` where logs would go among what is hardened. */
export async function planHardening(bench: Workbench, request: HardenRequest, context: Context): Promise<HardenResult> {
  const inspector = await bench.inspector();
  const ask = asker(bench.runtime, context);
  const places = placesOf(bench, request.stateStore);
  const names = [...request.targets.map(({ name }) => name), ...(request.includesState ? [stateName] : [])];
  const wanted = places.filter(({ kind, name }) => (kind === "record" ? request.includesState : names.includes(name)));
  const buckets = [...new Set(wanted.map(({ bucket }) => bucket))];
  // Where nothing is in a bucket, nothing is asked of AWS.
  const caller = buckets.length === 0 ? nobodyAsked : await ask((options) => inspector.caller(options));
  const account = accountOf(caller);
  const planned = await Promise.all(
    buckets.map(async (bucket) => {
      const walls = await planBucket({ bench, inspector, ask, caller, account: account ?? someAccount, places, request }, bucket, context);
      return { ...walls, id: bench.runtime.sha256(canonicalBytes(walls.plan)) };
    }),
  );
  const setup = { places, account: account ?? someAccount };
  return {
    buckets: planned,
    roles: {
      agent: agentPolicy(setup),
      publisher: publisherPolicy(setup),
      person: personPolicy(setup),
      trust: publisherTrust(setup, request.repository ?? someRepository),
    },
    placeholders: [
      ...(account ? [] : [someAccount.id]),
      ...(request.repository === undefined ? [someRepository] : []),
      ...planned.flatMap(({ placeholders }) => placeholders),
    ].filter((one, at, all) => all.indexOf(one) === at),
    skipped: [
      ...request.targets.filter((target) => placeOf(target) === undefined).map(({ name, store }) => ({ name, store })),
      ...(request.includesState && placeOf({ store: request.stateStore }) === undefined
        ? [{ name: stateName, store: request.stateStore }]
        : []),
    ],
  };
}

/** As the command line names the record. */
const stateName = "state";

/** Everything of the site that lies in a bucket. */
function placesOf({ site }: Workbench, stateStore: StoreName): readonly Place[] {
  const pages = site.targets.flatMap((target): Place[] => {
    const place = placeOf(target);
    const distribution = target.cdn?.replace(/^cloudfront:/u, "");
    return place === undefined
      ? []
      : [
          {
            kind: "pages",
            name: target.name,
            ...place,
            isProduction: isProduction(target),
            ...(distribution !== undefined && { distribution }),
          },
        ];
  });
  const state = placeOf({ store: stateStore });
  return state === undefined ? pages : [...pages, { kind: "record", name: stateName, ...state, isProduction: false }];
}

function accountOf(caller: Told<Caller>): Account | undefined {
  if (caller.kind === "untold") return undefined;
  const { arn, account } = caller.value;
  return { partition: arn.split(":")[1] ?? someAccount.partition, id: account };
}

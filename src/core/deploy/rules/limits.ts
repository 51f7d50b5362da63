/** Brakes on plans that are legal step by step and absurd as a whole. */

import type { Refusal, Step } from "../../plan/plan.ts";
import type { DeployFacts } from "../deploy-facts.ts";

export function refuseOverLimits(facts: DeployFacts, steps: readonly Step[]): Refusal[] {
  return [...refuseEmptySite(facts), ...refuseDeletes(facts, steps), ...refuseSize(facts, steps), ...refuseCollisions(facts)];
}

function refuseEmptySite({ localCount, liveCount, site, isSelection }: DeployFacts): Refusal[] {
  if (isSelection || localCount !== 0 || liveCount === undefined || liveCount === 0) return [];
  return [
    {
      rule: "limits",
      code: "empty-site",
      paths: [],
      message: `${site.root} holds no file to publish, and live holds ${liveCount}: this would delete the site`,
      remedy: "Build the site first, or correct `site.root` in belay.yaml.",
    },
  ];
}

/** More files would go than one plan may delete. */
export function refuseDeletes({ site }: Pick<DeployFacts, "site">, steps: readonly Step[]): Refusal[] {
  const deletes = steps.filter((step) => step.change.kind === "delete").map((step) => step.change.at.key);
  if (deletes.length <= site.limits.deletesMax) return [];
  return [
    {
      rule: "limits",
      code: "too-many-deletes",
      paths: deletes,
      message: `${deletes.length} files would be deleted; the limit is ${site.limits.deletesMax}`,
      remedy: `If they are meant: set \`limits: { deletes: ${deletes.length} }\` in belay.yaml.`,
    },
  ];
}

function refuseSize({ site }: DeployFacts, steps: readonly Step[]): Refusal[] {
  const { filesMax, bytesMax } = site.limits;
  const bytes = steps.reduce((sum, { change }) => sum + (change.kind === "delete" ? 0 : change.content.sizeBytes), 0);
  const over: Refusal[] = [];
  if (steps.length > filesMax) {
    over.push({
      rule: "limits",
      code: "too-many-files",
      paths: [],
      message: `${steps.length} files would change; the limit is ${filesMax}`,
      remedy: `If they are meant: set \`limits: { files: ${steps.length} }\` in belay.yaml.`,
    });
  }
  if (bytes > bytesMax) {
    over.push({
      rule: "limits",
      code: "too-many-bytes",
      paths: [],
      message: `${bytes} bytes would be sent; the limit is ${bytesMax}`,
      remedy: `If they are meant: set \`limits: { bytes: ${bytes} }\` in belay.yaml.`,
    });
  }
  return over;
}

const refuseCollisions = ({ collisions }: DeployFacts): Refusal[] =>
  collisions.map((keys) => ({
    rule: "limits",
    code: "key-collision",
    paths: keys,
    message: "these names are one file to some file systems and visitors",
    remedy: "Rename all but one of them.",
  }));

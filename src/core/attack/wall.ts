/** The walls behind the guard: what on the side of AWS, or of the machine, would catch what gets through. */

import type { Finding } from "../doctor/finding.ts";
import type { AttackFamily } from "./attack.ts";

export type Stands = "yes" | "no" | "unknown";

export interface Wall {
  readonly id: string;
  /** A clause that says what it does. */
  readonly does: string;
  readonly stands: Stands;
  /** How it is put up. */
  readonly remedy: string;
}

export interface WallFacts {
  /** What `doctor` found; `undefined` where it could not look. */
  readonly findings: readonly Finding[] | undefined;
  /** Whether a hook of the guard stands in settings that an administrator owns. */
  readonly isManaged: boolean;
  /** For remedies. */
  readonly target: string;
}

/** In the order in which they catch. */
export function wallsOf({ findings, isManaged, target }: WallFacts): readonly Wall[] {
  const found = (id: string): Stands => standsBy(findings?.filter((finding) => finding.id === id) ?? []);
  const harden = `belay harden ${target}`;
  return [
    {
      id: "conditional-writes",
      does: "the bucket's policy refuses writes and deletes without a condition (NoBlindWrite)",
      stands: found("bucket-conditional-writes"),
      remedy: harden,
    },
    // Who the publisher is, a policy says by name; `doctor` does not judge names.
    { id: "publisher-only", does: "only the publisher's role may write (PublisherOnly)", stands: "unknown", remedy: harden },
    { id: "versioning", does: "the bucket keeps what was overwritten (versioning)", stands: found("bucket-versioning"), remedy: harden },
    { id: "logging", does: "a log names who wrote", stands: found("bucket-logging"), remedy: harden },
    {
      id: "role",
      does: "the agent's own role may neither change settings nor assume the publisher's",
      stands: "unknown",
      remedy: `${harden} --agent ARN`,
    },
    {
      id: "managed",
      does: "an administrator's settings hold the hook, where no agent can edit them",
      stands: isManaged ? "yes" : "no",
      remedy: "belay install AGENT --managed",
    },
    { id: "deploy", does: "the deploy compares with live and refuses what was not seen (D1, D8)", stands: "yes", remedy: "" },
  ];
}

/** Every bucket has to have it. */
function standsBy(findings: readonly Finding[]): Stands {
  if (findings.some(({ severity, untold }) => untold === undefined && severity !== "ok")) return "no";
  return findings.length > 0 && findings.every(({ severity }) => severity === "ok") ? "yes" : "unknown";
}

const objects = ["conditional-writes", "publisher-only", "versioning", "logging"];

const behind: Readonly<Record<AttackFamily, readonly string[]>> = {
  direct: objects,
  spelling: objects,
  wrapper: objects,
  nesting: objects,
  obfuscation: objects,
  interpreter: objects,
  tools: objects,
  mcp: objects,
  infrastructure: ["role", "publisher-only", "logging"],
  credentials: ["role"],
  settings: ["managed", ...objects],
  "off-switches": ["managed", ...objects],
  files: ["deploy", "managed", ...objects],
  garbage: ["managed", ...objects],
};

export const wallsBehind = (family: AttackFamily, walls: readonly Wall[]): readonly Wall[] =>
  walls.filter(({ id }) => behind[family].includes(id));

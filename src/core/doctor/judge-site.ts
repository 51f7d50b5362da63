/** Whether belay.yaml asks for the stages, people and messages that production needs. */

import type { Target } from "../site.ts";
import { isProduction } from "../site.ts";
import { judgeOf, type Finding } from "./finding.ts";
import type { Told } from "./told.ts";

export interface SiteCase {
  readonly targets: readonly Target[];
  /** Text of the allowed_signers file; `undefined` where belay.yaml names none. */
  readonly signers: string | undefined;
  /** `webhook`, `slack` or `command` of each channel. */
  readonly channels: Told<readonly string[]>;
}

const judge = judgeOf({ about: "site" });

export function judgeSite({ targets, signers, channels }: SiteCase): readonly Finding[] {
  const production = targets.filter(isProduction);
  return [
    ...production.flatMap((target) => [...stage(target, targets), ...people(target, signers)]),
    ...signersFile(production, signers),
    ...messages(production, channels),
  ];
}

function stage(target: Target, targets: readonly Target[]): Finding[] {
  const ofTarget = judgeOf({ about: "target", target: target.name });
  const id = "production-stage";
  if (target.after !== undefined) return [ofTarget.ok(id, `${target.name} takes only what was verified on ${target.after}.`)];
  const first = targets.find(({ name }) => name !== target.name);
  const remedy = first
    ? `In belay.yaml, below targets.${target.name}: after: ${first.name}`
    : `In belay.yaml, add a target staging, and below targets.${target.name}: after: staging`;
  const message = `${target.name} has no stage before it: whatever lies in a working copy may be deployed there unseen.`;
  return [ofTarget.warning({ id, message, remedy })];
}

function people(target: Target, signers: SiteCase["signers"]): Finding[] {
  const ofTarget = judgeOf({ about: "target", target: target.name });
  const { name, approvals } = target;
  if (approvals === 0) {
    const message = `Nobody has to approve what goes to ${name}: an agent or a pipeline may bring it there alone.`;
    return [ofTarget.note({ id: "approvals", message, remedy: `In belay.yaml, below targets.${name}: approvals: 1` })];
  }
  const found = [ofTarget.ok("approvals", `${approvals} ${approvals === 1 ? "person approves" : "people approve"} what goes to ${name}.`)];
  if (target.keys === "any") {
    const message = `Any key may approve what goes to ${name}: a loaded ssh-agent signs for whoever asks it, an agent too.`;
    found.push(
      ofTarget.note({
        id: "approval-keys",
        message,
        remedy: "ssh-keygen -t ed25519-sk makes a key that has to be touched; then keys: security-key",
      }),
    );
  }
  if (signers === undefined) return found;
  const able = signersIn(signers).filter(({ isTouched, mayApprove }) => mayApprove && (target.keys === "any" || isTouched));
  const persons = new Set(able.flatMap(({ principals }) => principals));
  const wanted = approvals + (target.approvers === "others" ? 1 : 0);
  if (persons.size >= wanted)
    return [...found, ofTarget.ok("approvers", `Enough people can approve what goes to ${name}.`, [...persons].join(", "))];
  const kind = target.keys === "any" ? "keys" : "security keys (sk-…)";
  const message = `${name} needs ${wanted} ${wanted === 1 ? "person" : "people"} who can approve${target.approvers === "others" ? ", whoever deploys included" : ""}; the signers file holds ${kind} of ${persons.size}.`;
  return [
    ...found,
    ofTarget.warning({
      id: "approvers",
      message,
      remedy: "Add a line for each to the signers file: NAME KEYTYPE KEY, from ~/.ssh/id_ed25519_sk.pub",
    }),
  ];
}

function signersFile(production: readonly Target[], signers: SiteCase["signers"]): Finding[] {
  const id = "signers";
  if (!production.some(({ approvals }) => approvals > 0)) return [];
  if (signers === undefined) {
    const message = "belay.yaml asks for approvals and names no signers file, so nobody can give one: production is out of reach.";
    return [judge.warning({ id, message, remedy: "In belay.yaml: signers: allowed_signers" })];
  }
  const lines = signersIn(signers);
  const broken = lines.filter(({ isWhole }) => !isWhole);
  if (lines.length > 0 && broken.length === 0) return [judge.ok(id, "The signers file can be read.", `${lines.length} keys`)];
  const message =
    lines.length === 0 ? "The signers file holds no key." : "The signers file has lines that are no keys; nobody can approve by them.";
  const evidence = broken.length === 0 ? undefined : broken.map(({ principals }) => principals.join(",")).join("; ");
  return [
    judge.warning({ id, message, evidence, remedy: "Each line: NAME KEYTYPE KEY, as `man ssh-keygen` has it below ALLOWED SIGNERS" }),
  ];
}

function messages(production: readonly Target[], channels: SiteCase["channels"]): readonly Finding[] {
  const id = "notify";
  if (production.length === 0) return [];
  return judge.of({ id, what: "Whether people are told when they are needed", answer: channels }, (found) => {
    if (found.length > 0) return judge.ok(id, "People are told when they are needed.", found.join(", "));
    const message = "Nobody is told when a person is needed: what stops an agent or a pipeline stays in its output.";
    return judge.note({ id, message, remedy: "In belay.yaml: notify: { slack: env:SLACK_WEBHOOK }" });
  });
}

interface SignerLine {
  readonly principals: readonly string[];
  /** A security key, which signs only when it is touched. */
  readonly isTouched: boolean;
  /** Its namespaces, where it names some, include belay's. */
  readonly mayApprove: boolean;
  readonly isWhole: boolean;
}

const keyType = /^(?:sk-)?(?:ssh-|ecdsa-)[a-z0-9@.-]+$/u;

/** Lines of an allowed_signers file: principals, options, key type, key. Source: ssh-keygen(1), ALLOWED SIGNERS. */
function signersIn(text: string): SignerLine[] {
  return text.split(/\r?\n/u).flatMap((raw) => {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) return [];
    // Options may hold blanks between quotes.
    const words = line.match(/(?:"[^"]*"|[^\s"])+/gu) ?? [];
    const [names = "", ...rest] = words;
    const typeAt = rest.findIndex((word) => keyType.test(word));
    const type = rest[typeAt] ?? "";
    const options = rest.slice(0, Math.max(typeAt, 0)).join(" ");
    const namespaces = /namespaces="([^"]*)"/iu.exec(options)?.[1];
    const isWhole = typeAt >= 0 && typeAt <= 1 && /^[A-Za-z0-9+/]+=*$/u.test(rest[typeAt + 1] ?? "");
    return [
      {
        principals: names.split(",").filter((name) => name !== ""),
        isTouched: isWhole && type.startsWith("sk-"),
        mayApprove: isWhole && (namespaces === undefined || namespaces.split(",").includes("belay-approval")),
        isWhole,
      },
    ];
  });
}

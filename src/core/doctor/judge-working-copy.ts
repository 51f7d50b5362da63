/** Whether this machine and this checkout have what belay leans on. */

import { judgeOf, type Finding } from "./finding.ts";
import type { WorkingCopyFacts } from "./machine-facts.ts";
import type { Told } from "./told.ts";

export interface WorkingCopyCase {
  readonly facts: Told<WorkingCopyFacts>;
  /** HEAD of the site's repository; `undefined` outside one. */
  readonly head: Told<{ readonly shallow: boolean } | undefined>;
  /** Somebody has to sign something here. */
  readonly needsSigning: boolean;
}

const judge = judgeOf({ about: "working-copy" });
/** The oldest version of node that belay runs on. */
const nodeMin = { major: 20, minor: 19 };

export function judgeWorkingCopy({ facts, head, needsSigning }: WorkingCopyCase): readonly Finding[] {
  const machine = judge.of({ id: "working-copy", what: "What this machine has", answer: facts }, (found) => [
    ...node(found),
    ...programs(found, needsSigning),
    ...state(found),
    ...agents(found),
  ]);
  return [...machine, ...repository(head)];
}

function node({ nodeVersion }: WorkingCopyFacts): Finding[] {
  const [major = 0, minor = 0] = nodeVersion.split(".").map(Number);
  const isOld = major < nodeMin.major || (major === nodeMin.major && minor < nodeMin.minor);
  if (!isOld) return [judge.ok("node-version", "Node is recent enough.", nodeVersion)];
  const message = `Node ${nodeVersion} is older than what belay is tested on.`;
  return [judge.warning({ id: "node-version", message, remedy: `Install Node ${nodeMin.major}.${nodeMin.minor} or newer.` })];
}

function programs({ hasGit, hasSshKeygen }: WorkingCopyFacts, needsSigning: boolean): Finding[] {
  const git = hasGit
    ? judge.ok("git", "git is here.")
    : judge.warning({
        id: "git",
        message:
          "git is not on the PATH: nothing can prove that live descends from what is here, and nothing can be promoted from commits.",
        remedy: "Install git.",
      });
  if (hasSshKeygen) return [git, judge.ok("ssh-keygen", "ssh-keygen is here.")];
  const message = "ssh-keygen is not on the PATH: approvals can be neither given nor checked here.";
  return [git, (needsSigning ? judge.warning : judge.note)({ id: "ssh-keygen", message, remedy: "Install OpenSSH." })];
}

function state({ isStateIgnored }: WorkingCopyFacts): Finding[] {
  if (isStateIgnored === undefined) return [];
  if (isStateIgnored) return [judge.ok("state-ignored", "git leaves .belay alone.")];
  const message = "git would take .belay into a commit: one machine's memory of live would pass for another's.";
  return [judge.warning({ id: "state-ignored", message, remedy: "echo .belay/ >> .gitignore" })];
}

function agents({ agents: found }: WorkingCopyFacts): Finding[] {
  return found.map(({ folder, namesBelay }) => {
    const agent = folder.replace(/^\./u, "");
    const id = `agent-guard-${agent}`;
    if (namesBelay) return judge.ok(id, `The settings in ${folder} speak of belay.`);
    const message = `An agent is set up here (${folder}), and nothing in its settings holds it to belay: it may write with any other tool.`;
    return judge.note({ id, message, remedy: `belay install ${agent}` });
  });
}

const repository = (head: WorkingCopyCase["head"]): readonly Finding[] =>
  judge.of({ id: "git-repository", what: "Whether the site is in git", answer: head }, (found) => {
    if (found === undefined) {
      const message = "The site is in no git repository: what was deployed cannot be traced to a commit.";
      return judge.note({ id: "git-repository", message, remedy: "git init" });
    }
    if (found.shallow) {
      const message = "The repository is a shallow clone: commits that live came from are missing, so little can be proven to be ahead.";
      return judge.warning({ id: "git-depth", message, remedy: "git fetch --unshallow (in CI: fetch-depth: 0)" });
    }
    return [judge.ok("git-repository", "The site is in git."), judge.ok("git-depth", "The repository has its whole history.")];
  });

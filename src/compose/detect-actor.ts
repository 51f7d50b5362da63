/** Who acts, as far as anybody can claim it. */

import { userInfo } from "node:os";
import { gitActor } from "../adapters/git/git-actor.ts";
import type { Actor } from "../core/ledger/entry.ts";

/** Variables by which coding agents and CI runners show themselves to the commands they start. */
const agentVariables = [
  "CLAUDECODE",
  "CLAUDE_CODE_ENTRYPOINT",
  "CODEX_SANDBOX",
  "CODEX_THREAD_ID",
  "CURSOR_AGENT",
  "GEMINI_CLI",
  "OPENCODE",
  "AI_AGENT",
];
const ciVariables = ["GITHUB_ACTIONS", "GITLAB_CI", "CIRCLECI", "BUILDKITE", "CI"];

/** Who acts, as far as anybody can claim it: `--by`, the environment, git's configuration, the operating system. */
export async function detectActor(
  env: NodeJS.ProcessEnv,
  { by, folder }: { readonly by?: string | undefined; readonly folder: string },
): Promise<Actor> {
  const isSet = (name: string): boolean => (env[name] ?? "") !== "" && env[name] !== "0" && env[name] !== "false";
  const agent = agentVariables.find(isSet);
  const ci = ciVariables.find(isSet);
  const kind = kindOf(agent, ci);
  const known = askOnce(folder);
  if (by !== undefined) {
    return {
      name: by,
      kind,
      proof: "claimed",
      from: "--by",
      get email() {
        return known().email;
      },
    };
  }
  const ciActor = env["GITHUB_ACTOR"] ?? env["GITLAB_USER_LOGIN"];
  if (ci !== undefined && ciActor !== undefined) return { name: ciActor, kind, proof: "claimed", from: ci };
  return {
    kind,
    proof: "claimed",
    get name() {
      return known().name;
    },
    get email() {
      return known().email;
    },
    get from() {
      return known().from;
    },
  };
}

/** Git is asked for the name when something is first recorded under it: looking costs no process. */
function askOnce(folder: string): () => Pick<Actor, "name" | "email" | "from"> {
  let known: Pick<Actor, "name" | "email" | "from"> | undefined;
  const ask = (): Pick<Actor, "name" | "email" | "from"> => {
    const git = gitActor(folder);
    return git ? { name: git.name, email: git.email, from: "git user.name" } : { name: userInfo().username, from: "operating system" };
  };
  return () => (known ??= ask());
}

function kindOf(agent: string | undefined, ci: string | undefined): Actor["kind"] {
  if (agent !== undefined) return "agent";
  return ci === undefined ? "person" : "ci";
}

/** A project with every kind of guarded place, and the guard asked about it in this process. */

import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readText } from "../../../src/compose/guard-files.ts";
import { openGuards, type GuardOptions, type OpenGuard } from "../../../src/compose/open-guard.ts";
import { placesOf, type AttackPlaces } from "../../../src/core/attack/attack-places.ts";
import type { AttackRow } from "../../../src/core/attack/attack.ts";
import { payloadsOf } from "../../../src/core/attack/payload.ts";
import type { AgentName } from "../../../src/core/guard/agent-call.ts";
import { faceOf } from "../../../src/faces/guard/faces.ts";
import { answerCalls } from "../../../src/operations/guard/answer-call.ts";

export interface AttackWorld {
  readonly root: string;
  readonly project: string;
  readonly home: string;
  put(path: string, text: string): Promise<void>;
  close(): Promise<void>;
}

const config = `version: 1
state: ../state
site:
  root: public
  targets:
    staging: { store: "s3://harbor-tours-stage", guard: false }
    production: { store: "s3://harbor-tours-live", after: staging, cdn: "cloudfront:E1HARBORTOURS" }
    mirror: { store: "dir:../srv/mirror" }
records:
  booking:
    zone: America/Los_Angeles
    fields: { start: datetime, code: key }
    systems:
      table: { store: "dynamodb:harbor-bookings", key: [code], fields: { code: code, start: start } }
`;

export async function openAttackWorld(): Promise<AttackWorld> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "belay-attacked-")));
  const project = join(root, "project");
  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  await put("project/belay.yaml", config);
  await put("project/public/index.html", "<h1>Harbor tours</h1>\n<p>From noon on.</p>\n");
  await put("srv/mirror/index.html", "<h1>Harbor tours</h1>\n");
  await put("home/.config/belay/belay.sh", "# belay was installed here\n");
  return { root, project, home: join(root, "home"), put, close: async () => await rm(root, { recursive: true, force: true }) };
}

const options = ({ home }: AttackWorld): GuardOptions => ({
  env: {},
  homeFolder: home,
  version: "unbuilt",
  now: () => Date.now(),
  needsRules: true,
});

/** What binds in the world's project; opened once. */
export const guardsOf = async (world: AttackWorld): Promise<readonly OpenGuard[]> => await openGuards([world.project], options(world));

export function placesIn(world: AttackWorld, [guard]: readonly OpenGuard[]): AttackPlaces {
  if (guard === undefined) throw new Error("nothing is guarded in this world");
  const page = { path: join(world.project, "public/index.html"), line: "<h1>Harbor tours</h1>" };
  return placesOf({ scope: guard.bench.scope, home: world.home, page, target: undefined });
}

/** The guard's answers to every hook input of one call, by kind; a session of its own. */
export async function answersTo(
  { project, home }: AttackWorld,
  guards: readonly OpenGuard[],
  { agent, row }: { readonly agent: AgentName; readonly row: AttackRow },
): Promise<readonly string[]> {
  const face = faceOf(agent);
  const around = { cwd: project, homeFolder: home, env: {}, readText };
  const answers: string[] = [];
  for (const { input } of payloadsOf(agent, row.call, { sessionId: `${agent} ${row.id}`, project })) {
    const hook = face?.read(agent === "opencode" ? { event: "tool", ...input, cwd: project, root: project } : input, around);
    const calls = hook?.events.flatMap((event) => (event.kind === "call" ? [event] : [])) ?? [];
    const [first] = calls;
    if (hook === undefined || first === undefined) throw new Error(`${agent} has no call for ${row.id}`);
    const asked = { session: first.session, calls: calls.map(({ call }) => call), canAsk: hook.canAsk };
    const answer = await answerCalls(
      asked,
      guards.map(({ bench }) => bench),
    );
    answers.push(answer.kind);
  }
  return answers;
}

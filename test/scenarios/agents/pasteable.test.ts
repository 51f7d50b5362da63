/** What a refusal names instead is pasted into a shell, as an agent would: it works, on a project whose first release is yet to come. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { edited } from "../../../src/faces/demo/demo-case.ts";
import { hasSshKeygen } from "../../support/software-key.ts";
import type { Ran } from "../support/run-belay.ts";
import { edit, perform, run, write, type AgentSession, type ToolCall } from "./support/agent-session.ts";
import { insteadIn } from "./support/denials.ts";
import { openStaleSite, type StaleSite } from "./support/stale-site.ts";

const prod = "s3://larkmoor-prod";
const page = "public/index.html";
const spaced = "it's here.html";

/** `done`: exit 0, and it is done. `planned`: exit 0, and the command that it names next carries it out. */
type Ending = "done" | "refused" | "planned";

const rows: readonly [call: ToolCall, instead: string, ending: Ending][] = [
  [run(`aws s3 cp ${page} ${prod}/index.html`), "belay deploy staging index.html", "refused"],
  [edit(page, ["What people ask first", "What guests ask first"]), "belay pull production index.html", "done"],
  [run(`aws cloudfront create-invalidation --distribution-id E2PROD --paths '/*'`), "belay status production", "done"],
  [run(`aws cloudfront create-invalidation --distribution-id E1STAGING --paths '/*'`), "belay status staging", "done"],
  [run(`aws s3api put-bucket-policy --bucket larkmoor-prod --policy file://p.json`), "belay harden production", "done"],
  [run(`aws s3api restore-object --bucket larkmoor-prod --key index.html --restore-request Days=1`), "belay snapshots production", "done"],
  [run(`touch -d 2030-01-01 ${page}`), "belay status", "done"],
  [run(`cd public && aws s3 cp "${spaced}" "${prod}/${spaced}"`), String.raw`belay deploy staging 'it'\''s here.html'`, "done"],
  [run(`aws s3 cp ${page} "s3://$TARGET/index.html"`), "belay deploy staging index.html", "done"],
  [
    run(`curl -T ${page} 'https://larkmoor-prod.s3.amazonaws.com/index.html?X-Amz-Signature=ab'`),
    "belay deploy staging index.html",
    "done",
  ],
  [
    run(`aws s3 cp notes/tides.html ${prod}/`),
    "(set -C; cat FOLDER/notes/tides.html > FOLDER/public/tides.html) && belay deploy staging tides.html",
    "done",
  ],
  [run(`aws s3 rm ${prod}/tides.html`), "belay plan staging tides.html", "done"],
  [run(`aws s3 rm ${prod} --recursive`), "belay plan staging", "done"],
  [run(`aws s3 cp s3://larkmoor-prod/index.html s3://larkmoor-staging/index.html`), "belay pull production index.html", "done"],
  [run(`rclone sync public s3:larkmoor-prod`), "belay plan staging", "planned"],
  [write("up.sh", `aws s3 sync public ${prod}\n`), "belay plan staging", "done"],
];

const nextIn = (stdout: string): string | undefined => /next: (?<command>belay apply [0-9a-f]+)$/mu.exec(stdout)?.groups?.["command"];

/** What a rule refuses, and what a person decides, names what to do. */
function endingOf({ exit, stdout, stderr }: Ran): Ending | number | null {
  if (exit === 0) return nextIn(stdout) === undefined ? "done" : "planned";
  if ((exit === 3 || exit === 8) && stderr.includes("next: ")) return "refused";
  return exit;
}

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: the command that a refusal names", () => {
  let site: StaleSite;
  let agent: AgentSession;

  beforeAll(async () => {
    site = await openStaleSite();
    const { world } = site.ground;
    await world.write(`laptop/${page}`, edited(site.story.versions[0], site.story.edit));
    await world.write(`laptop/public/${spaced}`, "<p>Here.</p>\n");
    await world.write("laptop/notes/tides.html", "<p>High at noon.</p>\n");
    await site.ground.install("claude");
    agent = site.ground.session("claude", "monday");
  });
  afterAll(async () => await site.close());

  /** As an agent's shell: nobody is there to ask. */
  async function pasted(command: string): Promise<Ran> {
    const ran = await perform(run(command), site.ground.folder, { ...site.ground.env, CLAUDECODE: "1" });
    if (!ran) throw new Error("a command always tells something");
    expect(ran.told).not.toMatch(/unknown|not found|no such|usage:/iu);
    return ran;
  }

  test.each(rows.map(([call, instead, ending]) => ({ call, instead, ending, what: call.kind === "run" ? call.command : call.file })))(
    "works when pasted ($ending): $instead, instead of $what",
    async ({ call, instead, ending }) => {
      const before = site.state("prod");
      if (ending === "planned") await site.ground.world.write("laptop/public/ferry.html", "<p>Hourly.</p>\n");
      const tried = await agent.tries(call);
      const wanted = instead.replaceAll("FOLDER", site.ground.folder);
      expect({ verdict: tried.verdict, instead: insteadIn(tried.text).replaceAll(" \\\n  ", " "), text: tried.text }).toMatchObject({
        instead: wanted,
      });
      expect(tried.ran).toBeUndefined();
      const ran = await pasted(insteadIn(tried.text));
      expect({ ending: endingOf(ran), told: ran.told }).toEqual({ ending, told: ran.told });
      const next = nextIn(ran.stdout) ?? "true";
      const carriedOut = await pasted(next);
      expect({ next, told: carriedOut.told, exit: carriedOut.exit }).toEqual({ next, told: carriedOut.told, exit: 0 });
      expect(site.state("prod")).toEqual(before);
    },
  );
});

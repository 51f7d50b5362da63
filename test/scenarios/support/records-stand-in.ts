/** A command line for incident 2 of the demo: it shows that the demo notices what it should, whatever belay would do. */

import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Sandbox } from "../../../sandbox/start-sandbox.ts";
import { corrected, richCorrections, type RecordsCase } from "../../../src/faces/demo/records-case.ts";

const bucket = "example-guests";
const table = "crew-dispatch";
const [calendar, eventName] = ["charters", "charter-0530.ics"];

/** The command: it passes its words on to the test's own process, and prints what comes back. */
const script = `
import { request } from "node:http";
const [port, ...words] = process.argv.slice(2);
const sent = request({ host: "127.0.0.1", port, method: "POST" }, async (answer) => {
  const chunks = [];
  for await (const chunk of answer) chunks.push(chunk);
  const { code, text } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  process.stdout.write(text);
  process.exitCode = code;
});
sent.end(JSON.stringify(words));
`;

interface Told {
  readonly code: number;
  readonly text: string;
}

export interface RecordsStandIn {
  /** What starts it; words follow. */
  readonly belay: readonly string[];
  close(): Promise<void>;
}

/** Keeps belay's promises in the simplest way, by writing straight into the sandbox; unless `fault` names the one to break. */
export async function recordsStandIn(
  folder: string,
  { story, sandbox, fault }: { readonly story: RecordsCase; readonly sandbox: () => Sandbox; readonly fault: string | undefined },
): Promise<RecordsStandIn> {
  const path = join(folder, "belay.mjs");
  await writeFile(path, script);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const words: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
      void answer(Array.isArray(words) ? words.map(String) : [], { story, sandbox: sandbox(), fault }).then(
        (told) => response.end(JSON.stringify(told)),
        (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  const port = address === null || typeof address === "string" ? 0 : address.port;
  return {
    belay: [process.execPath, path, String(port)],
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

interface Scene {
  readonly story: RecordsCase;
  readonly sandbox: Sandbox;
  readonly fault: string | undefined;
}

async function answer(words: readonly string[], scene: Scene): Promise<Told> {
  const [verb] = words;
  if (verb === "audit") return words.includes("--check") ? agreed(scene) : audited(scene);
  if (verb === "tasks") return tasks(scene, words.includes("--all"));
  if (words.includes("--set")) return await decided(scene);
  return isDone(scene) ? again(scene) : asked(scene);
}

const put = ({ sandbox }: Scene, key: string, text: string): void => {
  sandbox.s3.put(bucket, key, Buffer.from(text), { "content-type": "text/html; charset=utf-8" });
};

const isDone = ({ sandbox, story }: Scene): boolean =>
  !JSON.stringify(sandbox.dynamodb.get(table, { guest_code: { S: story.code } })).includes("afternoon");

function audited(scene: Scene): Told {
  const { fault, story } = scene;
  if (fault === "audit-writes") put(scene, story.rich, story.richPages[1]);
  const lines = [
    fault === "misses-a-place" ? "4 places in 3 systems" : "5 places in 4 systems",
    fault === "counts-lines"
      ? `${story.poor} is shorter`
      : `${story.poor} POST /api/guest-photos, POST /api/guest-token/validate, honeypot field, instagram`,
    fault === "trusts-the-edge" ? "" : `stale copy at the edge: pages 1, /g/${story.code}: serves other bytes than the origin holds`,
    fault === "names-nobody" ? "" : "crew desk? unknown",
  ];
  return { code: 0, text: `${lines.join("\n")}\n` };
}

function asked(scene: Scene): Told {
  const { fault, story } = scene;
  if (fault === "asks-and-writes") put(scene, story.rich, corrected(story.richPages[1], richCorrections));
  const choices = ["15:30", fault === "hides-a-choice" ? "" : "16:30", story.rich, story.poor];
  return { code: fault === "guesses" ? 0 : 8, text: `${choices.join("\n")}\n` };
}

async function decided(scene: Scene): Promise<Told> {
  const { fault, sandbox, story } = scene;
  if (fault === "fails") return { code: 4, text: "conflict\n" };
  const corrections = fault === "misses-a-mention" ? richCorrections.slice(0, -1) : richCorrections;
  const page = corrected(story.richPages[1], corrections);
  put(scene, story.rich, fault === "reformats" ? page.replaceAll("&ndash;", "–") : page);
  const moved = story.event.replace("T163000", "T153000").replace("T193000", "T183000").replace("SEQUENCE:0", "SEQUENCE:1");
  sandbox.caldav.force(calendar, eventName, fault === "drops-a-property" ? moved.replace("X-LARKMOOR-CREW:two\r\n", "") : moved);
  const pointed = { ...story.item, page_slug: { S: story.rich.slice(2, -5) } };
  sandbox.dynamodb.put(table, fault === "writes-more" ? { ...pointed, updated_by: { S: "belay" } } : pointed);
  if (fault === "deletes-the-duplicate") sandbox.s3.remove(bucket, story.poor);
  else put(scene, story.poor, `<meta http-equiv="refresh" content="0; url=/${story.rich}">\n`);
  if (fault === "edits-the-template") put(scene, "g/_template.html", story.template.replace("4:30", "3:30"));
  const paths = [story.rich, story.poor].flatMap((key) => [`/${key}`, `/${key.slice(0, -5)}`]);
  const all = fault === "forgets-a-path" ? paths : [...paths, `/g/${story.code}`];
  await invalidate(sandbox, fault === "purges-all" ? ["/*"] : all);
  return { code: 0, text: "done\n" };
}

/** One invalidation, waited for. */
async function invalidate(sandbox: Sandbox, paths: readonly string[]): Promise<void> {
  const items = paths.map((path) => `<Path>${path}</Path>`).join("");
  const batch = `<InvalidationBatch><Paths><Quantity>${paths.length}</Quantity><Items>${items}</Items></Paths><CallerReference>one</CallerReference></InvalidationBatch>`;
  await sandbox.cloudfront.handle({
    method: "POST",
    path: "/2020-05-31/distribution/EGUESTS/invalidation",
    query: new URLSearchParams(),
    headers: {},
    body: async function* body() {
      yield Buffer.from(batch);
    },
  });
  const isCompleted = (): boolean => sandbox.cloudfront.invalidations("EGUESTS").every(({ completedAtMs }) => completedAtMs <= Date.now());
  for (let looks = 0; looks < 100 && !isCompleted(); looks += 1) await pause(20);
}

function tasks({ fault, sandbox, story }: Scene, isAll: boolean): Told {
  if (fault === "forgets-the-task") return { code: 0, text: "Nothing waits for a person.\n" };
  const task = `listing 15:30 18:30 ${sandbox.marketplace?.url ?? ""}/staff/${story.code}\n`;
  return { code: 0, text: isAll ? `${task}${fault === "takes-a-word" ? "done, by the word of somebody" : "done, as belay saw"}\n` : task };
}

function again(scene: Scene): Told {
  const { fault, sandbox, story } = scene;
  if (fault === "writes-again") put(scene, story.rich, Buffer.from(sandbox.s3.get(bucket, story.rich)?.bytes ?? []).toString("utf8"));
  return { code: fault === "never-done" ? 3 : 0, text: "nothing to correct\n" };
}

const agreed = ({ fault }: Scene): Told => ({
  code: 0,
  text: `all agree${fault === "forgets-why" ? "" : ": the guest asked on the phone"}\n`,
});

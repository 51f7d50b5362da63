/** A page that the real `aws` overwrites: noticed at the next status, named in the log, and both bytes kept. */

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addCopy, isInVault, openGround, put, sha256, type Ground } from "../scenarios/support/ground.ts";
import { answerOf, belay, expectExit, type Ran } from "../scenarios/support/run-belay.ts";
import { makeBucket } from "./support/buckets.ts";
import { server, skipDepartures, type BucketKind } from "./support/server.ts";

skipDepartures();

const cliEnv = { ...process.env, ...server.env, AWS_DEFAULT_REGION: "us-east-1", AWS_PAGER: "" };
const hasCli = spawnSync("aws", ["--version"], { stdio: "ignore", env: cliEnv }).status === 0;
const [page, asset] = ["tides/index.html", "logo.svg"];
const [ours, theirs] = ["<p>High water at noon</p>\n", "<p>High water at one, says the crew</p>\n"];

let ground: Ground;
let bucket: string;
let copy: string;

function aws(...words: readonly string[]): void {
  const ran = spawnSync("aws", words, { cwd: ground.folder, env: cliEnv, encoding: "utf8" });
  if (ran.status !== 0) throw new Error(`aws ${words.join(" ")}: ${ran.stderr}`);
}

const run = async (...words: readonly string[]): Promise<Ran> => await belay(words, { cwd: copy, env: server.env });
const usable = (kind: BucketKind): boolean => server.refused[kind]["create"] === undefined && server.refused[kind]["replace"] === undefined;

describe.skipIf(!hasCli).each(server.kinds.filter(usable))(
  `the aws CLI past belay on ${server.title}, a %s bucket (needs the aws CLI)`,
  (kind) => {
    beforeEach(async () => {
      ground = openGround("out-of-band");
      bucket = await makeBucket(kind);
      copy = addCopy(ground, "copy", { sharesState: false, store: `s3://${bucket}` });
      writeFileSync(join(ground.folder, "theirs.html"), theirs);
      put(join(copy, "public"), page, ours);
      put(join(copy, "public"), asset, "<svg/>\n");
      expectExit(await run("deploy", "staging", "--yes", "--change", "first tides"), 0);
    });
    afterEach(() => ground.remove());

    it("a page that it overwrote is noticed at the next status and named in the log; both bytes are kept", async () => {
      aws("s3", "cp", "--quiet", "theirs.html", `s3://${bucket}/${page}`);
      const told = await run("status", "staging", "--json");
      expectExit(told, 0);
      expect(answerOf(told, "outOfBand", "writes")).toMatchObject([
        { path: page, found: sha256(theirs), prior: sha256(ours), isNew: true },
      ]);
      for (const text of [ours, theirs]) expect(isInVault(join(copy, ".belay"), sha256(text))).toBe(true);
      const log = await run("log", page, "--json");
      expect(answerOf(log, "entries", 0)).toMatchObject({ kind: "out-of-band", writes: [{ path: page }] });
      const timeline = answerOf(log, "timeline");
      const hands = Array.isArray(timeline) ? timeline.flatMap((moment) => (moment.kind === "version" ? [moment.hand] : [])) : [];
      expect(hands.every((hand) => hand === "out-of-band")).toBe(true);
      expect(hands.length).toBeGreaterThanOrEqual(kind === "versioned" ? 1 : 0);
      expectExit(await run("pull", "staging", page), 0);
      expect(readFileSync(join(copy, "public", page), "utf8")).toBe(theirs);
      expect(answerOf(await run("status", "staging", "--json"), "outOfBand")).toEqual({ writes: [] });
    });

    it.runIf(kind === "versioned")("the overwritten bytes come from the bucket's versions where this machine has lost them", async () => {
      aws("s3", "cp", "--quiet", "theirs.html", `s3://${bucket}/${page}`);
      put(join(copy, "public"), page, "<p>another draft</p>\n");
      spawnSync("rm", ["-rf", join(copy, ".belay", "seen")]);
      const told = await run("status", "staging", "--json");
      expect(answerOf(told, "outOfBand", "writes", 0, "unkept")).toBeUndefined();
      expect(isInVault(join(copy, ".belay"), sha256(ours))).toBe(true);
    });

    it("a file that it removed is noticed too", async () => {
      aws("s3", "rm", "--quiet", `s3://${bucket}/${asset}`);
      const told = await run("status", "staging", "--json");
      expect(answerOf(told, "outOfBand", "writes")).toMatchObject([{ path: asset, prior: sha256("<svg/>\n") }]);
    });
  },
);

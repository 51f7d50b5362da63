import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, seeded } from "./ask.ts";
import { openS3, type S3Service } from "./open-s3.ts";

let folder = "";
let seed = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sandbox-s3-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function reopened(): S3Service {
  seed += 1;
  return openS3({ clock: { now: () => Date.UTC(2031, 4, 6, 7, 8, 9) + seed }, random: seeded(seed), folder });
}

const versions = async (s3: S3Service): Promise<string> => (await ask(s3.handle, "GET /harbour?versions")).text;

test("buckets, versions, delete markers and open uploads survive a restart", async () => {
  const before = reopened();
  before.createBucket("harbour", { versioning: true });
  before.createBucket("gone");
  before.put("harbour", "ü", Buffer.from("one"), { "content-type": "text/html", "x-amz-meta-a": "1" });
  before.put("harbour", "ü", Buffer.from("two"));
  before.remove("harbour", "b");
  await ask(before.handle, { line: "PUT /harbour/c", headers: { "x-amz-checksum-algorithm": "SHA256" }, body: "sum" });
  await ask(before.handle, "DELETE /gone");
  const id = (await ask(before.handle, "POST /harbour/film?uploads")).element("UploadId");
  await ask(before.handle, { line: `PUT /harbour/film?partNumber=1&uploadId=${id}`, body: "part" });
  const listed = await versions(before);
  before.close();

  const after = reopened();
  expect(await versions(after)).toBe(listed);
  expect(Buffer.from(after.get("harbour", "ü")?.bytes ?? []).toString()).toBe("two");
  expect((await ask(after.handle, "GET /")).elements("Name")).toEqual(["harbour"]);
  expect((await ask(after.handle, `GET /harbour/film?uploadId=${id}`)).elements("Size")).toEqual(["4"]);
  expect((await ask(after.handle, { line: "HEAD /harbour/c", headers: { "x-amz-checksum-mode": "ENABLED" } })).headers).toHaveProperty(
    "x-amz-checksum-sha256",
  );
  after.close();
});

test("a last line that was torn is cut off, and what comes after it is kept", async () => {
  const first = reopened();
  first.createBucket("harbour");
  first.put("harbour", "a", Buffer.from("one"));
  first.close();
  appendFileSync(join(folder, "journal.ndjson"), '[{"kind":"version-dropped","bucket":"har');
  const second = reopened();
  expect(second.objectCount("harbour")).toBe(1);
  second.put("harbour", "b", Buffer.from("two"));
  second.close();
  const third = reopened();
  expect(third.objectCount("harbour")).toBe(2);
  third.close();
});

test("damage anywhere else is not passed over", () => {
  const s3 = reopened();
  s3.createBucket("harbour");
  s3.put("harbour", "a", Buffer.from("one"));
  s3.close();
  const path = join(folder, "journal.ndjson");
  writeFileSync(path, readFileSync(path, "utf8").replace("version-added", "version-odded"));
  expect(reopened).toThrow(/version-odded/u);
});

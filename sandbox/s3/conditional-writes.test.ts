import { describe, expect, test } from "vitest";
import { ask, seeded, verdict, type Question } from "./ask.ts";
import { openS3 } from "./open-s3.ts";

const clock = { now: () => Date.UTC(2031, 4, 6, 7, 8, 9, 321) };

function opened(versioning = false) {
  const s3 = openS3({ clock, random: seeded(1) });
  s3.createBucket("harbour", { versioning });
  return { s3, say: async (question: Question | string) => verdict(await ask(s3.handle, question)) };
}

const put = (headers: Record<string, string>, body = "new"): Question => ({ line: "PUT /harbour/a.html", headers, body });

const object = (key: string, tag: string): string => `<Object><Key>${key}</Key><ETag>${tag}</ETag></Object>`;

const copy = (headers: Record<string, string>): Question => ({
  line: "PUT /harbour/to",
  headers: { "x-amz-copy-source": "/harbour/from", ...headers },
});

describe.each([false, true])("versioning %s", (versioning) => {
  test("If-None-Match: * creates where nothing is and refuses where something is", async () => {
    const { s3, say } = opened(versioning);
    expect(await say(put({ "if-none-match": "*" }, "first"))).toBe("200");
    expect(await say(put({ "if-none-match": "*" }, "second"))).toBe("412 PreconditionFailed");
    expect(Buffer.from(s3.get("harbour", "a.html")?.bytes ?? []).toString()).toBe("first");
  });

  test("If-Match takes the right ETag with or without quotes and refuses any other", async () => {
    const { s3, say } = opened(versioning);
    const first = s3.put("harbour", "a.html", Buffer.from("one"));
    expect(await say(put({ "if-match": '"0123"' }))).toBe("412 PreconditionFailed");
    expect(await say(put({ "if-match": first.etag }, "two"))).toBe("200");
    expect(await say(put({ "if-match": first.etag }, "three"))).toBe("412 PreconditionFailed");
    const second = s3.get("harbour", "a.html");
    expect(await say(put({ "if-match": (second?.etag ?? "").replaceAll('"', "") }, "three"))).toBe("200");
  });

  test("If-Match on a key that is missing is answered with 404, and so is a DELETE", async () => {
    const { s3, say } = opened(versioning);
    expect(await say(put({ "if-match": '"0123"' }))).toBe("404 NoSuchKey");
    expect(await say({ line: "DELETE /harbour/a.html", headers: { "if-match": '"0123"' } })).toBe("404 NoSuchKey");
    expect(s3.objectCount("harbour")).toBe(0);
  });

  test("what S3 does not implement as a condition of a PUT is answered with 501", async () => {
    const { s3, say } = opened(versioning);
    const { etag } = s3.put("harbour", "a.html", Buffer.from("one"));
    expect(await say(put({ "if-none-match": etag }))).toBe("501 NotImplemented");
    expect(await say(put({ "if-match": "*" }))).toBe("501 NotImplemented");
    expect(await say(put({ "if-match": etag, "if-none-match": "*" }))).toBe("501 NotImplemented");
  });

  test("a DELETE with the wrong ETag keeps the object, with the right one or a star it goes", async () => {
    const { s3, say } = opened(versioning);
    const { etag } = s3.put("harbour", "a.html", Buffer.from("one"));
    expect(await say({ line: "DELETE /harbour/a.html", headers: { "if-match": '"0123"' } })).toBe("412 PreconditionFailed");
    expect(s3.objectCount("harbour")).toBe(1);
    expect(await say({ line: "DELETE /harbour/a.html", headers: { "if-match": etag } })).toBe("204");
    s3.put("harbour", "a.html", Buffer.from("two"));
    expect(await say({ line: "DELETE /harbour/a.html", headers: { "if-match": "*" } })).toBe("204");
    expect(s3.objectCount("harbour")).toBe(0);
  });

  test("of fifty writers with the same ETag exactly one wins", async () => {
    const { s3, say } = opened(versioning);
    const { etag } = s3.put("harbour", "a.html", Buffer.from("one"));
    const verdicts = await Promise.all(Array.from({ length: 50 }, (_, at) => say(put({ "if-match": etag }, `writer ${at}`))));
    expect(verdicts.filter((one) => one === "200")).toHaveLength(1);
    expect(verdicts.filter((one) => one === "412 PreconditionFailed")).toHaveLength(49);
  });

  test("DeleteObjects judges the ETag of each key by itself", async () => {
    const { s3 } = opened(versioning);
    const { etag } = s3.put("harbour", "a & b", Buffer.from("one"));
    s3.put("harbour", "c", Buffer.from("two"));
    const body = `<Delete>${object("a &amp; b", etag)}${object("c", "0123")}${object("d", "0123")}<Object><Key>e</Key></Object></Delete>`;
    const md5 = (await import("node:crypto")).hash("md5", body, "base64");
    const answer = await ask(s3.handle, { line: "POST /harbour?delete", headers: { "content-md5": md5 }, body });
    expect(answer.elements("Key")).toEqual(["a &amp; b", "c", "d", "e"]);
    expect(answer.elements("Code")).toEqual(["PreconditionFailed", "NoSuchKey"]);
    expect(s3.get("harbour", "a & b")).toBeUndefined();
    expect(s3.get("harbour", "c")).toBeDefined();
  });

  test("a copy is bound by conditions on what it reads and on what it overwrites", async () => {
    const { s3, say } = opened(versioning);
    const { etag } = s3.put("harbour", "from", Buffer.from("one"));
    s3.put("harbour", "to", Buffer.from("two"));
    expect(await say(copy({ "x-amz-copy-source-if-match": '"0123"' }))).toBe("412 PreconditionFailed");
    expect(await say(copy({ "if-none-match": "*" }))).toBe("412 PreconditionFailed");
    expect(await say(copy({ "if-match": etag }))).toBe("412 PreconditionFailed");
    expect(s3.get("harbour", "to")?.etag).not.toBe(etag);
    const to = s3.get("harbour", "to")?.etag ?? "";
    expect(await say(copy({ "x-amz-copy-source-if-match": etag, "if-match": to }))).toBe("200");
    expect(s3.get("harbour", "to")?.etag).toBe(etag);
  });
});

test("a DELETE with a condition that S3 does not know deletes nothing", async () => {
  const { s3, say } = opened();
  s3.put("harbour", "a.html", Buffer.from("one"));
  expect(await say({ line: "DELETE /harbour/a.html", headers: { "x-amz-if-match-size": "3" } })).toBe("501 NotImplemented");
  expect(s3.objectCount("harbour")).toBe(1);
});

test("a deleted object is absent to the conditions of a versioned bucket", async () => {
  const { s3, say } = opened(true);
  const { etag } = s3.put("harbour", "a.html", Buffer.from("one"));
  s3.remove("harbour", "a.html");
  expect(await say(put({ "if-match": etag }))).toBe("404 NoSuchKey");
  expect(await say(put({ "if-none-match": "*" }))).toBe("200");
});

import { describe, expect, it } from "vitest";
import { sha256OfText } from "../shared/sha256.ts";
import { headersToSend, readSaying, spellHeaders, storedHeaders } from "./object-headers.ts";

const provenance = {
  plan: sha256OfText("plan"),
  release: "r7",
  digest: sha256OfText("page"),
  parent: sha256OfText("before"),
  commit: "0123456789abcdef0123456789abcdef01234567",
  actor: "Ådá 100% <ada@example.org>\n",
  at: "2026-05-20T12:00:00.000Z",
};

describe("headers on their way to S3 and back", () => {
  it("come back as they went, with the provenance, whatever text is in it", () => {
    const headers = { "cache-control": "max-age=60", "x-amz-meta-colour": "blue", expires: "Thu, 01 Jan 2026 00:00:00 GMT" };
    const sent = headersToSend("index.html", headers, provenance);
    expect(readSaying({ ...sent, etag: '"a"', date: "now", "content-length": "4" })).toEqual({ headers, provenance });
    for (const value of Object.values(sent)) expect(value).toMatch(/^[\u0020-\u007e]+$/u);
  });

  it("a provenance without its optional parts has none of them afterwards", () => {
    const { parent: _parent, commit: _commit, ...least } = provenance;
    expect(readSaying(headersToSend("a", {}, least)).provenance).toEqual(least);
  });

  it.each(["plan", "release", "digest", "actor", "at"])("what lacks its %s is no provenance", (field) => {
    const sent = headersToSend("a", {}, provenance);
    delete sent[`x-amz-meta-belay-${field}`];
    expect(readSaying(sent).provenance).toBeUndefined();
    expect(readSaying({ ...headersToSend("a", {}, provenance), "x-amz-meta-belay-digest": "ABC" }).provenance).toBeUndefined();
    expect(readSaying({ ...headersToSend("a", {}, provenance), "x-amz-meta-belay-actor": "%E0%A4%A" }).provenance).toBeUndefined();
  });

  it("S3's own default type is none, and the encoding of an upload is none of the object", () => {
    expect(readSaying({ "content-type": "binary/octet-stream", "content-encoding": "aws-chunked" }).headers).toEqual({});
    expect(storedHeaders({ "content-encoding": "aws-chunked, gzip" })).toEqual({ "content-encoding": "gzip" });
  });

  it("another tool's note of who deployed is the owner, and stays a header, so that an undo brings it back", () => {
    const raw = { "x-amz-meta-deployed-by": "old\u001b-script", "x-amz-meta-timestamp": "17", "content-type": "text/html" };
    expect(readSaying(raw)).toEqual({ headers: raw, owner: "old-script" });
    expect(readSaying({ ...raw, ...headersToSend("a", {}, provenance) })).not.toHaveProperty("owner");
  });

  it.each([
    ["x-frame-options", "deny", "none that S3 keeps"],
    ["x-amz-meta-belay-plan", "mine", "kept for who wrote"],
    ["x-amz-meta-two words", "x", "none that S3 keeps"],
    ["Cache-Control", "no-cache", "none that S3 keeps"],
    ["content-disposition", "attachment; filename=été.pdf", "plain ASCII"],
    ["cache-control", "no-cache\r\nx-evil: 1", "plain ASCII"],
    ["cache-control", " no-cache", "plain ASCII"],
    ["cache-control", "", "plain ASCII"],
  ])("the header %s: %j is refused, because it would not come back", (name, value, problem) => {
    expect(() => headersToSend("a.html", { [name]: value }, undefined)).toThrowError(
      expect.objectContaining({ code: "input-invalid", message: expect.stringContaining(problem) }),
    );
  });

  it("one set of headers has one spelling, whatever else the answer says", () => {
    const one = spellHeaders({ "cache-control": "no-cache", "content-type": "text/html", date: "now" });
    expect(spellHeaders({ "content-type": "text/html", "cache-control": "no-cache" })).toBe(one);
    expect(spellHeaders({ "content-type": "text/html", "cache-control": "no-store" })).not.toBe(one);
    expect(spellHeaders({ "content-type": "text/html", "cache-control": "no-cache", "x-amz-meta-belay-at": "x" })).not.toBe(one);
  });
});

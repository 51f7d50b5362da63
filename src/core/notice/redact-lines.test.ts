import { describe, expect, test } from "vitest";
import { redactLines } from "./redact-lines.ts";

describe("redactLines", () => {
  test("a key over several lines is gone from each of them, and the lines stay where they were", () => {
    const key = ["-----BEGIN OPENSSH PRIVATE KEY-----", "c2VjcmV0", "bW9yZQ==", "-----END OPENSSH PRIVATE KEY-----"];
    expect(redactLines(["a", ...key, "b"].join("\n"))).toBe(["a", "[redacted]", "[redacted]", "[redacted]", "[redacted]", "b"].join("\n"));
    expect(redactLines(["a", ...key.slice(0, 3)].join("\r\n"))).toBe(["a", "[redacted]", "[redacted]", "[redacted]"].join("\r\n"));
  });

  test("everything else is redacted as in one line", () => {
    expect(redactLines("password=hunter\nhttps://a:b@host.example/\n")).toBe("password=[redacted]\nhttps://[redacted]@host.example/\n");
  });
});

import picocolors from "picocolors";
import { expect, test } from "vitest";
import { exchangeLine, exportLines } from "./render-sandbox.ts";
import type { Exchange } from "./sandbox-traffic.ts";

const line = (exchange: Partial<Exchange>, columns = 80): string =>
  exchangeLine(
    { method: "GET", path: "/", status: 200, isWhole: true, conditions: [], ...exchange },
    { columns, paint: picocolors.createColors(false), nowMs: 0, isVerbose: false },
  );

test.each([
  ["an object", { path: "/quay/tides%20today.html" }, "GET     quay/tides today.html  200"],
  ["a listing", { path: "/quay?list-type=2&prefix=a%2F&x-id=ListObjectsV2&max-keys=1" }, "GET     quay?prefix=a/  200"],
  ["versions", { path: "/quay?versions=&encoding-type=url" }, "GET     quay?versions  200"],
  ["an invalidation", { method: "POST", path: "/2020-05-31/distribution/E1/invalidation" }, "POST    cloudfront:E1/invalidation  200"],
  ["a visit", { distribution: "E1", path: "/a%zz" }, "GET     E1/a%zz  200"],
  ["an ETag of parts", { conditions: [`If-Match "${"0f".repeat(16)}-12"`] }, 'GET     /  200  If-Match "0f0f0f0f…"'],
  ["an answer cut short", { isWhole: false }, "GET     /  200 cut off"],
  ["a strange method", { method: "PROPFIND" }, "PROPF…  /  200"],
])("%s is one line", (_, exchange, shown) => {
  expect(line(exchange)).toBe(shown);
});

test("no answer at all is told as that", () => {
  const { status, ...unanswered }: Exchange = { method: "PUT", path: "/quay/a", status: 0, isWhole: false, conditions: [] };
  expect(status).toBe(0);
  const view = { columns: 80, paint: picocolors.createColors(false), nowMs: 0, isVerbose: false };
  expect(exchangeLine(unanswered, view)).toBe("PUT     quay/a  cut off");
});

test("a long path gives way to the answer and its condition", () => {
  const shown = line({ path: `/quay/${"long/".repeat(30)}`, status: 412, conditions: [`If-Match "${"x".repeat(90)}"`] }, 60);
  expect(shown).toMatch(/^GET {5}quay\/l.*… {2}412 {2}If-Match "x+…$/u);
  expect(shown.length).toBeLessThanOrEqual(60);
});

test("a value that a shell would take apart is quoted", () => {
  expect(exportLines({ AWS_REGION: "a b" }, {})).toEqual(["export AWS_REGION='a b'"]);
});

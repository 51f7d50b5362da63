import { describe, expect, test } from "vitest";
import { BelayError } from "../belay-error.ts";
import { asDigest } from "../brand.ts";
import { parsePlan } from "./parse-plan.ts";

const id = asDigest("ab".repeat(32));
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("parsePlan", () => {
  test.each([
    ["a page", "<!doctype html><title>Harbour</title>"],
    ["nothing", ""],
    ["another JSON value", "[1,2]"],
    ["null", "null"],
    ["a ledger entry", '{"format":1,"kind":"started","target":"staging"}'],
    ["a plan of a later format", '{"format":2,"waves":[],"refusals":[],"target":"staging"}'],
    ["a plan whose waves are no list", '{"format":1,"waves":{},"refusals":[],"target":"staging"}'],
    ["half a plan", '{"format":1,"waves":[],"refusals":[],"tar'],
  ])("%s is no plan, and the way on is told", (_, text) => {
    const parse = (): unknown => parsePlan(id, bytesOf(text));
    expect(parse).toThrow(BelayError);
    expect(parse).toThrow(expect.objectContaining({ code: "plan-unknown", remedy: "Make the plan again: belay plan TARGET" }));
  });

  test("bytes that are not UTF-8 are no plan", () => {
    expect(() => parsePlan(id, new Uint8Array([0xff, 0xfe, 0x00]))).toThrow(expect.objectContaining({ code: "plan-unknown" }));
  });

  test("a plan keeps the id under which it was found", () => {
    const parsed = parsePlan(id, bytesOf('{"format":1,"waves":[],"refusals":[],"target":"staging"}'));
    expect(parsed).toMatchObject({ id, plan: { target: "staging", waves: [] } });
  });
});

import { describe, expect, test } from "vitest";
import { layoutFor, withPorts } from "./sandbox-layout.ts";

const ports = (port: number, ...fixed: readonly (number | undefined)[]): number[] =>
  withPorts(
    fixed.map((at, index) => ({ id: `E${index}`, bucket: "quay", ...(at === undefined ? {} : { port: at }) })),
    port,
  ).map((distribution) => distribution.port);

/** The distributions that one `--distribution` makes. */
const behind = async (text: string): Promise<unknown> =>
  (await layoutFor({ operands: [], options: { distribution: [text] } }, () => expect.fail("belay.yaml was read"))).distributions;

describe("the edges", () => {
  test("listen on the ports behind the sandbox's own, around those that belay.yaml gives away", () => {
    expect(ports(9070, undefined, undefined)).toEqual([9071, 9072]);
    expect(ports(9070, undefined, 9071, undefined)).toEqual([9072, 9071, 9073]);
    expect(ports(9070, 80)).toEqual([80]);
  });

  test("listen on any port where the sandbox does, save for those that belay.yaml gives away", () => {
    expect(ports(0, undefined, 9080, undefined)).toEqual([0, 9080, 0]);
  });

  test("cannot have one port between them, nor the sandbox's own", () => {
    expect(() => ports(9070, 9080, 9080)).toThrow("belay.yaml's url gives port 9080 to E1, and another target has it.");
    expect(() => ports(9070, 9070)).toThrow("the sandbox itself has it");
  });
});

describe("a distribution given by hand", () => {
  test.each([
    ["E1=quay", { id: "E1", bucket: "quay" }],
    ["cloudfront:E1=s3://quay/www/a/", { id: "E1", bucket: "quay", originPath: "/www/a" }],
  ])("%s", async (text, distribution) => {
    expect(await behind(text)).toEqual([distribution]);
  });

  test.each([["E1=192.168.0.1"], ["E1=quay..live"], ["E1="], ["=quay"], ["E1=quay//a"]])("%s is none", async (text) => {
    await expect(behind(text)).rejects.toThrow("--distribution takes ID=BUCKET");
  });
});

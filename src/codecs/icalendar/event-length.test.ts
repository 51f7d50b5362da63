import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLength, writeLength } from "./event-length.ts";

const hourMs = 3_600_000;
const unit = (name: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constant(""),
    fc.nat(99).map((amount) => `${amount}${name}`),
  );

describe("a length", () => {
  it.each([
    ["PT3H", { days: 0, ms: 3 * hourMs }],
    ["+PT90M", { days: 0, ms: 1.5 * hourMs }],
    ["P1DT2H", { days: 1, ms: 2 * hourMs }],
    ["P2W", { days: 14, ms: 0 }],
    ["pt30m", { days: 0, ms: hourMs / 2 }],
    ["P", undefined],
    ["PT", undefined],
    ["P1DT", undefined],
    ["-PT15M", undefined],
    ["PT3", undefined],
    ["P40000D", undefined],
    ["3 h", undefined],
  ])("%s is read", (text, expected) => {
    expect(readLength(text)).toEqual(expected);
  });

  it.each([
    [{ days: 0, ms: 4 * hourMs }, "PT3H", "PT4H"],
    [{ days: 0, ms: 4 * hourMs }, "PT180M", "PT240M"],
    [{ days: 0, ms: 3.5 * hourMs }, "PT3H", "PT3H30M"],
    [{ days: 0, ms: 4 * hourMs }, "P0DT3H0M0S", "P0DT4H0M0S"],
    [{ days: 0, ms: 26 * hourMs }, "PT3H", "PT26H"],
    [{ days: 14, ms: 0 }, "P1W", "P2W"],
    [{ days: 10, ms: 0 }, "P1W", "P10D"],
    [{ days: 1, ms: hourMs }, "+P2D", "+P1DT1H"],
    [{ days: 0, ms: 0 }, "P1D", "P0D"],
  ])("%j is written like %s", (length, like, expected) => {
    expect(writeLength(length, like)).toBe(expected);
  });

  it("reads back as what was written, whatever it was written like", () => {
    const time = fc.tuple(unit("H"), unit("M"), unit("S")).map((parts) => parts.join(""));
    const like = fc
      .tuple(fc.constantFrom("", "+"), unit("W"), unit("D"), time)
      .map(([sign, weeks, days, rest]) => `${sign}P${weeks}${days}${rest === "" ? "" : `T${rest}`}`)
      .filter((text) => readLength(text) !== undefined);
    const length = fc.record({ days: fc.nat(400), ms: fc.nat(86_399).map((seconds) => seconds * 1000) });
    fc.assert(
      fc.property(length, like, (wanted, form) => {
        expect(readLength(writeLength(wanted, form))).toEqual(wanted);
      }),
      { numRuns: 500 },
    );
  });
});

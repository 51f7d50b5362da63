import { describe, expect, it } from "vitest";
import { changesOf } from "./seen.ts";

/** Generous: the machines that run tests are slower than the ones that people sit at. */
const secondsMax = 3;

const openings = [
  "$(",
  "(",
  "`",
  '"$(',
  "{ ",
  "${a:-",
  "<(",
  "$((",
  "if x; then ",
  "[[ ( ",
  "a() {",
  "case x in x) ",
  "x=(",
  "<<E ",
  "$'",
  "\\",
  "[",
  "a|",
  "a&&",
  '"`',
];
const repeated = [
  "eval ",
  "sudo ",
  "bash -c '",
  "env ",
  "xargs ",
  "X=$X$X;",
  "f(){ f;f; };f;",
  "{1..9}",
  "{a,b}",
  "x=${x//a/aa};",
  "for i in ",
];

describe("garbage is answered soon, and never taken for harmless", () => {
  it.each([...openings, ...repeated])("5,000 times %j", (piece) => {
    const started = process.cpuUsage();
    expect(() => changesOf(`aws s3 rm ${piece.repeat(5000)}`)).not.toThrow();
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(secondsMax);
  });

  it.each(openings.filter((piece) => !["\\", "[", "<<E "].includes(piece)))("a write behind 10,001 openings %j is not lost", (piece) => {
    const changes = changesOf(`${piece.repeat(10_001)}\naws s3 rm s3://shop-live/x`);
    expect(changes.filter((change) => change.includes("opaque") || change.includes("shop-live"))).not.toEqual([]);
  });

  it.each([
    ["10 MB", "aws s3 ".repeat(1_500_000)],
    ["100,000 words", `aws ${"a ".repeat(100_000)}`],
    ["100,000 commands", "aws a; ".repeat(100_000)],
    ["loops in loops", "for a in {1..60}; do for b in {1..60}; do for c in {1..60}; do aws $a$b$c; done; done; done"],
    [
      "functions that double",
      `${Array.from({ length: 30 }, (_, at) => `f${String(at)}() { f${String(at + 1)}; f${String(at + 1)}; }; `).join("")}f30() { aws; }; f0`,
    ],
  ])("%s: opaque", (_, text) => {
    const started = process.cpuUsage();
    expect(changesOf(text)).toContain("write opaque");
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(secondsMax);
  });

  it("loops in which a further round shows nothing new are read to their end", () => {
    const started = process.cpuUsage();
    expect(changesOf(`${"while a; do ".repeat(30)}aws s3 rm s3://shop-live/x${"; done".repeat(30)}`)).toContain(
      "delete bucket shop-live/x",
    );
    expect(changesOf(`${"while a; do ".repeat(30)}aws s3 ls${"; done".repeat(30)}`)).toEqual([]);
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(secondsMax);
  });

  it("variables of a Makefile that double twentyfold are soon not followed, and the write below them is seen", () => {
    const chain = Array.from({ length: 8 }, (_, at) => `V${String(at)} = ${`$(V${String(at + 1)})`.repeat(20)}\n`).join("");
    const started = process.cpuUsage();
    const files = { "big.mk": `${chain}V8 =\nall:\n\techo $(V0)\n\taws s3 rm s3://shop-live/x\n` };
    expect(changesOf("make -f big.mk", files)).toContain("delete bucket shop-live/x");
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(secondsMax);
  });

  it("patterns replaced in long texts are soon not followed, and the write behind them is seen", () => {
    const started = process.cpuUsage();
    const long = `x=aaaaaaaaaaaaaaaa; ${"x=$x$x; ".repeat(12)}`;
    expect(changesOf(`${long} ${"y=${x//*z/}; ".repeat(30)} aws s3 rm s3://shop-live/x`)).toContain("delete bucket shop-live/x");
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(secondsMax);
  });

  it("what mentions nothing that writes is let be, however broken", () => {
    expect(changesOf("echo 'open")).toEqual([]);
    expect(changesOf(`grep ${"(".repeat(500)}`)).toEqual([]);
  });

  it("bytes of no text and zero characters do no harm", () => {
    const text = Array.from({ length: 50_000 }, (_, at) => String.fromCharCode((at * 7919) % 65_536)).join("");
    expect(() => changesOf(text)).not.toThrow();
    expect(changesOf("aws s3 rm s3://shop\u0000-live/x")).toEqual(["delete bucket shop-live/x"]);
  });
});

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { denialColumnsMax, denialLinesMax, renderDenial } from "./denial.ts";
import type { Objection } from "./verdict.ts";

const objection: Objection = {
  rule: "D2",
  code: "guarded-write",
  what: "aws s3 cp writes to queenofsandiego-prod, which is production",
  intent: "write bucket queenofsandiego-prod",
  instead: "belay deploy staging index.html",
  person: "from there it goes on with `belay promote production`, once a person has approved it",
};

describe("a refusal's words", () => {
  it("say the rule, what was in the way, why, what is known, the command and what a person can do", () => {
    expect(renderDenial(objection, { timesBefore: 0, known: "production took r41 “Menu” on 20 Nov 2026, by Ana" }).split("\n")).toEqual([
      "Refused by belay (D2): aws s3 cp writes to queenofsandiego-prod, which is production.",
      "D2: a change goes to staging first, and production takes what was verified there, through belay.",
      "Known here: production took r41 “Menu” on 20 Nov 2026, by Ana.",
      "Instead: belay deploy staging index.html",
      "A person can: from there it goes on with `belay promote production`, once a person has approved it.",
    ]);
  });

  it("grow firmer the second and the third time, and never longer than six lines", () => {
    const first = renderDenial(objection, { timesBefore: 0, known: "x" });
    const second = renderDenial(objection, { timesBefore: 1, known: "x" });
    const third = renderDenial(objection, { timesBefore: 2, known: "x" });
    expect(first).not.toContain("before");
    expect(second).toContain("Refused before in this session");
    expect(third).toContain("Refused 2 times before");
    expect(third.split("\n")).toHaveLength(6);
  });

  it("put a question without threats", () => {
    const text = renderDenial(objection, { timesBefore: 3, isQuestion: true });
    expect(text).toMatch(/^belay leaves this to a person \(D2\)/u);
    expect(text).not.toContain("Refused");
  });

  it("break a long command where a shell takes it back, and leave out one that cannot be shown whole", () => {
    const path = "rooms/a-very-long-name-of-a-page-that-nobody-would-choose.html";
    const long = renderDenial({ ...objection, instead: `belay pull production ${path} '${path} b'` }, { timesBefore: 0 });
    const at = long.split("\n").findIndex((line) => line.startsWith("Instead: "));
    const command = long
      .split("\n")
      .slice(at, at + 2)
      .join("\n")
      .replace("Instead: ", "")
      .replace(" \\\n  ", " ");
    expect(command).toBe(`belay pull production ${path} '${path} b'`);
    expect(renderDenial({ ...objection, instead: `belay pull production ${"x".repeat(120)}` }, { timesBefore: 0 })).not.toContain(
      "Instead",
    );
  });

  it("are at most six lines of at most a hundred columns, without control characters, whatever is said", () => {
    const texts = fc.oneof(fc.string({ maxLength: 400, unit: "binary" }), fc.string({ maxLength: 400 }));
    fc.assert(
      fc.property(fc.tuple(texts, texts, texts, texts), fc.nat(5), ([what, known, instead, person], timesBefore) => {
        const text = renderDenial({ ...objection, what, instead, person }, { timesBefore, known });
        const lines = text.split("\n");
        expect(lines.length).toBeLessThanOrEqual(denialLinesMax);
        for (const line of lines) expect(Array.from(line).length).toBeLessThanOrEqual(denialColumnsMax);
        // oxlint-disable-next-line no-control-regex -- control characters are exactly what must not be there
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u);
      }),
      { numRuns: 40 },
    );
  });

  it("offer no flag, code or variable that lets the agent go on", () => {
    for (const timesBefore of [0, 1, 2, 9]) {
      expect(renderDenial(objection, { timesBefore })).not.toMatch(/--force|--yes|--no-|allow-once|BELAY_|override|bypass/iu);
    }
  });
});

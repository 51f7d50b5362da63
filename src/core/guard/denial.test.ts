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
  person: "approve it; from there it goes on with `belay promote production`",
};

describe("a refusal's words", () => {
  it("say the rule, what was in the way, why, what is known, the command and what a person can do", () => {
    expect(renderDenial(objection, { timesBefore: 0, known: "production took r41 “Menu” on 20 Nov 2026, by Ana" }).split("\n")).toEqual([
      "Refused by belay (D2): aws s3 cp writes to queenofsandiego-prod, which is production.",
      "D2: a change goes to staging first, and production takes what was verified there, through belay.",
      "Known here: production took r41 “Menu” on 20 Nov 2026, by Ana.",
      "Instead: belay deploy staging index.html",
      "A person can: approve it; from there it goes on with `belay promote production`.",
    ]);
  });

  it("ask for words that say what is written to, where that cannot be told", () => {
    const { instead: _, ...unclear } = { ...objection, code: "unresolved-destination" as const };
    expect(renderDenial(unclear, { timesBefore: 0 })).toContain("literal target");
  });

  it("leave the way open that the command opens: what has to be looked at first", () => {
    const unseen: Objection = { ...objection, rule: "D1", code: "not-seen-live", instead: "belay pull production index.html" };
    const third = renderDenial(unseen, { timesBefore: 2 });
    expect(third).toContain("the command above opens it");
    expect(third).not.toContain("leave it, and tell the person");
  });

  it("break a long command between two commands, where both parts fit", () => {
    const instead = `cp /somewhere/that/is/rather/long/index.html /work/site/public/deep/index.html && belay deploy staging deep/index.html`;
    expect(renderDenial({ ...objection, instead }, { timesBefore: 0 })).toContain(" && \\\n  belay deploy staging deep/index.html");
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
    const threefold = `(set -C; cat /${"a".repeat(70)} > /${"b".repeat(70)}) && belay deploy staging ${"c".repeat(30)}`;
    const shown = renderDenial({ ...objection, instead: threefold }, { timesBefore: 2, known: "x" });
    expect(shown.replaceAll(" \\\n  ", " ")).toContain(`Instead: ${threefold}\n`);
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

  it("are six lines of a hundred columns where there is more to say than that", () => {
    const long = { what: "word ".repeat(60), instead: `belay deploy staging ${"guide/page.html ".repeat(8)}`, person: "look at it" };
    const lines = renderDenial({ ...objection, ...long }, { timesBefore: 3, known: "production took r41" }).split("\n");
    expect(lines).toHaveLength(6);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it("show paths from the working folder, whole words, and no line that begins with a comma", () => {
    const far = "/home/ann/shops/tide/srv/production/rooms/with-a-view/of-the-harbour/and-of-the-lighthouse/in-the-morning/index.html";
    const what = "shutil.copy writes to /home/ann/work/srv/production/index.html, in /home/ann/work/srv/production, which is production";
    expect(renderDenial({ ...objection, what }, { timesBefore: 0, folder: "/home/ann/work/site" })).toContain(
      "shutil.copy writes to ../srv/production/index.html, in ../srv/production,",
    );
    expect(renderDenial({ ...objection, what }, { timesBefore: 0, folder: "/home/ann/work" })).toContain(
      "writes to srv/production/index.html,",
    );
    const lines = renderDenial({ ...objection, what: `shutil.copy writes to ${far}, in ${far}, which is production` }, { timesBefore: 0 });
    for (const line of lines.split("\n")) expect(line).not.toMatch(/^\s*[,.;]|\w…$/u);
  });

  it("leave out clauses where there is not room for all, and tear no word and no command", () => {
    const known = `live was newer at the last look, ${"which nobody of the whole house expected at all, ".repeat(3)}since then nothing`;
    const [, , line = ""] = renderDenial(objection, { timesBefore: 0, known }).split("\n");
    expect(line).toMatch(/^Known here: live was newer at the last look, .*at all\.$/u);
    const person = `look at what stands there, at length and with care, and then at leisure run \`belay promote production, ${"x".repeat(30)}\``;
    expect(renderDenial({ ...objection, person }, { timesBefore: 0 })).toMatch(
      /A person can: look at what stands there, at length and with care\.$/u,
    );
  });

  it("offer no flag, code or variable that lets the agent go on", () => {
    for (const timesBefore of [0, 1, 2, 9]) {
      expect(renderDenial(objection, { timesBefore })).not.toMatch(/--force|--yes|--no-|allow-once|BELAY_|override|bypass/iu);
    }
  });
});

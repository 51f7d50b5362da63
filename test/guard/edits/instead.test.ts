/** What a refusal names instead: every command of it is one that the command line takes, and none that the guard refuses in its turn. */

import { describe, expect, it } from "vitest";
import { parseScript } from "../../../src/codecs/shell-script/parse-script.ts";
import type { Effect, EffectVerb, Place } from "../../../src/core/guard/effect.ts";
import { effectsOfCommand } from "../../../src/core/guard/effects-of-command.ts";
import { judgeEffects } from "../../../src/core/guard/judge-effects.ts";
import type { GuardScope } from "../../../src/core/guard/scope.ts";
import { buildProgram } from "../../../src/faces/cli/build-program.ts";

const site = {
  name: "harbor",
  root: "/w/my site",
  liveTargets: ["production"],
  targets: ["staging", "preview", "production"],
  guardedTargets: ["staging", "preview", "production"],
  after: { preview: "staging", production: "preview" },
};
const bucket = (name: string, target: string) => ({ name, label: `harbor/${target}`, target, prefix: "www/", except: [] });
const scope: GuardScope = {
  folder: "/w",
  buckets: [
    bucket("h-stage", "staging"),
    bucket("h-pre", "preview"),
    bucket("h-prod", "production"),
    { ...bucket("alone", "live"), label: "alone/live" },
  ],
  distributions: [{ name: "E1", label: "harbor/production", target: "production" }],
  tables: [{ name: "rides", label: "ride table" }],
  urls: [{ name: "https://cal.example/boats", label: "ride calendar" }],
  folders: [{ name: "/mnt/harbor", label: "harbor/production", target: "production" }],
  sites: [site, { ...site, name: "alone", targets: ["live"], liveTargets: ["live"], guardedTargets: ["live"], after: {} }],
  stateFolders: ["/w/.belay"],
  hasRecords: true,
};

const keys = [
  undefined,
  "www/a.html",
  "www/it's new/b c.html",
  "www/rooms/",
  "www/LICENSE",
  "www/--yes",
  "www/*.html",
  "www/-rf.html",
  "www/",
];
const places: readonly Place[] = [
  ...["h-stage", "h-pre", "h-prod", "alone"].flatMap((name) =>
    keys.map((key): Place => ({ kind: "bucket", name, ...(key === undefined ? {} : { key }) })),
  ),
  { kind: "distribution", id: "E1" },
  { kind: "table", name: "rides" },
  { kind: "url", url: "https://cal.example/boats/1.ics" },
  { kind: "file", path: "/mnt/harbor/rooms/a b.html" },
  { kind: "file", path: "/mnt/harbor" },
  { kind: "infrastructure", about: "bucket h-prod" },
];
const sources: readonly (Place | undefined)[] = [
  undefined,
  { kind: "file", path: "/w/my site/a.html" },
  { kind: "file", path: "/w/my site/rooms" },
  { kind: "file", path: "/elsewhere/a.html" },
  { kind: "bucket", name: "h-stage", key: "www/a.html" },
  { kind: "bucket", name: "h-pre" },
  { kind: "bucket", name: "h-prod", key: "www/a.html" },
];
const verbs: readonly EffectVerb[] = ["write", "delete", "configure", "purge", "delegate"];
const tools = ["aws s3 cp", "aws s3 rb", "aws s3api restore-object"];

const effects = verbs.flatMap((verb) =>
  places.flatMap((destination) =>
    sources.flatMap((source) =>
      tools.map((tool): Effect => ({ tool, verb, destination, ...(source === undefined ? {} : { source }), through: [] })),
    ),
  ),
);
const insteads = new Set(
  effects.flatMap((effect) => {
    const verdict = judgeEffects([effect], scope);
    return verdict.kind === "allow" || verdict.instead === undefined ? [] : [verdict.instead];
  }),
);

/** The words of a command without expansions, as a shell gives them. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/(?:'[^']*'|\\.|[^\s'\\])+/gu)].map(([word]) =>
    word.replaceAll(/'(?<inside>[^']*)'|\\(?<sign>.)/gu, "$<inside>$<sign>"),
  );

it("every such write is refused", () => {
  expect(effects.filter((effect) => judgeEffects([effect], scope).kind === "allow")).toEqual([]);
  expect(insteads.size).toBeGreaterThan(20);
});

describe("the command that a refusal names", () => {
  it.each([...insteads])("is taken by the command line: %s", async (instead) => {
    const seen: string[] = [];
    const commands = instead.split(" && ");
    // What comes before takes nothing from anybody: with `set -C` nothing is written over a file that is there.
    for (const command of commands.slice(0, -1)) expect(command).toMatch(/^\(set -C; cat '?\/.+ > '?\/.+\)$/u);
    for (const command of commands.slice(-1)) {
      const [program, ...words] = wordsOf(command);
      expect(program).toBe("belay");
      const cli = buildProgram({
        version: "0",
        columns: 80,
        print: () => undefined,
        act: async ({ name }, { operands, options }) => {
          seen.push(name);
          expect(operands.filter((word) => word.startsWith("-"))).toEqual([]);
          expect(Object.keys(options).filter((option) => ["yes", "confirm", "emergency"].includes(option))).toEqual([]);
          await Promise.resolve();
        },
      });
      await cli.parseAsync(words, { from: "user" });
    }
    expect(seen).toHaveLength(1);
  });

  it.each([...insteads])("is not refused in its turn: %s", (instead) => {
    const facts = { readFile: () => undefined, listFolder: () => [], homeFolder: "/home/nobody" };
    expect(judgeEffects(effectsOfCommand(instead, { cwd: "/w" }, { parse: parseScript, facts }), scope)).toEqual({ kind: "allow" });
  });
});

const named = (effect: Partial<Effect> & Pick<Effect, "verb" | "destination">): string | undefined => {
  const verdict = judgeEffects([{ tool: "aws s3 cp", through: [], ...effect }], { ...scope, sites: [site] });
  return verdict.kind === "allow" ? "allowed" : verdict.instead;
};
const prod = (key?: string): Place => ({ kind: "bucket", name: "h-prod", ...(key === undefined ? {} : { key }) });
const from = (name: string): Place => ({ kind: "bucket", name, key: "www/a.html" });

describe("what is wanted decides what is named", () => {
  it("a file goes to the first stage at once, more than that is planned there", () => {
    expect(named({ verb: "write", destination: prod("www/a.html") })).toBe("belay deploy staging a.html");
    for (const key of [undefined, "www/rooms/", "www/LICENSE"])
      expect(named({ verb: "write", destination: prod(key) })).toMatch(/^belay plan staging/u);
  });

  it("a file from elsewhere is brought into the site first, over no other", () => {
    const source: Place = { kind: "file", path: "/elsewhere/a.html" };
    expect(named({ verb: "write", destination: prod("www/a.html"), source })).toBe(
      "(set -C; cat /elsewhere/a.html > '/w/my site/a.html') && belay deploy staging a.html",
    );
  });

  it("a delete is planned, and takes nothing from the working copy by itself; a bucket is nobody's to delete", () => {
    expect(named({ verb: "delete", destination: prod("www/a.html") })).toBe("belay plan staging a.html");
    expect(named({ verb: "delete", destination: prod("www/rooms/") })).toBe("belay plan staging rooms");
    expect(named({ verb: "delete", destination: prod(), tool: "aws s3 rb" })).toBeUndefined();
  });

  it("a copy from the stage before is a promotion, one back is a pull", () => {
    expect(named({ verb: "write", destination: prod("www/a.html"), source: from("h-pre") })).toBe("belay promote production");
    expect(named({ verb: "write", destination: { kind: "bucket", name: "h-stage" }, source: from("h-prod") })).toBe(
      "belay pull production a.html",
    );
  });

  it("records are audited, caches looked at, settings hardened, earlier versions listed", () => {
    expect(named({ verb: "write", destination: { kind: "table", name: "rides" } })).toBe("belay audit ride");
    expect(named({ verb: "purge", destination: { kind: "distribution", id: "E1" } })).toBe("belay status production");
    expect(named({ verb: "configure", destination: prod() })).toBe("belay harden production");
    expect(named({ verb: "write", destination: prod("www/a"), tool: "aws s3api restore-object" })).toBe("belay snapshots production");
  });
});

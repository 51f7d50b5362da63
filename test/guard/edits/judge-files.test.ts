import { symlinkSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lookValidMs } from "../../../src/core/guard/edits/is-seen.ts";
import { renderDenial } from "../../../src/core/guard/denial.ts";
import { belayYaml, EditWorld, told } from "./edit-world.ts";

let world: EditWorld;
beforeEach(() => {
  world = new EditWorld();
  world.file("public/index.html", "<h1>Harbor</h1>");
  world.bench.memory.session(world.session);
});
afterEach(() => {
  world.end();
});

describe("an edit of a page (decision 6)", () => {
  it("is refused before this session looked at live, and the command that looks is named", async () => {
    const verdict = await world.write("public/index.html", "<h1>New</h1>");
    expect(verdict).toMatchObject({ kind: "deny", rule: "D1", code: "not-seen-live", instead: "belay pull production index.html" });
    expect(told(await world.judge({ path: world.path("public/index.html"), verb: "delete" }))).toBe("deny not-seen-live");
  });

  it("is allowed once a look found it the same, or a pull brought it", async () => {
    world.look();
    expect(told(await world.write("public/index.html"))).toBe("allow");
  });

  it("is refused where the look found live newer, and says whose version it is", async () => {
    const liveAtMs = Date.UTC(2031, 4, 19, 9);
    world.look({ unseen: [{ path: "index.html", lineage: "behind", liveAtMs, liveBy: "Ana", release: "r41" }] });
    world.clock.now += 20 * 60_000;
    const verdict = await world.write("public/index.html");
    expect(verdict).toMatchObject({
      code: "not-seen-live",
      known: "at the last look, 20 min ago, live was newer than the copy here: a version of 19 May 2031 by Ana (r41)",
    });
    world.look({ paths: ["index.html"] });
    expect(told(await world.write("public/index.html"))).toBe("allow");
  });

  it("is refused on the strength of another session's look, or of one of long ago", async () => {
    world.look();
    expect(told(await world.write("public/index.html"))).toBe("allow");
    world.clock.now += lookValidMs + 1;
    expect(told(await world.write("public/index.html"))).toBe("deny not-seen-live");
    world.look();
    world.clock.now += 60_000;
    const other = { ...world.session, id: "s2" };
    world.bench.memory.begin(other);
    const { judgeFiles } = await import("../../../src/operations/guard/judge-files.ts");
    expect(told(await judgeFiles([{ path: world.path("public/index.html"), verb: "write" }], other, world.bench))).toBe(
      "deny not-seen-live",
    );
  });

  it("counts where visitors see it: a look at staging is none", async () => {
    world.look({ target: "staging" });
    expect(told(await world.write("public/index.html"))).toBe("deny not-seen-live");
  });

  it("names every page of one call in one command, and more than five not at all", async () => {
    for (let at = 0; at < 7; at += 1) world.file(`public/p${at}.html`, "x");
    const change = (at: number) => ({ path: world.path(`public/p${at}.html`), verb: "write" }) as const;
    expect(await world.judge(change(0), change(1))).toMatchObject({ instead: "belay pull production p0.html p1.html" });
    const many = await world.judge(...[0, 1, 2, 3, 4, 5, 6].map(change));
    expect(many).toMatchObject({ instead: "belay pull production p0.html p1.html p2.html p3.html p4.html" });
    expect(many).toMatchObject({ what: expect.stringContaining("and 6 more pages") });
  });

  it("is no business of belay's for files that are not published", async () => {
    for (const name of ["public/drafts/a.html", "public/.env", "src/app.css", "README.md", "public/CLAUDE.md"]) {
      world.file(name, "x");
      expect([name, told(await world.write(name, "y"))]).toEqual([name, "allow"]);
    }
  });

  it("is no business of belay's where no guarded target is live", async () => {
    world.end();
    world = new EditWorld(belayYaml.replace("after: staging,", "after: staging, guard: false,").replace(/guard:\n {2}mounts.*\n/u, ""));
    world.file("public/index.html", "x");
    expect(told(await world.write("public/index.html"))).toBe("allow");
  });

  it("is met under any name: through links, dots and other spellings of the same folder", async () => {
    symlinkSync(world.path("public"), world.path("www"));
    symlinkSync(world.path("public/index.html"), world.path("alias.html"));
    for (const name of ["www/index.html", "alias.html", "src/../public/./index.html"])
      expect([name, told(await world.write(name))]).toEqual([name, "deny not-seen-live"]);
  });

  it("is put back in sight by a diff where the file was taken away here", async () => {
    world.look({ unseen: [{ path: "old.html", lineage: "removed", isAbsentHere: true }] });
    expect(await world.write("public/old.html", "again")).toMatchObject({ instead: "belay diff production old.html" });
  });
});

describe("a new page", () => {
  it("is allowed, and may be edited further in the same session", async () => {
    expect(told(await world.write("public/tours/new.html", "<h1>New</h1>"))).toBe("allow");
    world.file("public/tours/new.html", "<h1>New</h1>");
    expect(told(await world.write("public/tours/new.html", "<h1>Newer</h1>"))).toBe("allow");
  });

  it("is refused where live holds one of its name that is not here", async () => {
    world.look({ unseen: [{ path: "tours/new.html", lineage: "behind", isAbsentHere: true }] });
    expect(told(await world.write("public/tours/new.html", "x"))).toBe("deny not-seen-live");
  });

  it("is refused where it shows a record that has a page (R9), with that page's address", async () => {
    world.bench = {
      ...world.bench,
      scope: { ...world.bench.scope, hasRecords: true },
      recordOfPage: async (_, key) =>
        await Promise.resolve({
          path: key,
          kind: "booking",
          record: "1042",
          is: "record",
          page: { key: "rides/1042.html", at: "production", url: "https://harbor.example/rides/1042.html" },
          from: "target",
          evidence: ["same number"],
        }),
    };
    const verdict = await world.write("public/rides/may-30.html", "<p>#1042</p>");
    expect(verdict).toMatchObject({ kind: "deny", rule: "R9", code: "record-exists", instead: "belay pull production rides/1042.html" });
    expect(verdict.kind === "deny" && renderDenial(verdict, { timesBefore: 0 })).toContain("https://harbor.example/rides/1042.html");
    world.look();
    expect(told(await world.write("public/index.html", "<p>#1042</p>"))).toBe("allow");
  });
});

describe("files that the guard rests on", () => {
  it("belay's state is written by belay alone", async () => {
    for (const name of [".belay/looks.jsonl", ".belay/guard/sessions/claude-x.jsonl", ".belay/base/production/00.json"])
      expect([name, told(await world.write(name, "{}"))]).toEqual([name, "deny state-touched"]);
  });

  it("an agent's settings may change around belay's pieces, and not in them", async () => {
    const own = { hooks: { PreToolUse: [{ matcher: "Bash", hooks: [{ type: "command", command: 'sh "/opt/belay/guard.sh" claude' }] }] } };
    world.file(".claude/settings.json", JSON.stringify({ ...own, model: "a" }));
    expect(told(await world.write(".claude/settings.json", JSON.stringify({ ...own, model: "b" })))).toBe("allow");
    expect(told(await world.write(".claude/settings.json", JSON.stringify({ ...own, disableAllHooks: true })))).toBe("deny guard-touched");
    expect(told(await world.write(".claude/settings.json", "{ broken"))).toBe("deny guard-touched");
    // What it becomes cannot be told.
    expect(told(await world.write(".claude/settings.json"))).toBe("deny guard-touched");
  });

  it("belay.yaml may guard more, never less", async () => {
    const edit = async (from: string | RegExp, to: string) => told(await world.write("belay.yaml", belayYaml.replace(from, to)));
    expect(await edit('ignore: ["drafts/**"]', 'ignore: ["drafts/**"]\n  unit: any')).toBe("allow");
    expect(await edit(", guard: false }", " }")).toBe("allow");
    expect(await edit("after: staging,", "after: staging, guard: false,")).toBe("deny guard-touched");
    expect(await edit('s3://harbor-prod", after', 's3://harbor-spare", after')).toBe("deny guard-touched");
    expect(await edit(', cdn: "cloudfront:E1HARBOR"', "")).toBe("deny guard-touched");
    expect(await edit(/guard:\n {2}mounts.*\n/u, "")).toBe("deny guard-touched");
    expect(await edit("root: public", "root: www")).toBe("deny guard-touched");
    expect(await edit("version: 1", "version: [")).toBe("deny guard-touched");
    expect(told(await world.judge({ path: world.path("belay.yaml"), verb: "delete" }))).toBe("deny guard-touched");
  });

  it("a second belay.yaml further down does not take the place of the one that guards", async () => {
    const empty = 'version: 1\nsite:\n  root: .\n  targets:\n    local: { store: "dir:out", guard: false }\n';
    expect(told(await world.write("public/belay.yaml", empty))).toBe("deny guard-touched");
  });

  it("a mount of a guarded bucket is not written to", async () => {
    expect(told(await world.write("/mnt/harbor/index.html", "x"))).toBe("deny guarded-write");
  });
});

describe("a script that is planted for later", () => {
  const upload = "aws s3 sync public s3://harbor-prod";
  it.each([
    ["deploy.sh", `#!/bin/sh\nset -e\n${upload}\n`],
    ["bin/deploy", `#!/usr/bin/env bash\n${upload}\n`],
    ["package.json", JSON.stringify({ scripts: { build: "hugo", ship: upload } })],
    ["Makefile", `all: build\n\nbuild:\n\thugo\n\nship:\n\t${upload}\n`],
    ["tools/up.py", "import boto3\nboto3.client('s3').upload_file('i', 'harbor-prod', 'index.html')\n"],
    [
      ".github/workflows/deploy.yml",
      `on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - name: up\n        run: |\n          hugo\n          ${upload}\n`,
    ],
    [".gitlab-ci.yml", `deploy:\n  script:\n    - hugo\n    - ${upload}\n`],
    [".github/workflows/ship.yml", "jobs:\n  a:\n    steps:\n      - run: ./tools/ship.sh\n"],
    [".circleci/config.yml", "jobs:\n  a:\n    steps:\n      - run:\n          command: sh tools/ship.sh\n"],
    [".github/workflows/in.yml", "jobs:\n  a:\n    steps:\n      - run: sh ship.sh\n        working-directory: ./tools/\n"],
    [".github/workflows/deep.yml", "jobs:\n  a:\n    steps:\n      - run: sh ../tools/ship.sh\n        working-directory: 'docs'\n"],
  ])("is refused: %s", async (name, text) => {
    world.file("tools/ship.sh", `${upload}\n`);
    expect([name, told(await world.write(name, text))]).toEqual([name, "deny planted-script"]);
  });

  it.each([
    ["docs/deploy.md", `Never run \`${upload}\`.\n\n    ${upload}\n`],
    ["notes.txt", upload],
    ["deploy.sh", "#!/bin/sh\naws s3 sync public s3://harbor-staging\n"],
    ["down.sh", "aws s3 sync s3://harbor-prod mirror\n"],
    ["any.sh", 'aws s3 sync public "s3://$BUCKET"\n'],
    ["package.json", JSON.stringify({ scripts: { build: "hugo", ship: "belay deploy staging" } })],
    ["comment.sh", `# ${upload}\necho '${upload}'\n`],
    [".github/workflows/check.yml", `# ${upload}\non: push\njobs:\n  a:\n    steps:\n      - run: npm test\n`],
    // Read from the repository's root, where no such script lies.
    [".github/workflows/none.yml", "jobs:\n  a:\n    steps:\n      - run: sh ship.sh\n        working-directory: ${{ matrix.folder }}\n"],
  ])("is no script, or none that surely writes there: %s", async (name, text) => {
    world.file(".github/workflows/ship.sh", `${upload}\n`);
    expect([name, told(await world.write(name, text))]).toEqual([name, "allow"]);
  });

  it("may be edited where it wrote there before, as long as it gains no such write", async () => {
    const before = `${upload}\necho done\n`;
    world.file("old.sh", before);
    expect(told(await world.write("old.sh", before.replace("done", "ready")))).toBe("allow");
    expect(told(await world.write("old.sh", `${before}aws cloudfront create-invalidation --distribution-id E1HARBOR --paths '/*'\n`))).toBe(
      "deny planted-script",
    );
  });
});

/** A few whole transcripts: what a person reads, from the first deploy to the refusal that teaches and the merge. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openCliWorld, type CliWorld } from "./cli-world.ts";

const tokens = [
  "  tokens:",
  '    TIDE_TABLE: { file: index.html, contains: "id=\\"tides\\"" }',
  '    OLD_NOTICE: { file: index.html, absent: "closed for repairs" }',
];

const page = (body: readonly string[]): string =>
  ["<!doctype html>", "<title>Harbour</title>", "<body>", ...body, "</body>", ""].join("\n");
const first = page([
  "<h1>Larkmoor harbour</h1>",
  "<p>Open from nine.</p>",
  "<hr>",
  "<p>The north quay is closed for repairs.</p>",
  "<hr>",
  "<p>Call us.</p>",
]);
const third = page([
  "<h1>Larkmoor harbour</h1>",
  "<p>Open from nine.</p>",
  "<hr>",
  '<section id="tides"><h2>Tides today</h2></section>',
  '<form action="/berth" method="post"><button>Book a berth</button></form>',
  "<hr>",
  "<p>Call us.</p>",
]);

let world: CliWorld;

beforeAll(async () => {
  world = await openCliWorld(tokens);
  await world.write("studio/public/index.html", first);
});
afterAll(() => world.close());

describe("a page and two working copies", () => {
  test("a first deploy without its promised feature is refused, and says which", async () => {
    expect(await world.shown("studio", ["deploy", "live", "--yes"])).toMatchInlineSnapshot(`
      "studio $ belay deploy live --yes
      [stderr]
      ✖ refused D7  index.html
        feature tokens missing: TIDE_TABLE; came back: OLD_NOTICE
        D7: A promised feature stays, and what was removed stays removed.
        next: Put the feature back into the file (belay diff shows what live has). To
              give a token up, a person runs:
              belay tokens retire TIDE_TABLE --why "…"

      nothing was written to live (plan PLAN-ID)
      [exit 3]
      "
    `);
  });

  test("the six lines of proof stand before a write, in their order", async () => {
    await world.write("studio/belay.yaml", (await world.read("studio/belay.yaml")).replace(/ {2}tokens:[\s\S]*$/u, ""));
    await world.write("laptop/belay.yaml", await world.read("studio/belay.yaml"));
    expect(await world.shown("studio", ["deploy", "live", "--yes"])).toMatchInlineSnapshot(`
      "studio $ belay deploy live --yes
      deploy to live  index.html
        +  index.html  new here

      proof
        local                    783f3891d11f5757
        live                     nothing
        diff                     +10 −0 lines in 1 file
        tokens                   none touched
        staging invalidation     none (no CDN)
        production invalidation  none (not this target)

      plan PLAN-ID
      ✔ applied r1 to live: 1 file
        1 page checked in the store
      [exit 0]
      "
    `);
    expect((await world.run("laptop", ["pull", "live"])).exit).toBe(0);
  });

  test("off a terminal nothing is asked: the plan is shown, and the command that confirms it", async () => {
    await world.write("studio/public/index.html", third);
    expect(await world.shown("studio", ["deploy", "live"])).toMatchInlineSnapshot(`
      "studio $ belay deploy live
      deploy to live  index.html
        ~  index.html  changed here since it was last seen

      proof
        local                    6981d9ab8c0264c1
        live                     783f3891d11f5757
        diff                     +2 −1 lines in 1 file
        tokens                   none touched
        staging invalidation     none (no CDN)
        production invalidation  none (not this target)

      plan PLAN-ID
      [stderr]
      ✖ Nobody is here to ask, so the plan needs a confirmation. Nothing was written.
        next: belay deploy live --confirm PLAN-ID
      [exit 2]
      "
    `);
  });

  test("a plan is confirmed by its id, and by no other", async () => {
    const wrong = await world.run("studio", ["deploy", "live", "--confirm", "0123456789ab"]);
    expect(wrong.exit).toBe(2);
    expect(wrong.stderr).toContain("The plan is not 0123456789ab any more");
    const id = /--confirm ([0-9a-f]{12})/u.exec(wrong.stderr)?.[1] ?? "";
    expect((await world.run("studio", ["deploy", "live", "--confirm", id])).exit).toBe(0);
    expect(await world.read("srv/live/index.html")).toBe(third);
  });

  test("a stale page is refused in the words of the page, and live stays as it is", async () => {
    await world.write("laptop/belay.yaml", `${await world.read("laptop/belay.yaml")}${tokens.join("\n")}\n`);
    await world.write("laptop/public/index.html", first.replace("from nine", "from eight"));
    expect(await world.shown("laptop", ["deploy", "live"])).toMatchInlineSnapshot(`
      "laptop $ belay deploy live
      [stderr]
      ✖ refused D8  index.html  live went on by 1 version while this copy was changed

        yours  fe1caa61  175 B  changed here
        base   783f3891         what was last seen here
        live  6981d9ab  253 B  written TODAY (just now) by Wren, release r3
                                so belay's own record says

        this deploy would take from the live page
          form     “POST /berth”
          button   “Book a berth”
          heading  “Tides today”
          text     “Open from nine.”
          id       “tides”
        and bring back what was taken off it
          text     “The north quay is closed for repairs.”
        feature tokens lost  TIDE_TABLE, OLD_NOTICE
        your own change, which a pull keeps
          text     “Open from eight.”
        in lines: 3 of the live page would go, 2 would come

        D8: Live holds work that this copy has never seen. Nothing writes over that;
        it is brought here first.
        next: belay pull live index.html

      ✖ refused D7  index.html
        feature tokens missing: TIDE_TABLE; came back: OLD_NOTICE

      nothing was written to live (plan PLAN-ID)
      nobody was told that a person is needed: set notify: in belay.yaml
      [exit 8]
      "
    `);
    expect(await world.read("srv/live/index.html")).toBe(third);
  });

  test("status says the same in short", async () => {
    expect(await world.shown("laptop", ["status", "live"])).toMatchInlineSnapshot(`
      "laptop $ belay status live
      live  dir:/world/srv/live  r3 just now by Wren
        diverged  index.html  changed here, and live went on by 1 version

        token       file        here       live
        TIDE_TABLE  index.html  missing    ok
        OLD_NOTICE  index.html  came back  ok

        next: belay pull live index.html
      [exit 0]
      "
    `);
  });

  test("a pull keeps both changes and says who has to look", async () => {
    expect(await world.shown("laptop", ["pull", "live", "public/index.html"])).toMatchInlineSnapshot(`
      "laptop $ belay pull live public/index.html
        merged  index.html  both changes are in it
      [stderr]
        Nobody watched this merge, so production waits until a person has looked at
        it: belay warn list
        next: belay diff live index.html
      nobody was told that a person is needed: set notify: in belay.yaml
      [exit 0]
      "
    `);
    expect(await world.read("laptop/public/index.html")).toBe(third.replace("from nine", "from eight"));
    expect(await world.shown("laptop", ["diff", "live"])).toMatchInlineSnapshot(`
      "laptop $ belay diff live
      --- live/index.html
      +++ local/index.html
      @@ -2,7 +2,7 @@
       <title>Harbour</title>
       <body>
       <h1>Larkmoor harbour</h1>
      -<p>Open from nine.</p>
      +<p>Open from eight.</p>
       <hr>
       <section id="tides"><h2>Tides today</h2></section>
       <form action="/berth" method="post"><button>Book a berth</button></form>
      [exit 0]
      "
    `);
  });

  test("two edits of one line leave markers, and the next command", async () => {
    await world.write("studio/public/index.html", third.replace("from nine", "from ten"));
    expect((await world.run("studio", ["deploy", "live", "--yes"])).exit).toBe(0);
    expect(await world.shown("laptop", ["pull", "live"])).toMatchInlineSnapshot(`
      "laptop $ belay pull live
        conflicted  index.html  both changed the same lines, in 1 place
      [stderr]
        Nobody watched this merge, so production waits until a person has looked at
        it: belay warn list
        next: Edit index.html: keep what is right between <<<<<<< and >>>>>>>, delete
              the marker lines.
              belay deploy live index.html
      nobody was told that a person is needed: set notify: in belay.yaml
      [exit 8]
      "
    `);
    expect(await world.read("laptop/public/index.html")).toContain("<<<<<<<");
  });

  test("the record tells all of it", async () => {
    expect(await world.shown("studio", ["log"])).toMatchInlineSnapshot(`
      "studio $ belay log
      #8  TODAY  Wren  merged index.html with live, with nobody watching
      #7  TODAY  Wren  applied r6 to live  (index.html)
      #6  TODAY  Wren  began r6, a deploy to live: “index.html”
      #5  TODAY  Wren  merged index.html with live, with nobody watching
      #4  TODAY  Wren  applied r3 to live  (index.html)
      #3  TODAY  Wren  began r3, a deploy to live: “index.html”
      #2  TODAY  Wren  applied r1 to live  (index.html)
      #1  TODAY  Wren  began r1, a deploy to live: “index.html”

      Names are claimed (by git, the environment or --by), not proven.
      [exit 0]
      "
    `);
  });

  test("what a release replaced is listed, and comes back", async () => {
    expect(await world.shown("studio", ["snapshots", "live"])).toMatchInlineSnapshot(`
      "studio $ belay snapshots live
        release  when  by  changed  title
      ● r6  TODAY  Wren  index.html  index.html
        r3  TODAY  Wren  index.html  index.html
        r1  TODAY  Wren  index.html  index.html
        next: belay rollback live --to r3   (as that release left it)
              belay restore live --from r6   (as it was before that release)
      [exit 0]
      "
    `);
    expect((await world.run("studio", ["restore", "live", "--yes"])).exit).toBe(0);
    expect(await world.read("srv/live/index.html")).toBe(third);
  });
});

import { expect, test } from "vitest";
import { withSite } from "./with-site.ts";

test.each([
  ["belay apply 0f3a", "belay apply 0f3a --site club"],
  ["belay approve 0f3a   (then it goes on)", "belay approve 0f3a --site club   (then it goes on)"],
  ["A person runs: belay pull production c/a.html", "A person runs: belay pull production c/a.html --site club"],
  ["Look at it first.\nbelay rollback production", "Look at it first.\nbelay rollback production --site club"],
  [
    "belay resume   (finishes it)\nbelay undo   (puts it back)",
    "belay resume --site club   (finishes it)\nbelay undo --site club   (puts it back)",
  ],
])("of several sites a command names the one it means: %s", (remedy, told) => {
  expect(withSite(remedy, "club")).toBe(told);
});

test.each([
  ["belay audit class RAKU7A   (shows what differs)"],
  ["belay reconcile class RAKU7A"],
  ["belay pull production --site main   (then edit that page)"],
  ["Correct it by hand, and say nothing to belay about it."],
])("what names its site, or needs none, stays as it is: %s", (remedy) => {
  expect(withSite(remedy, "club")).toBe(remedy);
});

test("where there is one site, no command names it", () => {
  expect(withSite("belay apply 0f3a", undefined)).toBe("belay apply 0f3a");
});

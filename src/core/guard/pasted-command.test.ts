import { describe, expect, test } from "vitest";
import { pastedCommand } from "./pasted-command.ts";

const at = (cwd: string, program = "belay") => ({ folder: "/work/mono/apps/site", cwd, program });

describe("a command that a denial names", () => {
  test("stays as it is beside belay.yaml and below it", () => {
    for (const cwd of ["/work/mono/apps/site", "/work/mono/apps/site/public"])
      expect(pastedCommand("belay deploy staging a.html", at(cwd))).toBe("belay deploy staging a.html");
  });

  test("goes to belay.yaml from above and from beside it", () => {
    expect(pastedCommand("belay plan staging", at("/work/mono"))).toBe("cd apps/site && belay plan staging");
    expect(pastedCommand("belay plan staging", at("/"))).toBe("cd work/mono/apps/site && belay plan staging");
    expect(pastedCommand("belay plan staging", at("/work/mono/apps/site-two"))).toBe("cd /work/mono/apps/site && belay plan staging");
    expect(pastedCommand("cp /x/a '/w/b c' && belay plan staging", { folder: "/w e", cwd: "/", program: "belay" })).toBe(
      "cd 'w e' && cp /x/a '/w/b c' && belay plan staging",
    );
  });

  test("starts the belay that is there, and changes no other program's command", () => {
    expect(pastedCommand("[ ! -e b ] && cp a b && belay deploy staging b", at("/work/mono/apps/site", "npx belay"))).toBe(
      "[ ! -e b ] && cp a b && npx belay deploy staging b",
    );
    for (const other of ["terraform plan", "git clean -fdx -e .belay"]) expect(pastedCommand(other, at("/work", "npx belay"))).toBe(other);
  });
});

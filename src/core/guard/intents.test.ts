import { describe, expect, it } from "vitest";
import { afterRefusals } from "./intents.ts";
import type { Verdict } from "./verdict.ts";

const ask: Verdict = { kind: "ask", rule: "guard", code: "delegated", what: "gh workflow run has CI do it", intent: "delegate gh" };
const before = (intent: string): readonly { intent: string; times: number; lastAtMs: number }[] => [{ intent, times: 1, lastAtMs: 1 }];

describe("after a refusal", () => {
  it("the same intent is not put to a person as a question", () => {
    expect(afterRefusals(ask, before("delegate gh")).kind).toBe("deny");
  });

  it("neither is another way to the same place", () => {
    const about: Verdict = { ...ask, what: "deploy.sh, which cannot be read, mentions queenofsandiego-prod" };
    expect(afterRefusals(about, before("write bucket queenofsandiego-prod")).kind).toBe("deny");
  });

  it("other questions stay questions, and what is allowed stays allowed", () => {
    expect(afterRefusals(ask, before("write bucket queenofsandiego-prod")).kind).toBe("ask");
    expect(afterRefusals(ask, before("forge time /a")).kind).toBe("ask");
    expect(afterRefusals(ask, []).kind).toBe("ask");
    expect(afterRefusals({ kind: "allow" }, before("delegate gh")).kind).toBe("allow");
  });
});

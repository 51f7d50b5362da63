import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Objection } from "../../../src/core/guard/verdict.ts";
import { settleVerdict } from "../../../src/operations/guard/settle-verdict.ts";
import { EditWorld } from "./edit-world.ts";

const objection: Objection = {
  rule: "D2",
  code: "guarded-write",
  what: "aws s3 cp writes bucket harbor-prod, which is production",
  intent: "write bucket harbor-prod",
};

describe("an answer that is settled", () => {
  let world: EditWorld;
  beforeEach(() => {
    world = new EditWorld();
  });
  afterEach(() => world.end());

  const settled = async (kind: "deny" | "ask", canAsk = true, id = "s1"): Promise<{ kind: string; text: string }> => {
    const answer = await settleVerdict({ kind, ...objection }, { ...world.session, id }, world.bench, { canAsk });
    return { text: "", ...answer };
  };

  it("is firmer the second time and the third, in the same session alone", async () => {
    expect((await settled("deny")).text).not.toContain("Refused before");
    expect((await settled("deny")).text).toContain("Refused before in this session");
    expect((await settled("deny")).text).toContain("Refused 2 times before");
    expect((await settled("deny", true, "s2")).text).not.toContain("Refused before");
  });

  it("is a refusal where the agent cannot ask, and is remembered as one", async () => {
    expect(await settled("ask", false)).toMatchObject({ kind: "deny", text: expect.stringMatching(/^Refused by belay/u) });
    expect((await settled("deny")).text).toContain("Refused before in this session");
  });

  it("is a question where it can, which is not remembered; after a refusal it is none any more", async () => {
    expect(await settled("ask")).toMatchObject({ kind: "ask" });
    expect(await settled("ask")).toMatchObject({ kind: "ask" });
    await settled("deny");
    expect(await settled("ask")).toMatchObject({ kind: "deny" });
  });
});

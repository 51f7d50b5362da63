import { describe, expect, test } from "vitest";
import { BelayError } from "../../core/belay-error.ts";
import { faultFrom } from "./fault-words.ts";

describe("a fault is what goes wrong, then to which requests", () => {
  test.each([
    ["503", { action: { kind: "status", status: 503 } }],
    ["503:0.1", { chance: 0.1, action: { kind: "status", status: 503 } }],
    ["503:.25", { chance: 0.25, action: { kind: "status", status: 503 } }],
    ["500:10%", { chance: 0.1, action: { kind: "status", status: 500 } }],
    ["409:PutObject", { operation: ["PutObject"], action: { kind: "status", status: 409 } }],
    ["409:3x:PutObject", { operation: ["PutObject"], times: 3, action: { kind: "status", status: 409 } }],
    ["lose-reply:0.2", { chance: 0.2, action: { kind: "lose-reply" } }],
    ["lose-request:1x", { times: 1, action: { kind: "lose-request" } }],
    ["delay:300ms", { action: { kind: "delay", ms: 300 } }],
    ["delay:GetObject:1.5s:50%", { operation: ["GetObject"], chance: 0.5, action: { kind: "delay", ms: 1500 } }],
    ["ignore-preconditions", { action: { kind: "ignore-preconditions" } }],
    ["ignore-preconditions:DeleteObject", { operation: ["DeleteObject"], action: { kind: "ignore-preconditions" } }],
    [
      "break-body:PutObject+GetObject:key=a/index.html",
      { operation: ["PutObject", "GetObject"], key: "a/index.html", action: { kind: "break-body" } },
    ],
    ["drop-listing:ListObjectsV2", { operation: ["ListObjectsV2"], action: { kind: "drop-listing" } }],
  ])("%s", (spec, rule) => {
    expect(faultFrom(spec)).toStrictEqual(rule);
  });
});

/** The message and the way on, in one text. */
function refusal(spec: string): string {
  try {
    return JSON.stringify(faultFrom(spec));
  } catch (error) {
    if (!(error instanceof BelayError) || error.code !== "usage") throw error;
    return `${error.message}\n${error.remedy}`;
  }
}

describe("what is no fault is refused with what was meant", () => {
  test.each([
    ["", "begins with “”, which is no fault", "belay sandbox --fault 503:0.1"],
    ["200", "“200”, which is no fault: an error's status (400 to 599)", "belay sandbox --fault 503:0.1"],
    ["lose-repy:0.2", "“lose-repy”", "belay sandbox --fault lose-reply:0.2"],
    ["503:PutObjekt:2x", "the operation “PutObjekt”", "belay sandbox --fault 503:PutObject:2x"],
    ["503:often", "“often”, which is neither a chance", "belay sandbox --fault 503:PutObject:0.1"],
    ["503:0", "not above 0 and at most 1", "--fault 503:0.1"],
    ["503:150%", "not above 0 and at most 1", "--fault 503:0.1"],
    ["503:0x", "“0x”, which is neither", "--fault 503:PutObject:0.1"],
    ["503:0.1:0.2", "says twice how likely it is", "--fault 503"],
    ["delay", "does not say how long it waits", "--fault delay:300ms"],
    ["delay:20m", "“20m”, which is neither", "--fault 503"],
    ["delay:700s", "longer than the 600 seconds", "--fault delay:30s"],
    ["503:300ms", "only delay takes one", "--fault delay:300ms"],
    ["503:", "“”, which is neither", "--fault 503"],
    ["drop-listing:PutObject", "would never strike", "--fault drop-listing:ListObjects+ListObjectsV2+ListObjectVersions"],
    ["503:key=", "“key=”, which is neither", "--fault 503"],
    ["constructor", "“constructor”, which is no fault", "--fault 503:0.1"],
  ])("%s", (spec, problem, wayOn) => {
    const told = refusal(spec);
    expect(told).toContain(problem);
    expect(told).toContain(wayOn);
  });

  test("and nothing in it commands the terminal", () => {
    expect(refusal("\u001b[2J:x")).not.toContain("\u001b");
  });
});

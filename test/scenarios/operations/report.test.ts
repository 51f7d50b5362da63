import { describe, expect, test } from "vitest";
import { bodyOf } from "../../../src/core/body.ts";
import type { Digest } from "../../../src/core/brand.ts";
import { canonicalBytes } from "../../../src/core/canonical-json.ts";
import type { IdentifiedPlan } from "../../../src/core/plan/plan.ts";
import type { Verification } from "../../../src/core/verify/verification.ts";
import { promote } from "../../../src/operations/promote/promote.ts";
import { gatherReport } from "../../../src/operations/report/report.ts";
import type { FileReport } from "../../../src/operations/report/report-facts.ts";
import { pngBytes } from "../../support/report-facts.ts";
import { digestOfText, MemoryWorld, type MemoryCopy } from "../memory-bench.ts";

const page = (heading: string): string => `<!doctype html>\n<title>Harbour</title>\n<h1>${heading}</h1>\n`;

/** A world whose production holds `Ten` and whose staging holds `Nine`. */
async function staged(): Promise<{ readonly world: MemoryWorld; readonly ines: MemoryCopy }> {
  const world = new MemoryWorld({ production: { after: "staging" } });
  const ines = world.copy("ines");
  ines.edit("index.html", page("Ten"));
  await ines.deploy();
  await planned(ines, "go");
  ines.edit("index.html", page("Nine"));
  ines.edit("logo.svg", "<svg onload='x'/>");
  await ines.deploy(world.staging, { selection: ["index.html", "logo.svg"], title: "Summer hours" });
  return { world, ines };
}

async function planned(copy: MemoryCopy, decision: "go" | "stop"): Promise<IdentifiedPlan> {
  const request = { target: copy.world.production, change: undefined, emergency: undefined, waitMs: 0 };
  const result = await promote(copy.bench, request, async () => await Promise.resolve(decision), copy.context);
  if (!("identified" in result)) throw new Error(result.kind);
  return result.identified;
}

const keep = async (copy: MemoryCopy, bytes: Uint8Array): Promise<Digest> => {
  const digest = copy.bench.runtime.sha256(bytes);
  await copy.bench.vault.keep(bodyOf(bytes, digest), copy.context);
  return digest;
};

async function lookedAt(copy: MemoryCopy, screenshot: Digest): Promise<void> {
  const look = { url: "https://staging.example/", widthPx: 1280, screenshot, problems: [] };
  const verification: Verification = {
    format: 1,
    kind: "verification",
    site: "default",
    target: "staging",
    at: "2031-05-20T14:00:00.000Z",
    outcome: "good",
    files: ["index.html", "other.html"].map((path) => ({ path, digest: digestOfText(page("Nine")), outcome: "good", problems: [] })),
    tokens: [],
    looks: [
      { ...look, path: "index.html", before: digestOfText("never kept") },
      { ...look, path: "other.html" },
    ],
  };
  const document = await keep(copy, canonicalBytes(verification));
  const { head } = await copy.ledger();
  const about = { actor: copy.bench.actor, site: "default", target: "staging", files: 2, outcome: "good" } as const;
  await copy.bench.ledger.append({ kind: "verified", ...about, document }, head, copy.context);
}

const textOf = (file: FileReport | undefined): string => JSON.stringify(file?.detail);

describe("gatherReport", () => {
  test("of a promotion tells staging's bytes against production's, from a machine that has neither", async () => {
    const { world, ines } = await staged();
    const identified = await planned(ines, "stop");
    const { files } = await gatherReport(world.copy("runner").bench, identified, ines.context);
    expect(files.map(({ path, kind, from }) => [path, kind, from?.store])).toEqual([
      ["index.html", "replace", "staging"],
      ["logo.svg", "create", "staging"],
    ]);
    const [changed] = files;
    expect(changed?.detail).toMatchObject({
      kind: "text",
      diff: { added: 1, removed: 1 },
      loss: { vanishes: [{ kind: "heading", text: "Ten" }], appears: [{ kind: "heading", text: "Nine" }] },
    });
  });

  test("a drawing is told as text, never as a picture: it could hold a script", async () => {
    const { ines } = await staged();
    const { files } = await gatherReport(ines.bench, await planned(ines, "stop"), ines.context);
    expect(files.find(({ path }) => path === "logo.svg")?.detail?.kind).toBe("text");
  });

  test("what the stage was found to show goes along, for the plan's paths only", async () => {
    const { ines } = await staged();
    const shot = await keep(ines, pngBytes);
    await lookedAt(ines, shot);
    const { stage } = await gatherReport(ines.bench, await planned(ines, "stop"), ines.context);
    expect(stage?.verification.files.map(({ path }) => path)).toEqual(["index.html"]);
    expect([...(stage?.pictures.keys() ?? [])]).toEqual([shot]);
    expect(stage?.picturesLeftOut).toBe(1);
  });

  test("bytes that are nowhere to be found any more are told as such", async () => {
    const { world, ines } = await staged();
    const identified = await planned(ines, "stop");
    world.stranger("staging", "index.html", "somebody else's");
    const stranger = new MemoryWorld();
    const elsewhere = stranger.copy("elsewhere").bench;
    const { files } = await gatherReport({ ...elsewhere, storeOf: ines.bench.storeOf }, identified, ines.context);
    expect(textOf(files.find(({ path }) => path === "index.html"))).toContain("not kept where this report was made");
    expect(textOf(files.find(({ path }) => path === "logo.svg"))).toContain("onload");
  });

  test("what is refused comes first, with what the refusal knows of it", async () => {
    const { world, ines } = await staged();
    ines.edit("about.html", page("About"));
    ines.edit("index.html", page("Eight"));
    world.stranger("staging", "index.html", page("Gift cards"));
    const told = await ines.deploy(world.staging, { title: "both", selection: ["about.html", "index.html"] });
    const identified = "identified" in told.result ? told.result.identified : undefined;
    expect(told.kind).toBe("needs-person");
    const { files } = await gatherReport(ines.bench, identified ?? (await planned(ines, "stop")), ines.context);
    expect(files.map(({ path, kind }) => `${path} ${kind}`)).toEqual(["index.html held", "about.html create"]);
    expect(textOf(files[0])).toMatch(/Gift cards/u);
    expect(files[0]?.detail).toMatchObject({ loss: identified?.plan.refusals[0]?.stale?.[0]?.loss });
  });
});

import { describe, expect, it } from "vitest";
import { startSandbox } from "../start-sandbox.ts";
import type { SandboxResponse } from "../wire.ts";
import { openMarketplace, type MarketplaceService } from "./open-marketplace.ts";

const listing = {
  id: "xh/42",
  title: "Sunset <charter>",
  date: "2026-05-30",
  start: "16:30",
  end: "19:30",
  guest: "Ines & Noor",
  price: "$1,430",
};
const signedIn = { authorization: `Basic ${Buffer.from("harbor:market-secret").toString("base64")}` };
const lagMs = 60_000;

interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
}

async function ask(
  market: MarketplaceService,
  path: string,
  { method = "GET", headers = {}, form }: Asking = {},
): Promise<SandboxResponse & { readonly text: string }> {
  const bytes = Buffer.from(new URLSearchParams(form).toString());
  const response = await market.handle({
    method,
    path,
    query: new URLSearchParams(),
    headers,
    async *body() {
      yield await Promise.resolve(bytes);
    },
  });
  return { ...response, text: response.body instanceof Uint8Array ? Buffer.from(response.body).toString("utf8") : "" };
}

function standing(): { readonly market: MarketplaceService; readonly pass: (ms: number) => void } {
  let nowMs = Date.UTC(2026, 4, 20);
  const market = openMarketplace({ clock: { now: () => nowMs }, lagMs, listings: [listing] });
  return { market, pass: (ms) => void (nowMs += ms) };
}

describe("the marketplace", () => {
  it("shows a listing's time in words and in its data, and links to it from its front page", async () => {
    const { market } = standing();
    const { status, text } = await ask(market, "/listings/xh%2F42");
    expect(status).toBe(200);
    expect(text).toContain("Saturday, May 30, 2026 · 4:30–7:30 PM");
    expect(text).toContain('"startDate":"2026-05-30T16:30"');
    expect(text).toContain("<h1>Sunset &lt;charter&gt;</h1>");
    expect(text).toContain("Ines &amp; Noor");
    expect((await ask(market, "/")).text).toContain('href="/listings/xh%2F42"');
  });

  it("says each half of the day where a charter crosses noon", async () => {
    const { market } = standing();
    market.put({ ...listing, start: "11:30", end: "14:30" });
    expect((await ask(market, "/listings/xh%2F42")).text).toContain("11:30 AM – 2:30 PM");
  });

  it("shows what an owner saved only when its lag is over", async () => {
    const { market, pass } = standing();
    const form = { start: "15:30", end: "18:30" };
    const saved = await ask(market, "/staff/xh%2F42", { method: "POST", headers: signedIn, form });
    expect(saved).toMatchObject({ status: 303, headers: { location: "/staff/xh%2F42" } });
    expect(market.saved("xh/42")).toMatchObject({ ...form, title: listing.title });
    pass(lagMs - 1);
    expect((await ask(market, "/listings/xh%2F42")).text).toContain("4:30–7:30 PM");
    pass(1);
    expect((await ask(market, "/listings/xh%2F42")).text).toContain("3:30–6:30 PM");
    expect(market.shown("xh/42")).toEqual(market.saved("xh/42"));
  });

  it("lets only who is signed in see and use the form", async () => {
    const { market } = standing();
    for (const method of ["GET", "POST"]) {
      const { status, text } = await ask(market, "/staff/xh%2F42", { method, form: { start: "15:30" } });
      expect(status).toBe(401);
      expect(text).toContain("<title>Sign in");
    }
    expect(market.saved("xh/42")).toMatchObject({ start: "16:30" });
    expect((await ask(market, "/staff/xh%2F42", { headers: signedIn })).text).toContain('name="start" value="16:30"');
  });

  it.each([
    ["a time that is none", { start: "25:00" }],
    ["a date that is none", { date: "30 May" }],
    ["no title", { title: " " }],
    ["a title without end", { title: "x".repeat(201) }],
  ])("saves nothing of a form with %s", async (_, form) => {
    const { market } = standing();
    const { status, text } = await ask(market, "/staff/xh%2F42", { method: "POST", headers: signedIn, form });
    expect(status).toBe(422);
    expect(text).toContain('role="alert"');
    expect(market.saved("xh/42")).toMatchObject({ title: listing.title, date: listing.date, start: "16:30" });
  });

  it.each(["PUT", "PATCH", "DELETE", "POST"])("has no interface for programs: %s of a listing is refused", async (method) => {
    const { market } = standing();
    expect((await ask(market, "/listings/xh%2F42", { method, headers: signedIn })).status).toBe(405);
  });

  it.each(["/listings/none", "/staff/none", "/listings/%", "/else"])("knows nothing of %s", async (path) => {
    const { market } = standing();
    expect((await ask(market, path, { headers: signedIn })).status).toBe(404);
  });

  it("stands in the sandbox on a port of its own", async () => {
    const sandbox = await startSandbox({ marketplace: { lagMs, listings: [listing] } });
    const response = await fetch(`${sandbox.marketplace?.url}/listings/xh%2F42`);
    expect(await response.text()).toContain("4:30–7:30 PM");
    await sandbox.close();
  });
});

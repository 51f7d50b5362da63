/** Reports as a real browser shows them: nothing runs, nothing is fetched, everything can be read and reached. */

import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadDriver, type DrivenBrowser, type DrivenPage } from "../../src/adapters/browser/driver.ts";
import { findBrowser } from "../../src/adapters/browser/find-browser.ts";
import { renderPlanReport } from "../../src/faces/report/render-plan-report.ts";
import { renderVerifyReport } from "../../src/faces/report/render-verify-report.ts";
import { hostileTexts } from "../support/hostile-texts.ts";
import { factsOf, fileOf, stageOf } from "../support/report-facts.ts";

const program = await findBrowser({ env: process.env, platform: process.platform }).catch(() => undefined);

/** Each text of a page with the contrast of its colour to what lies behind it, below what WCAG 2.2 AA asks (1.4.3: 4.5 to 1). */
const faintTexts = `(() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const over = ([r, g, b, a = 1], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a)];
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(channels(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const light = (colour) => colour.slice(0, 3).map((value) => value / 255).map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = (colour) => { const [r, g, b] = light(colour); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const seen = [...document.body.querySelectorAll("*")].filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ""));
  return { count: seen.length, faint: seen.flatMap((element) => {
    const [one, other] = [luminance(channels(getComputedStyle(element).color)), luminance(behind(element))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    return contrast < 4.5 ? [element.textContent.trim().slice(0, 40) + " " + contrast.toFixed(2)] : [];
  }) };
})()`;

interface Opened {
  readonly page: DrivenPage;
  readonly said: readonly string[];
}

describe.skipIf(program === undefined)("a report in a browser (where Chrome or Chromium is installed)", { timeout: 120_000 }, () => {
  let [folder, origin] = ["", ""];
  const asked: string[] = [];
  let server: Server;
  let browser: DrivenBrowser;

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    origin = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
    folder = await mkdtemp(join(tmpdir(), "belay-report-"));
    const env = Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
    browser = await loadDriver().launch({
      executablePath: program ?? "",
      headless: true,
      // As root there is no sandbox to be had; what is opened here was made here.
      chromiumSandbox: process.getuid?.() !== 0,
      timeout: 60_000,
      handleSIGINT: true,
      handleSIGTERM: true,
      handleSIGHUP: true,
      env,
    });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const hostile = (text: string): string => text.replaceAll(/https?:\/\/(?:evil\.example|127\.0\.0\.1:1)/gu, origin);

  const report = (): string => {
    const files = hostileTexts.map(hostile).map((text, at) =>
      fileOf({
        path: `${text.slice(0, 40)}-${at}.html`,
        before: `<h1>Open at ten</h1>\n${"same\n".repeat(20)}${text}\n`,
        after: `<h1>Open at nine</h1>\n${"same\n".repeat(20)}x${text}\n${"wide".repeat(300)}\n`,
        because: text,
        headers: { [text]: text },
        loss: { vanishes: [{ kind: "heading", text, line: 1 }], appears: [{ kind: "link", text, line: 2 }], tokens: [text] },
      }),
    );
    const refusals = [
      { rule: "D8", code: "diverged", paths: ["index.html"], message: hostile(hostileTexts.join("")), remedy: "belay pull" },
    ] as const;
    return renderPlanReport(factsOf(files, { title: hostile(hostileTexts.join(" ")), refusals }, { stage: stageOf("index.html") }));
  };

  const open = async (html: string, { width = 1280, scheme = "light" } = {}): Promise<Opened> => {
    const path = join(folder, `${width}-${scheme}.html`);
    await writeFile(path, html);
    const options = {
      viewport: { width, height: 900 },
      deviceScaleFactor: 1,
      acceptDownloads: false,
      serviceWorkers: "block",
      colorScheme: scheme,
    } as const;
    const page = await (await browser.newContext(options)).newPage();
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    page.on("dialog", (dialog) => {
      said.push("a dialog");
      void dialog.dismiss();
    });
    page.on("response", (response) => {
      if (!/^(?:file|data):/u.test(response.url())) said.push(response.url());
    });
    page.on("requestfailed", (request) => said.push(request.url()));
    await page.goto(pathToFileURL(path).href, { waitUntil: "load", timeout: 30_000 });
    await page.waitForLoadState("networkidle", { timeout: 30_000 });
    return { page, said };
  };

  test("opening it runs nothing, asks nobody and breaks none of its own rules, whatever its site holds", async () => {
    const { page, said } = await open(report());
    expect(said).toEqual([]);
    expect(asked).toEqual([]);
    expect(
      await page.evaluate(
        "[document.scripts.length, performance.getEntriesByType('resource').filter(({ name }) => !name.startsWith('data:')).length]",
      ),
    ).toEqual([0, 0]);
    // Its own style is the one that applies: the hash in its policy is right.
    expect(await page.evaluate("document.styleSheets.length === 1 && getComputedStyle(document.querySelector('.skip')).position")).toBe(
      "absolute",
    );
  });

  test("the watch would notice: without the policy and the escaping the server is asked", async () => {
    const { said } = await open(`<!doctype html><img src="${origin}/picture.png"><script>console.error("ran")</script>`);
    expect([asked, said.includes("ran")]).toEqual([["/picture.png"], true]);
    asked.length = 0;
  });

  test.each([360, 700, 1280])("at %d pixels nothing sticks out to the side, and no line of a file is cut off", async (width) => {
    const { page } = await open(report(), { width });
    const fits = "document.documentElement.scrollWidth <= innerWidth";
    expect(await page.evaluate(fits)).toBe(true);
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    expect(await page.evaluate(fits)).toBe(true);
    // A cell of a table grows with what stands in it: what counts is the frame around.
    const cut =
      "[...document.querySelectorAll('.diff')].filter((one) => one.scrollWidth > one.clientWidth || [...one.querySelectorAll('.t')].some((cell) => cell.scrollWidth > cell.clientWidth + 1)).length";
    expect(await page.evaluate(cut)).toBe(0);
  });

  test("below 700 pixels both sides of a change stand under one another, each unchanged line once", async () => {
    const places = `(() => { const row = [...document.querySelectorAll('.diff tr')].find((one) => one.querySelector('del'));
      const [, left, , right] = [...row.children].map((cell) => cell.getBoundingClientRect());
      return [right.top >= left.bottom, getComputedStyle(document.querySelector('.diff tr.s td.r')).display]; })()`;
    expect(await (await open(report(), { width: 390 })).page.evaluate(places)).toEqual([true, "none"]);
    expect(await (await open(report())).page.evaluate(places)).toEqual([false, "table-cell"]);
  });

  test.each(["light", "dark"])("in %s colours every text stands out from what lies behind it", async (scheme) => {
    const { page } = await open(report(), { scheme });
    const found = await page.evaluate(faintTexts);
    expect(found).toEqual({ count: expect.any(Number), faint: [] });
    const verified = factsOf([]);
    const verify = await open(renderVerifyReport({ ...verified, ...stageOf("index.html") }), { scheme });
    expect(await verify.page.evaluate(faintTexts)).toEqual({ count: expect.any(Number), faint: [] });
  });

  test("everything that can be opened is reached by the keyboard, the skip link first", async () => {
    const { page } = await open(report());
    const order = `(() => { const all = [...document.querySelectorAll('a[href], summary, [tabindex="0"]')];
      return [all[0].className, all.length > 30, all.every((one) => one.tabIndex >= 0), document.querySelectorAll('main').length, document.querySelectorAll('h1').length]; })()`;
    expect(await page.evaluate(order)).toEqual(["skip", true, true, 1, 1]);
  });
});

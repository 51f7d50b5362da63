/** One page in a context of its own: what it shows, what it complains of, where it leads. */

import type { Look, PageLook } from "../../ports/browser.ts";
import type { DrivenBrowser, DrivenPage } from "./driver.ts";
import { pageText } from "./page-text.ts";

/** Milliseconds. */
const limits = { load: 20_000, quiet: 2000, scroll: 5000, picture: 15_000 } as const;
const heightMaxPx = 6000;
const complaintsMax = 25;
const linksMax = 100;
const windowHeightPx = (widthPx: number): number => (widthPx < 600 ? 844 : 900);

/** Never throws for what the page does: that is an *unseen*. */
export async function showPage(browser: DrivenBrowser, url: string, widthPx: number): Promise<Look> {
  const context = await browser.newContext({
    viewport: { width: widthPx, height: windowHeightPx(widthPx) },
    deviceScaleFactor: 1,
    acceptDownloads: false,
    serviceWorkers: "block",
  });
  try {
    const page = await context.newPage();
    page.on("dialog", (dialog) => void dialog.dismiss().catch(() => undefined));
    const complaints = listen(page);
    const problem = await open(page, url);
    if (problem !== undefined) return { kind: "unseen", url, cause: problem };
    return { kind: "seen", page: await seen(page, { url, widthPx }, complaints) };
  } catch (error) {
    return { kind: "unseen", url, cause: causeOf(error) };
  } finally {
    await context.close().catch(() => undefined);
  }
}

type Complaints = Pick<PageLook, "consoleErrors" | "failedRequests">;

function listen(page: DrivenPage): Complaints {
  const consoleErrors: string[] = [];
  const failedRequests: { readonly url: string; readonly cause: string }[] = [];
  const complain = (text: string): void => {
    if (consoleErrors.length < complaintsMax) consoleErrors.push(pageText(text));
  };
  const fail = (url: string, cause: string): void => {
    if (failedRequests.length < complaintsMax && !failedRequests.some((one) => one.url === pageText(url)))
      failedRequests.push({ url: pageText(url), cause: pageText(cause) });
  };
  page.on("console", (message) => {
    // The browser reports failed requests here as well; those are told once, with their address.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) complain(message.text());
  });
  page.on("pageerror", (error) => complain(error.message));
  // A film that is no longer needed is let go of: nothing failed.
  page.on("requestfailed", (request) => {
    const cause = request.failure()?.errorText ?? "it failed";
    if (cause !== "net::ERR_ABORTED") fail(request.url(), cause.replace(/^net::/u, ""));
  });
  page.on("response", (response) => {
    if (response.status() >= 400) fail(response.url(), `status ${response.status()}`);
  });
  return { consoleErrors, failedRequests };
}

/** Why it is not this page that is shown; `undefined` where it is. */
async function open(page: DrivenPage, url: string): Promise<string | undefined> {
  const response = await page.goto(url, { waitUntil: "load", timeout: limits.load });
  if (!response) return "no answer came";
  if (response.status() >= 400) return `status ${response.status()}`;
  await page.waitForLoadState("networkidle", { timeout: limits.quiet }).catch(() => undefined);
  const host = new URL(page.url()).host;
  return host === new URL(url).host ? undefined : `it leads to another host, ${pageText(host)}`;
}

// Pictures further down are often fetched only when they come near.
const scrollScript = `(async () => {
  for (let top = 0; top < Math.min(document.documentElement.scrollHeight, ${heightMaxPx}); top += innerHeight) {
    scrollTo(0, top);
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  scrollTo(0, 0);
})()`;
const heightScript = "Math.max(document.documentElement.scrollHeight, document.body ? document.body.scrollHeight : 0, 1)";
const linksScript = `[...new Set([...document.querySelectorAll("a[href]")]
  .map((link) => String(link.href).replace(/#.*$/u, ""))
  .filter((href) => href.startsWith(location.origin + "/")))].slice(0, ${linksMax})`;

interface Asked {
  readonly url: string;
  readonly widthPx: number;
}

async function seen(page: DrivenPage, { url, widthPx }: Asked, complaints: Complaints): Promise<PageLook> {
  await within(page.evaluate(scrollScript), limits.scroll).catch(() => undefined);
  await page.waitForLoadState("networkidle", { timeout: limits.quiet }).catch(() => undefined);
  const measured = await page.evaluate(heightScript);
  const height = typeof measured === "number" && measured > 0 ? Math.min(Math.ceil(measured), heightMaxPx) : heightMaxPx;
  const screenshot = await page.screenshot({
    type: "png",
    fullPage: true,
    clip: { x: 0, y: 0, width: widthPx, height },
    animations: "disabled",
    timeout: limits.picture,
  });
  const links = await page.evaluate(linksScript);
  return {
    url,
    screenshot,
    title: pageText(await page.title()),
    links: Array.isArray(links) ? links.filter((link): link is string => typeof link === "string" && link !== url) : [],
    ...complaints,
  };
}

/** A page's own scripts may keep a question waiting for good. */
async function within<Answer>(asked: Promise<Answer>, ms: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the page did not answer in time")), ms);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
    asked.catch(() => undefined);
  }
}

/** The first line of what the driver says, without the name of its method. */
export function causeOf(error: unknown): string {
  const [first = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return pageText(first.replace(/^[a-zA-Z]+\.[a-zA-Z]+: /u, "").replace(/^net::/u, "")) || "it failed without a reason";
}

/** Pages as a Chrome or Chromium of this machine shows them, driven by playwright-core. */

import { BelayError } from "../../core/belay-error.ts";
import type { Browser, Look } from "../../ports/browser.ts";
import { loadDriver, type DrivenBrowser, type Driver } from "./driver.ts";
import { findBrowser, type BrowserSearch } from "./find-browser.ts";
import { causeOf, showPage } from "./show-page.ts";

/** For one page, whatever it does, in milliseconds. */
const pageMs = 60_000;
const launchMs = 30_000;

/**
 * A browser that is started for each call and ended with it. Its own sandbox is off only for root, whom Chromium refuses to
 * start otherwise (https://crbug.com/638180).
 */
export function openChromium(search: BrowserSearch): Browser {
  return {
    look: async (urls, widthPx, { signal }) => {
      const driver = loadDriver();
      const path = await findBrowser(search);
      if (urls.length === 0) return [];
      signal.throwIfAborted();
      const browser = await start(driver, path, search.env);
      const stop = (): void => void browser.close().catch(() => undefined);
      signal.addEventListener("abort", stop, { once: true });
      try {
        const looks: Look[] = [];
        // One at a time: pages that share a processor are late for their own timers.
        for (const url of urls) {
          looks.push(await patiently(showPage(browser, url, widthPx), url));
          if (signal.aborted) throw interrupted();
        }
        return looks;
      } catch (error) {
        // Whatever breaks while the browser is being closed breaks because of that.
        throw signal.aborted ? interrupted() : error;
      } finally {
        signal.removeEventListener("abort", stop);
        await browser.close().catch(() => undefined);
      }
    },
  };
}

const interrupted = (): BelayError =>
  new BelayError("interrupted", "Looking with the browser was interrupted.", "Run the same command again.");

async function start(driver: Driver, path: string, env: NodeJS.ProcessEnv): Promise<DrivenBrowser> {
  try {
    return await driver.launch({
      executablePath: path,
      headless: true,
      chromiumSandbox: process.getuid?.() !== 0,
      timeout: launchMs,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      env: surroundings(env),
    });
  } catch (cause) {
    throw new BelayError(
      "browser-missing",
      `The browser ${path} does not start: ${causeOf(cause)}.`,
      "Start it once by hand, or name another: BELAY_BROWSER=/path/to/chrome",
      { cause },
    );
  }
}

/** A browser that shows pages has no use for credentials. */
const passedOn =
  /^(?:PATH|HOME|USER|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_\w+|FONTCONFIG_\w+|DBUS_SESSION_BUS_ADDRESS|(?:https?|no|all)_proxy)$/iu;

const surroundings = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value !== undefined && passedOn.test(name) ? [[name, value]] : [])));

async function patiently(look: Promise<Look>, url: string): Promise<Look> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Look>((resolve) => {
    timer = setTimeout(() => resolve({ kind: "unseen", url, cause: `it was not shown within ${pageMs / 1000} seconds` }), pageMs);
  });
  try {
    return await Promise.race([look, late]);
  } finally {
    clearTimeout(timer);
  }
}

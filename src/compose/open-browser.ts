import type { Browser } from "../ports/browser.ts";

/** The driver and the search for a browser load with the first look. */
export const lazyBrowser = (env: NodeJS.ProcessEnv): Browser => ({
  look: async (urls, widthPx, options) => {
    const { openChromium } = await import("../adapters/browser/chromium-browser.ts");
    return await openChromium({ env, platform: process.platform }).look(urls, widthPx, options);
  },
});

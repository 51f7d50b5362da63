/**
 * What belay uses of playwright-core (https://playwright.dev/docs/api/class-browsertype). Written down here, since that
 * package's own types want a browser's types around them, and since it is only there where somebody has installed it.
 */

import { createRequire } from "node:module";
import { BelayError } from "../../core/belay-error.ts";

export interface Driver {
  readonly launch: (options: LaunchOptions) => Promise<DrivenBrowser>;
}

interface LaunchOptions {
  readonly executablePath: string;
  readonly headless: boolean;
  readonly chromiumSandbox: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  readonly handleSIGINT: boolean;
  readonly handleSIGTERM: boolean;
  readonly handleSIGHUP: boolean;
  readonly env: Readonly<Record<string, string>>;
}

export interface DrivenBrowser {
  newContext(options: {
    readonly viewport: { readonly width: number; readonly height: number };
    readonly deviceScaleFactor: number;
    readonly acceptDownloads: boolean;
    readonly serviceWorkers: "block";
  }): Promise<DrivenContext>;
  close(): Promise<void>;
}

interface DrivenContext {
  newPage(): Promise<DrivenPage>;
  close(): Promise<void>;
}

interface DrivenEvents {
  readonly dialog: { dismiss(): Promise<void> };
  readonly console: { type(): string; text(): string };
  readonly pageerror: Error;
  readonly requestfailed: { url(): string; failure(): { readonly errorText: string } | null };
  readonly response: { url(): string; status(): number };
}

export interface DrivenPage {
  on<Name extends keyof DrivenEvents>(event: Name, listener: (about: DrivenEvents[Name]) => void): unknown;
  goto(url: string, options: { readonly waitUntil: "load"; readonly timeout: number }): Promise<{ status(): number } | null>;
  waitForLoadState(state: "networkidle", options: { readonly timeout: number }): Promise<void>;
  evaluate(expression: string): Promise<unknown>;
  screenshot(options: {
    readonly type: "png";
    readonly fullPage: boolean;
    readonly clip: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
    readonly animations: "disabled";
    readonly timeout: number;
  }): Promise<Uint8Array>;
  url(): string;
  title(): Promise<string>;
}

/** Throws `browser-missing` where the package is not beside belay. */
export function loadDriver(): Driver {
  const found = loaded();
  if (hasChromium(found)) return found.chromium;
  throw new BelayError(
    "browser-missing",
    "A look in a browser needs the package playwright-core beside belay. It brings no browser along.",
    "npm install --global playwright-core   (or --save-dev, where belay is installed so)",
  );
}

function loaded(): unknown {
  try {
    const require = createRequire(import.meta.url);
    return require("playwright-core");
  } catch {
    return undefined;
  }
}

const hasChromium = (found: unknown): found is { readonly chromium: Driver } =>
  typeof found === "object" &&
  found !== null &&
  "chromium" in found &&
  typeof found.chromium === "object" &&
  found.chromium !== null &&
  "launch" in found.chromium &&
  typeof found.chromium.launch === "function";

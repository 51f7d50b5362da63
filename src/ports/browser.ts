import type { CallOptions } from "./store.ts";

/** What a browser saw of one page. */
export interface PageLook {
  readonly url: string;
  /** PNG. */
  readonly screenshot: Uint8Array;
  readonly title: string;
  readonly consoleErrors: readonly string[];
  readonly failedRequests: readonly { readonly url: string; readonly cause: string }[];
  /** Links of the page to its own host that do not answer. */
  readonly brokenLinks: readonly { readonly url: string; readonly status: number | string }[];
}

export type Look =
  | { readonly kind: "seen"; readonly page: PageLook }
  | { readonly kind: "unseen"; readonly url: string; readonly cause: string };

/** A browser of this machine. Never one that was downloaded for the purpose. */
export interface Browser {
  /** Each page in a fresh context, at a width in CSS pixels. Throws `browser-missing` where none is found. */
  look(urls: readonly string[], widthPx: number, options: CallOptions): Promise<readonly Look[]>;
}

import type { CallOptions } from "./store.ts";

/** What a browser saw of one page. Texts of the page come without control characters and cut to a bounded length. */
export interface PageLook {
  readonly url: string;
  /** PNG, of the whole page up to a bounded height. */
  readonly screenshot: Uint8Array;
  readonly title: string;
  readonly consoleErrors: readonly string[];
  /** Of any host: what the browser could not get, or got an error status for. */
  readonly failedRequests: readonly { readonly url: string; readonly cause: string }[];
  /** Addresses on its own host that the page links to, without fragments, each once; a bounded number. Not asked for. */
  readonly links: readonly string[];
}

export type Look =
  | { readonly kind: "seen"; readonly page: PageLook }
  | {
      readonly kind: "unseen";
      readonly url: string;
      /** A clause without a full stop. */
      readonly cause: string;
    };

/** A browser of this machine. Never one that was downloaded for the purpose. */
export interface Browser {
  /**
   * Each page in a fresh context, at a width in CSS pixels; answers in the order of the addresses. Of none, it only makes sure
   * that there is a browser. Throws `browser-missing` where none is found or it does not start.
   */
  look(urls: readonly string[], widthPx: number, options: CallOptions): Promise<readonly Look[]>;
}

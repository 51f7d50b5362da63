/** What a page holds, in the words of the people who look at it. Pure values; codecs fill them. */

export type TermKind =
  | "title"
  | "heading"
  | "text"
  | "link"
  | "button"
  | "form"
  | "field"
  | "image"
  | "script"
  | "style"
  | "id"
  | "meta"
  | "data";

/** One thing on a page. Two terms are the same thing when kind and text are equal. */
export interface Term {
  readonly kind: TermKind;
  /** What a person would call it: the visible text, the address of a link, the id. At most 200 characters, one line. */
  readonly text: string;
  /** 1-based line of the bytes it stands in. */
  readonly line: number;
}

/** What replacing live's bytes with local's would do to the page. */
export interface PageLoss {
  /** On live, absent from local: would vanish. */
  readonly vanishes: readonly Term[];
  /** Absent from live but on an earlier live version, and on local: would come back. `since` names the version that removed it. */
  readonly returns: readonly (Term & { readonly removedBy?: string })[];
  /** On local only and never live before: what the deploy would rightly add. */
  readonly appears: readonly Term[];
  /** Names of feature tokens that live satisfies and local does not. */
  readonly tokens: readonly string[];
  readonly lines: { readonly added: number; readonly removed: number };
}

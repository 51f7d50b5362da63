/** belay.yaml as it is written, once its shape is known to be right. What each key means is in `schema.ts`. */

import type { RawRecords } from "./raw-records.ts";

export interface RawToken {
  readonly file: string;
  readonly contains?: string;
  readonly absent?: string;
}
export interface RawTarget {
  readonly store: string;
  readonly cdn?: string;
  readonly url?: string;
  readonly after?: string;
  readonly approvals?: number;
  readonly keys?: "security-key" | "any";
  readonly approvers?: "anyone" | "others";
  readonly unversioned?: string;
  readonly guard?: boolean;
}
/** The headers that every kind of store keeps beside an object. Others would be lost on S3 without a word. */
export interface RawHeaderRule {
  readonly match: string;
  readonly "cache-control"?: string;
  readonly "content-type"?: string;
  readonly "content-disposition"?: string;
  readonly "content-language"?: string;
  readonly "content-encoding"?: string;
  readonly expires?: string;
}
export interface RawLimits {
  readonly deletes?: number;
  readonly files?: number;
  readonly bytes?: number | string;
  readonly requests?: number;
}
export interface RawSite {
  readonly root: string;
  readonly ignore?: readonly string[];
  readonly include?: readonly string[];
  readonly unit?: "page" | "commit" | "any";
  readonly except?: Readonly<Record<string, readonly string[]>>;
  readonly headers?: readonly RawHeaderRule[];
  readonly targets: Readonly<Record<string, RawTarget>>;
  readonly tokens?: Readonly<Record<string, RawToken>>;
  readonly limits?: RawLimits;
}
export interface RawGuard {
  readonly aliases?: Readonly<Record<string, string>>;
  readonly "access-points"?: Readonly<Record<string, string>>;
  readonly mounts?: Readonly<Record<string, string>>;
}
export interface RawNotify {
  readonly webhook?: string;
  readonly slack?: string;
  readonly command?: string;
}
export interface RawConfig {
  readonly version: 1;
  readonly state?: string;
  readonly site?: RawSite;
  readonly sites?: Readonly<Record<string, RawSite>>;
  readonly limits?: RawLimits;
  readonly notify?: RawNotify;
  readonly signers?: string;
  readonly guard?: RawGuard;
  readonly records?: RawRecords;
}

/** The user's own configuration file as it is written. */
export interface RawUserConfig {
  readonly version: 1;
  readonly notify?: Omit<RawNotify, "command"> & { readonly command?: string | readonly string[] };
}

/** `records:` of belay.yaml as it is written, once its shape is known to be right. What each key means is in `records-schema.ts`. */

import type { FieldType } from "../core/records/value.ts";

export interface RawField {
  readonly type?: FieldType;
  readonly unit?: string;
  readonly derive?: string;
  readonly "moves-with"?: string;
  readonly authority?: string;
  readonly words?: readonly string[];
}
export interface RawPlace {
  readonly at?: string;
  readonly date?: string;
  readonly time?: string;
  readonly zone?: string;
  readonly as?: string;
}
export interface RawManual {
  readonly link?: string;
  readonly note?: string;
  readonly due?: string;
  readonly attest?: boolean;
}
export interface RawSystem {
  readonly store?: string;
  readonly target?: string;
  readonly match?: string | readonly string[];
  readonly templates?: readonly string[];
  readonly paths?: readonly string[];
  readonly cdn?: string;
  readonly url?: string;
  readonly fields?: Readonly<Record<string, string | RawPlace>>;
  readonly key?: string | readonly string[];
  readonly version?: string;
  readonly region?: string;
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  readonly "key-file"?: string;
  readonly subject?: string;
  readonly "client-id"?: string;
  readonly "client-secret"?: string;
  readonly "refresh-token"?: string;
  readonly notify?: boolean;
  readonly "read-only"?: boolean;
  readonly lag?: string;
  readonly manual?: RawManual;
  readonly requests?: number;
}
export interface RawIdentity {
  readonly keys?: readonly string[];
  readonly match?: readonly string[];
  readonly "one-to-one"?: readonly string[];
}
export interface RawWatch {
  readonly every?: string;
  readonly "per-hour"?: number;
  readonly flaps?: number;
}
export interface RawKind {
  readonly zone: string;
  readonly "date-order"?: "mdy" | "dmy" | "ymd";
  readonly fields: Readonly<Record<string, string | RawField>>;
  readonly identity?: RawIdentity;
  readonly systems: Readonly<Record<string, RawSystem>>;
  readonly pointers?: readonly string[];
  readonly features?: Readonly<Record<string, string>>;
  readonly watch?: RawWatch;
}
export type RawRecords = Readonly<Record<string, RawKind>>;

/** What belay.yaml says under `records:`, as values. */

import type { StoreName } from "../brand.ts";
import type { FieldType } from "./value.ts";

/** How a field follows from another one. */
export type Derivation =
  /** `end = start + 3h`: elapsed minutes, negative before. */
  | { readonly kind: "offset"; readonly from: string; readonly minutes: number }
  /** Keeps its wall-clock distance when the other moves: a cut-off two days later at the same hour. */
  | { readonly kind: "moves-with"; readonly from: string };

/** Who is right about a field. `newest`: the claim with the youngest proven change; without proof it asks. */
export type Authority = { readonly kind: "system"; readonly system: string } | { readonly kind: "newest" } | { readonly kind: "ask" };

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** For durations and numbers: what one is. */
  readonly unit?: string;
  readonly derivation?: Derivation;
  readonly authority: Authority;
  /** Words that stand near a mention of this field on a page: `arrive`, `boarding`. */
  readonly words: readonly string[];
}

/** Where a system keeps a field. What is not said is found: in pages by reading them, in calendars by their standard. */
export interface FieldPlace {
  /**
   * A JSON path of an item (`trip.start_time`), a property of an event (`DTSTART`), or of a page `json-ld:startDate`,
   * `microdata:startDate`, `attribute:data-start`, `script:CUTOFF_UTC`, `meta:description`, `title`, `text`. `key` is the
   * object's own key, with `as`.
   */
  readonly at: string;
  /**
   * Where the date of a date-time stands, when `at` holds only its time of day: `charter_date` beside `start_time`. Several
   * fields may share it; a time that comes before what it derives from is the next day's.
   */
  readonly dateAt?: string;
  /** The zone of a wall clock without one, where it is not the kind's. `UTC`, or an IANA name. */
  readonly zone?: string;
  /**
   * A template where the field is a part of what stands there: `{date}-{guest}-sunset.html`. In braces stand names of fields,
   * `date` and `time` (of this date-time), or `any`.
   */
  readonly as?: string;
}

export type Medium = "pages" | "table" | "calendar" | "feed" | "web-page";

export interface RecordSystem {
  readonly name: string;
  readonly medium: Medium;
  /** `s3://…`, `dir:…`, `dynamodb:TABLE`, `caldav:https://…`, `google-calendar:ID`, `ics:https://…`, `web:https://…`. */
  readonly store: StoreName;
  /** Of pages that a target publishes: whose rules, approvals and CDN apply. */
  readonly target?: { readonly site: string; readonly target: string };
  /** `cloudfront:ID` of the CDN in front of pages, and where visitors find them, without a slash at its end; a target's own where there is one. */
  readonly cdn?: string;
  readonly url?: string;
  /** Globs over keys that may hold a record. */
  readonly match: readonly string[];
  /** Globs over keys that are templates or samples: read, shown, never changed. */
  readonly templates: readonly string[];
  /**
   * Paths under which visitors reach a page, besides its key: `/g/{name}`, `/g/{code}`. `{name}` is the key's last part without
   * `.html`. Of a web page: the paths that are looked at, in place of the one in `store`.
   */
  readonly paths: readonly string[];
  /** By field. */
  readonly fields: Readonly<Record<string, FieldPlace>>;
  /** Attributes of a table's primary key, partition key first, as `name` (string) or `name:N`. */
  readonly key: readonly string[];
  /** An attribute that changes with every write of an item, where there is one. */
  readonly version?: string;
  readonly isReadOnly: boolean;
  /** How long a change of ours may take to show here, in milliseconds. */
  readonly lagMs: number;
  /** What a person does where belay cannot write, with `{field}` names. */
  readonly manual?: {
    readonly link?: string;
    readonly note?: string;
    readonly dueMs?: number;
    /** It cannot be observed (a login wall): a person says that it is done. */
    readonly attest?: true;
  };
  /** Whether the provider tells people of changes (invitations); off unless asked for. */
  readonly isNotifying: boolean;
  /** The most requests at once. */
  readonly requestsMax?: number;
  /**
   * Secrets by name of the environment variable that holds them, for example `password` → `CALDAV_PASSWORD`. CalDAV: `password`,
   * `token`. Google: `key-file`, or `client-id`, `client-secret` and `refresh-token`. A feed: `url`, where `store` is `ics:env:NAME`.
   */
  readonly secrets: Readonly<Record<string, string>>;
  /** Settings that only one kind of store reads: `user` of CalDAV, `region` of a table, `subject` of a Google service account. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A field of one system that names an object of another: record → page. */
export interface Pointer {
  readonly from: string;
  /** A JSON path, or a property, as in `FieldPlace.at`. */
  readonly at: string;
  readonly to: string;
}

export interface IdentityRules {
  /** Fields that name the record exactly, each alone. */
  readonly keys: readonly string[];
  /** Fields that are compared as evidence, besides the date. */
  readonly match: readonly string[];
  /** Systems that hold one record at most once. */
  readonly oneToOne: readonly string[];
  /** Fields that one moment belongs to, as a vessel: the same time with another one is another record. By default those with such names. */
  readonly exclusive?: readonly string[];
}

/** A type of record: booking. */
export interface RecordKind {
  readonly name: string;
  /** IANA name: the zone of every wall clock that names none. */
  readonly zone: string;
  /** How `5/6/2026` is meant; where absent, such a date is ambiguous. */
  readonly dateOrder?: "mdy" | "dmy" | "ymd";
  readonly fields: readonly Field[];
  readonly systems: readonly RecordSystem[];
  readonly pointers: readonly Pointer[];
  readonly identity: IdentityRules;
  /** Features of a page that matter, for the choice of a survivor: names as the inventory has them, or words of their own by pattern. */
  readonly features: readonly { readonly name: string; readonly contains: string }[];
  readonly watch: WatchRules;
}

export interface WatchRules {
  /** Milliseconds between two looks. */
  readonly everyMs: number;
  /** The most corrections an hour. */
  readonly perHourMax: number;
  /** A field that changed so often within an hour is left to a person. */
  readonly flapsMax: number;
}

export const fieldNamed = (kind: RecordKind, name: string): Field | undefined => kind.fields.find((field) => field.name === name);
export const systemNamed = (kind: RecordKind, name: string): RecordSystem | undefined =>
  kind.systems.find((system) => system.name === name);

/** Systems that are no site's targets are written, leased and recorded under a site of this prefix and the kind's name. */
export const recordsSitePrefix: string = "@";

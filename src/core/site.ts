/** What belay.yaml says, as values that rules and operations take. */

import type { StoreName } from "./brand.ts";
import type { Headers } from "./plan/plan.ts";

export interface Target {
  readonly name: string;
  readonly store: StoreName;
  /** For example `cloudfront:E1STAGING`. */
  readonly cdn?: string;
  /** Where visitors find it, without a trailing slash. */
  readonly url?: string;
  /** The stage whose verified bytes this target takes, and nothing else (D2). */
  readonly after?: string;
  /** How many people must approve a change here. */
  readonly approvals: number;
  /** Which keys may approve here. `security-key`: only those that a person touches; the default for production. */
  readonly keys: "security-key" | "any";
  /** Who may approve here. `others`: not whoever brought the change or starts the plan. */
  readonly approvers: "anyone" | "others";
  /** Why production may be a bucket that keeps no earlier versions: D5 refuses one without a reason. */
  readonly unversioned?: string;
  /** Agents are held off this target unless false. */
  readonly guard: boolean;
}

/** A target that takes a stage's bytes, or is called production. */
export const isProduction = (target: Pick<Target, "name" | "after">): boolean =>
  target.after !== undefined || target.name.startsWith("prod");

/** The path that every page's address begins with: `/docs` for `https://example.com/docs`, nothing for a host alone. */
export const urlPathPrefix = ({ url }: Target): string => /^[a-z]+:\/\/[^/]*(?<path>\/.*)?$/u.exec(url ?? "")?.groups?.["path"] ?? "";

/** A feature token (D7): a text that one file must contain, or must not. */
export interface FeatureToken {
  readonly name: string;
  readonly file: string;
  readonly rule: "contains" | "absent";
  readonly text: string;
}

export interface HeaderRule {
  /** A glob over keys. */
  readonly match: string;
  readonly headers: Headers;
}

export interface Limits {
  /** The most deletes one plan may hold. */
  readonly deletesMax: number;
  /** The most changed files one plan may hold. */
  readonly filesMax: number;
  /** The most bytes one plan may send. */
  readonly bytesMax: number;
  /** The most requests to one service at once; where absent, what suits the kind of store. */
  readonly requestsMax?: number;
}

export interface Site {
  /** `default` where belay.yaml has `site:` rather than `sites:`. */
  readonly name: string;
  /** Absolute path of the folder that is published. */
  readonly root: string;
  /** Globs over keys that are never published, and never looked at on live. */
  readonly ignore: readonly string[];
  /** Globs over keys that are published although belay would leave them out (dotfiles and the like). */
  readonly include: readonly string[];
  /** What one logical change is (D3). */
  readonly unit: "page" | "commit" | "any";
  /** Globs over keys that differ at a target by design, by target name. */
  readonly except: Readonly<Record<string, readonly string[]>>;
  readonly headers: readonly HeaderRule[];
  /** In the order of belay.yaml. */
  readonly targets: readonly Target[];
  readonly tokens: readonly FeatureToken[];
  readonly limits: Limits;
}

export const defaultLimits: Limits = { deletesMax: 50, filesMax: 20_000, bytesMax: 10 * 1024 ** 3 };

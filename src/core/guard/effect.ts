/** What a command would do to what: the one thing that verdicts are made of. */

import type { Word } from "./word.ts";

/**
 * `read` leaves its destination as it is. `write` creates or replaces content, `delete` takes it away, `configure` changes what stands
 * around it (policies, versioning, access), `purge` empties caches. `delegate` has somebody else do it (a CI run, a batch job), or hands
 * a folder to a program of which nobody knows whether it writes.
 */
export type EffectVerb = "read" | "write" | "delete" | "configure" | "purge" | "delegate";

/** Words may have holes; a place whose decisive word has one is *unresolved*. */
export type Place =
  /** `name` is a bucket's name, an access point's alias or ARN, as written. Without `key` the bucket as a whole. */
  /** `mayBeLocal`: nobody knows how the word begins, so that it may as well be a path on this machine. */
  | { readonly kind: "bucket"; readonly name: Word; readonly key?: Word; readonly mayBeLocal?: true }
  | { readonly kind: "distribution"; readonly id: Word }
  | { readonly kind: "table"; readonly name: Word }
  /** An HTTP address that is written to: a presigned URL, a calendar. */
  | { readonly kind: "url"; readonly url: Word }
  /** Absolute, or with holes. `patterns`: absolute ones that the path is any match of; `**` is any number of folders. */
  | { readonly kind: "file"; readonly path: Word; readonly patterns?: readonly string[] }
  /** Whatever a description of infrastructure names: `terraform apply`. `about`: what could be read of it. */
  | { readonly kind: "infrastructure"; readonly about: Word }
  /** Who one is towards AWS: credentials and roles. */
  | { readonly kind: "credentials"; readonly about: Word }
  /** The guard itself: its hooks, its program, an agent started without it, a person's own commands of belay. */
  | { readonly kind: "guard"; readonly about: string }
  /** Code that is run and cannot be read: a script that is not there, text from the network. */
  | { readonly kind: "opaque"; readonly about: string };

export interface Effect {
  /** The command in the words of its own manual: `aws s3 cp`, `boto3 put_object`, `>`. */
  readonly tool: string;
  readonly verb: EffectVerb;
  readonly destination: Place;
  readonly source?: Place;
  /** As in the invocation. */
  readonly through: readonly string[];
}

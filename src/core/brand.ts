/** The only file that asserts a type: every brand is minted here. */

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** The address of a store as belay.yaml spells it, for example `dir:../srv/staging`. */
export type StoreName = Branded<"StoreName">;
/** A store's opaque version token. Equal revisions of one key mean equal content; nothing else may be read into it. */
export type Revision = Branded<"Revision">;
/** SHA-256 of bytes, 64 lower-case hexadecimal digits. */
export type Digest = Branded<"Digest">;
/** The digest of a plan's canonical JSON: also the vault address of exactly those bytes. */
export type PlanId = Digest;

export const asStoreName = (text: string): StoreName => text as StoreName;
export const asRevision = (text: string): Revision => text as Revision;
export const asDigest = (text: string): Digest => text as Digest;

/** Pure code is handed its hash function, so that core needs no package and no runtime. */
export type Sha256 = (bytes: Uint8Array) => Digest;

/**
 * The statements that hold a bucket's writers, belay or not, to what belay itself keeps to. All of them deny: they take rights
 * away and give none. Sources: S3 User Guide, "Enforce conditional writes", "Enforce conditional deletes"; Service Authorization
 * Reference, "Actions, resources, and condition keys for Amazon S3".
 */

import { namesOf, type Conditions, type IamStatement } from "./iam-document.ts";
import { bucketArn, nobody, resourceIn, writersOf, type Account, type Place, type Principals } from "./place.ts";
import { ledgerKeys, vaultKeys } from "./record-keys.ts";

const everybody = { Effect: "Deny", Principal: "*" } as const;
/** Parts of an upload carry no condition; its completion does, and that is what creates the object. */
const whatCreates = { Bool: { "s3:ObjectCreationOperation": "true" } } as const;

/** No header of either kind. Keys of one operator are joined by *and*. */
export const withoutCondition: Conditions = { Null: { "s3:if-match": "true", "s3:if-none-match": "true" }, ...whatCreates };
export const withoutIfMatch: Conditions = { Null: { "s3:if-match": "true" } };
const withoutIfNoneMatch: Conditions = { Null: { "s3:if-none-match": "true" }, ...whatCreates };

/** Whatever changes an object, or what is said of it. */
export const objectWrites: readonly string[] = [
  "s3:PutObject",
  "s3:DeleteObject",
  "s3:AbortMultipartUpload",
  "s3:PutObjectAcl",
  "s3:PutObjectTagging",
  "s3:DeleteObjectTagging",
  "s3:RestoreObject",
  "s3:ReplicateObject",
  "s3:ReplicateDelete",
];
/** What takes earlier versions away for good, or opens them. */
export const versionWrites: readonly string[] = ["s3:DeleteObjectVersion", "s3:PutObjectVersionAcl", "s3:BypassGovernanceRetention"];
/** What takes the walls themselves down. */
export const bucketWrites: readonly string[] = [
  "s3:PutBucketPolicy",
  "s3:DeleteBucketPolicy",
  "s3:PutBucketVersioning",
  "s3:PutLifecycleConfiguration",
  "s3:PutReplicationConfiguration",
  "s3:PutBucketAcl",
  "s3:PutBucketOwnershipControls",
  "s3:PutBucketPublicAccessBlock",
  "s3:PutBucketLogging",
  "s3:PutBucketWebsite",
  "s3:DeleteBucketWebsite",
  "s3:PutEncryptionConfiguration",
  "s3:DeleteBucket",
];

/** Everybody but these. A service of AWS has no such ARN and is therefore held off too. */
const unlessOneOf = (arns: readonly string[]): Conditions => ({ ArnNotLike: { "aws:PrincipalArn": namesOf(arns) } });

export interface WallSetup {
  readonly bucket: string;
  /** Everything that belay keeps in that bucket. */
  readonly places: readonly Place[];
  readonly principals: Principals;
  readonly account: Pick<Account, "partition">;
}

/** In an order that stays the same, each with a Sid of its own that begins with `Belay`. */
export function wallStatements({ bucket, places, principals, account }: WallSetup): readonly IamStatement[] {
  const named = scopes(places);
  return [
    ...named.flatMap(({ place, scope }) => [
      ...conditionStatements(place, scope, account),
      ...(place.kind === "record" ? recordStatements(place, { scope, principals, account }) : []),
      ...writerStatements(place, { scope, principals, account }),
    ]),
    {
      Sid: "BelaySettings",
      ...everybody,
      Action: bucketWrites,
      Resource: bucketArn(account, bucket),
      Condition: unlessOneOf([...principals.persons].toSorted()),
    },
    {
      Sid: "BelayEncrypted",
      ...everybody,
      // A CDN asks by the protocol that its visitor used, and a website's address knows no other: reading pages is left alone.
      ...(places.some(({ kind }) => kind === "pages") ? { NotAction: "s3:GetObject" } : { Action: "s3:*" }),
      Resource: [bucketArn(account, bucket), `${bucketArn(account, bucket)}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ];
}

function conditionStatements(place: Place, scope: string, account: Pick<Account, "partition">): IamStatement[] {
  const Resource = resourceIn(account, place, "*");
  return [
    { Sid: `Belay${scope}ConditionalWrites`, ...everybody, Action: "s3:PutObject", Resource, Condition: withoutCondition },
    { Sid: `Belay${scope}ConditionalDeletes`, ...everybody, Action: "s3:DeleteObject", Resource, Condition: withoutIfMatch },
  ];
}

interface Scoped {
  readonly scope: string;
  readonly principals: Principals;
  readonly account: Pick<Account, "partition">;
}

function writerStatements(place: Place, { scope, principals, account }: Scoped): IamStatement[] {
  const Resource = resourceIn(account, place, "*");
  const persons = [...principals.persons].toSorted();
  return [
    { Sid: `Belay${scope}Writers`, ...everybody, Action: objectWrites, Resource, Condition: unlessOneOf(writersOf(place, principals)) },
    { Sid: `Belay${scope}Versions`, ...everybody, Action: versionWrites, Resource, Condition: unlessOneOf(persons) },
  ];
}

/** Leases and canaries are replaced and deleted, under their conditions; nothing else of the record is. */
function recordStatements(place: Place, { scope, principals, account }: Scoped): IamStatement[] {
  const ledger = ledgerKeys.map((key) => resourceIn(account, place, key));
  const vault = resourceIn(account, place, vaultKeys);
  const removal = ["s3:DeleteObject", "s3:DeleteObjectVersion"];
  return [
    { Sid: `Belay${scope}CreateOnly`, ...everybody, Action: "s3:PutObject", Resource: [...ledger, vault], Condition: withoutIfNoneMatch },
    { Sid: `Belay${scope}LedgerStays`, ...everybody, Action: removal, Resource: ledger },
    {
      Sid: `Belay${scope}VaultStays`,
      ...everybody,
      Action: removal,
      Resource: vault,
      Condition: unlessOneOf([...principals.persons].toSorted()),
    },
  ];
}

/** Sids take letters and digits alone. Two names that come out alike are told apart by a number. */
function scopes(places: readonly Place[]): { readonly place: Place; readonly scope: string }[] {
  const taken = new Set<string>();
  return places.map((place) => {
    const words = place.name.split(/[^A-Za-z0-9]+/u).filter((word) => word !== "");
    const plain = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("") || "Target";
    let scope = plain;
    for (let count = 2; taken.has(scope); count += 1) scope = `${plain}${count}`;
    taken.add(scope);
    return { place, scope };
  });
}

/** Every Sid that `wallStatements` would give to these places, whoever is named. */
export const wallSids = (bucket: string, places: readonly Place[]): ReadonlySet<string> =>
  new Set(wallStatements({ bucket, places, principals: nobody, account: { partition: "aws" } }).map(({ Sid }) => Sid));

/** The Sid of the statement that names a place's writers, for each place. */
export const writerSids = (places: readonly Place[]): ReadonlyMap<Place, string> =>
  new Map(scopes(places).map(({ place, scope }) => [place, `Belay${scope}Writers`]));

/** What an agent, a publisher and a person may do, each as a policy to attach; and who may become the publisher. */

import { documentOf, namesOf, type IamDocument, type IamStatement, type Names } from "./iam-document.ts";
import { bucketArn, resourceIn, type Account, type Place } from "./place.ts";
import { canaryKeys, leaseKeys } from "./record-keys.ts";
import { bucketWrites, objectWrites, versionWrites, withoutCondition, withoutIfMatch } from "./wall-statements.ts";

export interface RoleSetup {
  /** Every target in a bucket, and the record where it is in one. */
  readonly places: readonly Place[];
  readonly account: Account;
}

/** IAM User Guide, "IAM and AWS STS quotas": characters of a managed policy, white space not counted. */
export const rolePolicyCharactersMax = 6144;

/** Reads everything, deploys to what is not production, writes the record. What production and the walls are made of is denied to it. */
export function agentPolicy(setup: RoleSetup): IamDocument {
  const { places, account } = setup;
  const production = places.filter(({ isProduction }) => isProduction);
  return documentOf([
    ...publishing(setup, ({ isProduction }) => !isProduction),
    ...restraints(setup),
    {
      Sid: "NotProduction",
      Effect: "Deny",
      Action: objectWrites,
      Resource: namesOf(production.map((place) => resourceIn(account, place, "*"))),
    },
    {
      Sid: "NotProductionsEdge",
      Effect: "Deny",
      Action: ["cloudfront:CreateInvalidation", "cloudfront:UpdateDistribution", "cloudfront:DeleteDistribution"],
      Resource: distributionsOf(production, account),
    },
  ]);
}

/** What belay needs from staging to production and back, and no setting of any bucket. */
export const publisherPolicy = (setup: RoleSetup): IamDocument => documentOf([...publishing(setup, () => true), ...restraints(setup)]);

/** A publisher who also looks at the set-up with `doctor`, and changes it with `harden`. */
export function personPolicy(setup: RoleSetup): IamDocument {
  const { places, account } = setup;
  return documentOf([
    ...publishing(setup, () => true),
    ...conditions(setup),
    {
      Sid: "KnowTheSetUp",
      Effect: "Allow",
      Action: [
        "s3:GetBucketPolicy",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketAcl",
        "s3:GetBucketOwnershipControls",
        "s3:GetEncryptionConfiguration",
        "s3:GetBucketLogging",
        "s3:GetLifecycleConfiguration",
        "s3:GetBucketWebsite",
      ],
      Resource: bucketsOf(places, account),
    },
    {
      Sid: "BuildTheWalls",
      Effect: "Allow",
      Action: [
        "s3:PutBucketPolicy",
        "s3:PutBucketVersioning",
        "s3:PutBucketLogging",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutLifecycleConfiguration",
      ],
      Resource: bucketsOf(places, account),
    },
    {
      Sid: "ForgetForGood",
      Effect: "Allow",
      Action: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
      Resource: namesOf(places.map((place) => resourceIn(account, place, "*"))),
    },
    {
      Sid: "AskWhatIsGranted",
      Effect: "Allow",
      Action: ["iam:SimulatePrincipalPolicy", "route53:ListHostedZonesByName", "route53:ListResourceRecordSets"],
      Resource: "*",
    },
  ]);
}

/** GitHub's identity provider; its tokens name repository and environment. Source: GitHub Docs, "OpenID Connect in AWS". */
const provider = "token.actions.githubusercontent.com";

/** Lets a repository's jobs become the publisher: those that run in an environment named for a target, or in `TARGET-plan`. */
export function publisherTrust({ places, account }: RoleSetup, repository: string): IamDocument {
  const environments = places.flatMap(({ kind, name, isProduction }) =>
    kind === "record" ? [] : isProduction ? [`${name}-plan`, name] : [name],
  );
  return documentOf([
    {
      Sid: "JobsOfTheRepository",
      Effect: "Allow",
      Principal: { Federated: `arn:${account.partition}:iam::${account.id}:oidc-provider/${provider}` },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          [`${provider}:aud`]: "sts.amazonaws.com",
          [`${provider}:sub`]: namesOf(environments.map((name) => `repo:${repository}:environment:${name}`)),
        },
      },
    },
  ]);
}

/** Everything that belay's deploys ask for, written to where `isWritten` says so. */
function publishing({ places, account }: RoleSetup, isWritten: (place: Place) => boolean): IamStatement[] {
  const pages = places.filter(({ kind }) => kind === "pages");
  const records = places.filter(({ kind }) => kind === "record");
  const written = pages.filter(isWritten);
  const objects = (of: readonly Place[], keys: readonly string[] = ["*"]): Names =>
    namesOf(of.flatMap((place) => keys.map((key) => resourceIn(account, place, key))));
  return [
    {
      Sid: "Look",
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketVersioning", "s3:GetBucketLocation"],
      Resource: bucketsOf(places, account),
    },
    { Sid: "Read", Effect: "Allow", Action: ["s3:GetObject", "s3:GetObjectVersion"], Resource: objects(places) },
    {
      Sid: "Publish",
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      Resource: objects(written),
    },
    { Sid: "KeepTheRecord", Effect: "Allow", Action: ["s3:PutObject", "s3:AbortMultipartUpload"], Resource: objects(records) },
    { Sid: "GiveLeasesBack", Effect: "Allow", Action: "s3:DeleteObject", Resource: objects(records, [leaseKeys, canaryKeys]) },
    { Sid: "KnowTheEdges", Effect: "Allow", Action: "cloudfront:GetDistribution", Resource: distributionsOf(pages, account) },
    {
      Sid: "PurgeTheEdges",
      Effect: "Allow",
      Action: ["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation", "cloudfront:ListInvalidations"],
      Resource: distributionsOf(written, account),
    },
  ];
}

/** What a bucket's policy says too, for as long as it has none. */
function conditions({ places, account }: RoleSetup): IamStatement[] {
  const Resource = namesOf(places.map((place) => resourceIn(account, place, "*")));
  return [
    { Sid: "NothingUnseenWritten", Effect: "Deny", Action: "s3:PutObject", Resource, Condition: withoutCondition },
    { Sid: "NothingUnseenDeleted", Effect: "Deny", Action: "s3:DeleteObject", Resource, Condition: withoutIfMatch },
  ];
}

const restraints = (setup: RoleSetup): IamStatement[] => [
  ...conditions(setup),
  {
    Sid: "VersionsStay",
    Effect: "Deny",
    Action: versionWrites,
    Resource: namesOf(setup.places.map((place) => resourceIn(setup.account, place, "*"))),
  },
  { Sid: "WallsStay", Effect: "Deny", Action: bucketWrites, Resource: bucketsOf(setup.places, setup.account) },
];

const bucketsOf = (places: readonly Place[], account: Account): Names =>
  namesOf([...new Set(places.map(({ bucket }) => bucketArn(account, bucket)))]);

const distributionsOf = (places: readonly Place[], { partition, id }: Account): Names =>
  namesOf([
    ...new Set(
      places.flatMap(({ distribution }) =>
        distribution === undefined ? [] : [`arn:${partition}:cloudfront::${id}:distribution/${distribution}`],
      ),
    ),
  ]);

import { BelayError, type ErrorCode } from "../../../core/belay-error.ts";
import { connectionCause } from "./connection-cause.ts";
import { clauseOf, plainText } from "./plain-text.ts";
import type { AwsProblem } from "./read-aws-error.ts";
import { type Wire, WireFailure } from "./wire.ts";

export { type AwsProblem, readAwsError } from "./read-aws-error.ts";

/** What was being done when the problem came up. */
export interface AwsAbout {
  readonly wire: Pick<Wire, "base" | "isAws">;
  /** The permission that it takes, as IAM spells it: `s3:PutObject`. */
  readonly action: string;
  /** What it was done to: a key, a distribution. Absent where that is the wire's base as a whole. */
  readonly subject?: string;
}

interface Meaning {
  readonly code: ErrorCode;
  readonly say: (problem: AwsProblem, about: AwsAbout) => readonly [message: string, remedy: string];
}

const task = ({ action, subject, wire }: AwsAbout): string =>
  subject === undefined ? `${action} at ${wire.base}` : `${action} of ${plainText(subject)} at ${wire.base}`;

const answerOf = ({ status, code, message }: AwsProblem): string =>
  [code === "" ? `status ${status}` : clauseOf(code), clauseOf(message)].filter((part) => part !== "").join(": ");

const again = "then run the same command again";

const denied: Meaning = {
  code: "store-denied",
  say: (problem, about) => [
    `${task(about)} is not allowed (${answerOf(problem)})`,
    `Allow ${about.action} there for whoever \`aws sts get-caller-identity\` names, or use other credentials; ${again}.`,
  ],
};

const stale: Meaning = {
  code: "credentials-missing",
  say: (problem, about) => [
    `the credentials have expired: ${task(about)} was refused (${answerOf(problem)})`,
    `Get fresh ones (\`aws sso login\` or \`aws login\` for a profile that signs in, new AWS_* variables otherwise), ${again}.`,
  ],
};

const unknownKey: Meaning = {
  code: "credentials-missing",
  say: (problem, { wire }) => [
    `${wire.base} does not accept these credentials (${answerOf(problem)})`,
    wire.isAws
      ? `Correct the access key and its secret: \`aws sts get-caller-identity\` shows whether AWS knows them, \`aws configure list\` where they come from; ${again}.`
      : `Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to a key of this server, ${again}.`,
  ],
};

const skewed: Meaning = {
  code: "store-unreachable",
  say: ({ requestTime, serverTime, message }, about) => [
    requestTime !== undefined && serverTime !== undefined
      ? `the clocks disagree: signed at ${plainText(requestTime)}, by the clock of ${about.wire.base} it is ${plainText(serverTime)}`
      : `the clock of ${about.wire.base} disagrees with this machine's (${clauseOf(message) || `it says ${plainText(serverTime ?? "nothing")}`})`,
    `Set this machine's clock (\`date -u\` shows it), ${again}.`,
  ],
};

const noBucket: Meaning = {
  code: "store-missing",
  say: (_, { wire }) => [
    `there is no bucket at ${wire.base}`,
    "Correct the bucket's name in belay.yaml, or create it: `aws s3api create-bucket --bucket NAME` (outside us-east-1 with `--create-bucket-configuration LocationConstraint=REGION`).",
  ],
};

const noDistribution: Meaning = {
  code: "edge-mismatch",
  say: (_, { subject, wire }) => [
    `there is no CloudFront distribution ${plainText(subject ?? "of that name")} for these credentials at ${wire.base}`,
    "Correct the distribution's id in belay.yaml: `aws cloudfront list-distributions --query 'DistributionList.Items[].[Id,DomainName]'` lists them.",
  ],
};

const elsewhere: Meaning = {
  code: "usage",
  say: (problem, { wire }) => {
    const place = problem.region ?? problem.endpoint;
    return [
      `the bucket of ${wire.base} is to be reached elsewhere${place === undefined ? "" : `, at ${plainText(place)}`} (${answerOf(problem)})`,
      problem.region === undefined
        ? "Set AWS_ENDPOINT_URL_S3 to the endpoint that holds the bucket."
        : `export AWS_REGION=${plainText(problem.region)}`,
    ];
  },
};

const throttled: Meaning = {
  code: "store-unreachable",
  say: (problem, about) => [
    `${about.wire.base} asks for fewer requests, also after waiting: ${task(about)} (${answerOf(problem)})`,
    "Wait a minute, then run the same command again.",
  ],
};

const full: Meaning = {
  code: "store-full",
  say: (problem, about) => [
    `there is no room left: ${task(about)} (${answerOf(problem)})`,
    `Make room or raise the quota there, ${again}.`,
  ],
};

const unsupported: Meaning = {
  code: "not-supported",
  say: (problem, about) => [
    `${about.wire.base} cannot do ${about.action} as it was asked to (${answerOf(problem)})`,
    "Use a server that can do it, or leave out what needs it.",
  ],
};

const failed: Meaning = {
  code: "store-unreachable",
  say: (problem, about) => [
    `${task(about)} failed (${answerOf(problem)}${problem.requestId === undefined ? "" : `, request ${plainText(problem.requestId)}`})`,
    problem.status >= 500
      ? "Wait a minute, then run the same command again."
      : "Check the endpoint (AWS_ENDPOINT_URL) and the rights of these credentials, then run the command again.",
  ],
};

const byCode: ReadonlyMap<string, Meaning> = new Map([
  ...each(denied, ["AccessDenied", "AccessDeniedException", "AllAccessDisabled", "AccountProblem", "NotSignedUp", "UnauthorizedAccess"]),
  ...each(stale, ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"]),
  ...each(unknownKey, [
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "InvalidToken",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "MissingAuthenticationToken",
    "IncompleteSignature",
    "InvalidSignatureException",
  ]),
  ...each(skewed, ["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"]),
  ...each(noBucket, ["NoSuchBucket"]),
  ...each(noDistribution, ["NoSuchDistribution"]),
  ...each(elsewhere, [
    "PermanentRedirect",
    "TemporaryRedirect",
    "Redirect",
    "AuthorizationHeaderMalformed",
    "IllegalLocationConstraintException",
  ]),
  ...each(throttled, [
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "RequestLimitExceeded",
    "TooManyRequests",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "LimitExceededException",
    "TransactionConflictException",
  ]),
  ...each(full, ["QuotaExceeded", "StorageFull", "XMinioStorageFull"]),
  ...each(unsupported, ["NotImplemented", "MethodNotAllowed"]),
]);

const byStatus: ReadonlyMap<number, Meaning> = new Map([
  [301, elsewhere],
  [307, elsewhere],
  [401, unknownKey],
  [403, denied],
  [429, throttled],
  [501, unsupported],
  [503, throttled],
  [507, full],
]);

/**
 * What a problem means to a person, with the way on. Of an answer only where the caller has no better reading of it: a 404
 * of a key or a 412 is not an error. Anything that is neither a problem nor a `WireFailure` comes back as it is.
 */
export function awsError(problem: AwsProblem | Error, about: AwsAbout): Error {
  if (problem instanceof WireFailure) return unreachable(problem, about);
  if (problem instanceof Error) return problem;
  const meaning = meaningOf(problem);
  const [message, remedy] = meaning.say(problem, about);
  return new BelayError(meaning.code, message, remedy, { cause: problem });
}

function meaningOf(problem: AwsProblem): Meaning {
  // CloudFront and STS report a skewed clock as a wrong signature, in words.
  if (/^Signature (?:expired|not yet current)/u.test(problem.message)) return skewed;
  return byCode.get(problem.code) ?? byStatus.get(problem.status) ?? failed;
}

function unreachable(failure: WireFailure, about: AwsAbout): BelayError {
  const cause = failure.cause === undefined ? clauseOf(failure.message) : connectionCause(failure.cause);
  return new BelayError(
    "store-unreachable",
    `${about.wire.base} did not answer ${about.action}${about.subject === undefined ? "" : ` of ${plainText(about.subject)}`}: ${cause}`,
    about.wire.isAws
      ? "Check the network (`aws sts get-caller-identity` shows whether AWS can be reached), then run the same command again."
      : "Start that server or correct AWS_ENDPOINT_URL, then run the same command again.",
    { cause: failure },
  );
}

function each(meaning: Meaning, codes: readonly string[]): [string, Meaning][] {
  return codes.map((code) => [code, meaning]);
}

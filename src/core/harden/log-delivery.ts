/** Lets S3 write one bucket's access log into another. Source: S3 User Guide, "Enabling Amazon S3 server access logging". */

import type { AccessLogging } from "../doctor/bucket-facts.ts";
import type { IamStatement } from "./iam-document.ts";
import { bucketArn, type Account } from "./place.ts";

/** For the policy of the bucket that takes the log. One for each bucket that is logged. */
export function logDeliveryStatement(source: string, logging: AccessLogging, account: Account): IamStatement {
  return {
    // Sids take letters and digits alone; of two buckets that differ in punctuation only, the dots and hyphens decide.
    Sid: `BelayLogsOf${source.replaceAll("-", "D").replaceAll(".", "P")}`,
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `${bucketArn(account, logging.bucket)}/${logging.prefix}*`,
    Condition: {
      ArnLike: { "aws:SourceArn": bucketArn(account, source) },
      StringEquals: { "aws:SourceAccount": account.id },
    },
  };
}

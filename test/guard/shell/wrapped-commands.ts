/** Commands for the properties of wrapping: such as are refused, such as are allowed, and where. */

import type { GuardScope } from "../../../src/core/guard/scope.ts";
import { folder } from "./seen.ts";

export const scope: GuardScope = {
  folder,
  buckets: [{ name: "shop-live", label: "production", target: "production", prefix: "", except: [] }],
  distributions: [{ name: "E2LIVE", label: "production" }],
  tables: [{ name: "bookings", label: "bookings" }],
  urls: [],
  folders: [{ name: "/mnt/live", label: "production" }],
  sites: [{ name: "main", root: folder, liveTargets: ["production"], targets: ["staging", "production"], guardedTargets: ["production"] }],
  stateFolders: [`${folder}/.belay`],
  hasRecords: false,
};

/** By words. */
export const refused: readonly (readonly string[])[] = [
  ["aws", "s3", "rm", "s3://shop-live/x"],
  ["aws", "s3", "cp", "index.html", "s3://shop-live/index.html", "--cache-control", "max-age=60, public"],
  ["aws", "s3", "sync", "--delete", "dist", "s3://shop-live"],
  ["aws", "s3api", "put-object", "--bucket=shop-live", "--key", "a b.html", "--body", "x"],
  ["aws", "s3api", "delete-objects", "--bucket", "shop-live", "--delete", '{"Objects":[{"Key":"x"}]}'],
  ["aws", "cloudfront", "create-invalidation", "--distribution-id", "E2LIVE", "--paths", "/*"],
  ["aws", "dynamodb", "put-item", "--table-name", "bookings", "--item", '{"id":{"S":"it\'s"}}'],
  ["rclone", "copy", "dist", ":s3:shop-live/x"],
  ["s5cmd", "rm", "s3://shop-live/*"],
  ["s3cmd", "put", "x.html", "s3://shop-live/x.html"],
  ["gsutil", "cp", "x", "s3://shop-live/x"],
  ["curl", "-sS", "-T", "x.html", "https://shop-live.s3.us-west-2.amazonaws.com/x.html?sig=a&b=c"],
  ["cp", "x.html", "/mnt/live/x.html"],
  ["rm", "-rf", "/mnt/live/old"],
  ["python3", "-c", 'import boto3\nboto3.client("s3").put_object(Bucket="shop-live", Key="x", Body=b"y")'],
  [
    "node",
    "-e",
    "const { S3 } = require('@aws-sdk/client-s3'); new S3({ region: 'r' }).putObject({ Bucket: 'shop-live', Key: 'x', Body: 'y' })",
  ],
  ["terraform", "apply", "-auto-approve"],
];

export const harmless: readonly string[] = [
  "ls -la",
  "git status",
  "npm run build",
  "aws s3 ls s3://shop-live/",
  "aws s3 cp s3://shop-live/x .",
  "aws s3 sync . s3://shop-staging --delete",
  "aws dynamodb get-item --table-name bookings --key '{}'",
  "curl -s https://shop-live.s3.amazonaws.com/x | head",
  "rclone ls :s3:shop-live",
  "python3 -c 'print(1)'",
  "node -e 'console.log(1)'",
  "terraform plan",
  "cp a.html b.html",
  "echo done",
  "cd sub && git log",
  'for f in *.html; do wc -l "$f"; done',
];

import type { SandboxRequest } from "../wire.ts";
import { calDavOperationOf, isForCalDav } from "../caldav/operation-name.ts";
import { dynamoOperationOf, isForDynamo } from "../dynamodb/operation-name.ts";
import { s3OperationOf } from "./s3-operation.ts";

/** The CloudFront API's version is the first part of each of its paths, so no bucket can have that name here. */
const cloudFrontPath = /^\/2020-05-31\/(.*)$/u;

/** CloudFront's operations by method and path; a star stands for one name. */
const cloudFrontRoutes: Readonly<Record<string, string>> = {
  "POST distribution": "CreateDistribution",
  "GET distribution": "ListDistributions",
  "GET distribution/*": "GetDistribution",
  "DELETE distribution/*": "DeleteDistribution",
  "GET distribution/*/config": "GetDistributionConfig",
  "PUT distribution/*/config": "UpdateDistribution",
  "POST distribution/*/invalidation": "CreateInvalidation",
  "GET distribution/*/invalidation": "ListInvalidations",
  "GET distribution/*/invalidation/*": "GetInvalidation",
  "POST function": "CreateFunction",
  "GET function": "ListFunctions",
  "GET function/*": "GetFunction",
  "PUT function/*": "UpdateFunction",
  "DELETE function/*": "DeleteFunction",
  "GET function/*/describe": "DescribeFunction",
  "POST function/*/publish": "PublishFunction",
  "POST function/*/test": "TestFunction",
};

export function isForCloudFront(request: SandboxRequest): boolean {
  return cloudFrontPath.test(request.path);
}

/** The name of the operation in the API of S3, CloudFront or DynamoDB; of an unknown one the method and what it was asked of. */
export function operationOf(request: SandboxRequest): string {
  if (isForDynamo(request)) return dynamoOperationOf(request);
  if (isForCalDav(request)) return calDavOperationOf(request);
  const path = cloudFrontPath.exec(request.path)?.[1];
  if (path === undefined) return s3OperationOf(request);
  const words = path.replace(/\/$/u, "").split("/");
  const shape = words.map((word, at) => (at % 2 === 1 ? "*" : word)).join("/");
  const route = `${request.method} ${shape}`;
  return cloudFrontRoutes[route] ?? route;
}

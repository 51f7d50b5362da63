/** What a request asks of DynamoDB or its streams: both say it in one header. */

import type { SandboxRequest } from "../wire.ts";

const target = /^DynamoDB(?:Streams)?_20120810\.(\w+)$/u;

export const isForDynamo = ({ headers }: SandboxRequest): boolean => target.test(headers["x-amz-target"] ?? "");

/** The operation's name; empty where the request is for another service. */
export const dynamoOperationOf = ({ headers }: SandboxRequest): string => target.exec(headers["x-amz-target"] ?? "")?.[1] ?? "";

import type { Runtime } from "../ports/runtime.ts";

/** What opening any store or edge needs to know of this process. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** The `.belay` folder beside belay.yaml. */
  readonly local: string;
  /** Requests to one service at once. */
  readonly concurrency: number;
  readonly runtime: Runtime;
}

/**
 * The address of a bucket leads to another place where AWS_ENDPOINT_URL says so: what was seen in a rehearsal says nothing of
 * the real bucket. For a folder it is the address itself.
 */
export function placeOf(address: string, { env }: Pick<Surroundings, "env">): string {
  const endpoint = endpointOf(env);
  return address.startsWith("s3://") && endpoint !== "" ? `${address} at ${endpoint}` : address;
}

/** Where the environment leads requests for buckets; empty for AWS itself. */
export const endpointOf = (env: NodeJS.ProcessEnv): string => env["AWS_ENDPOINT_URL_S3"] ?? env["AWS_ENDPOINT_URL"] ?? "";

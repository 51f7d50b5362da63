/** One call to CloudFront's API about one distribution. */

import { readAwsError, type AwsProblem } from "../shared/aws/read-aws-error.ts";
import { encodeComponent } from "../shared/aws/encode-path.ts";
import { answerText } from "../shared/aws/read-answer.ts";
import { exchange } from "../shared/aws/retry.ts";
import { WireFailure, type Wire, type WireRequest } from "../shared/aws/wire.ts";
import { readXml, XmlError, type XmlNode } from "../shared/aws/xml.ts";
import type { CallOptions } from "../../ports/store.ts";
import type { CloudFrontSetup } from "./cloudfront-setup.ts";
import { apiVersion } from "./invalidation-batch.ts";

/** `refused` is CloudFront's word; `unanswered` means that nothing came which could be read whole. */
export type CallAnswer =
  | { readonly kind: "done"; readonly root: XmlNode }
  | { readonly kind: "refused"; readonly problem: AwsProblem }
  | { readonly kind: "unanswered"; readonly failure: WireFailure };

export interface ApiCall extends Pick<WireRequest, "method" | "headers" | "body"> {
  /** Below the distribution: empty, or beginning with a slash. */
  readonly below: string;
}

/** Sent again where that may help, which never does harm: two of belay's calls only look, and a purge is known by its reference. */
export async function callCloudFront(wire: Wire, setup: CloudFrontSetup, call: ApiCall, options: CallOptions): Promise<CallAnswer> {
  const { below, ...request } = call;
  const path = `/${apiVersion}/distribution/${encodeComponent(setup.distribution)}${below}`;
  const repeating = { ...setup.runtime, signal: options.signal, isRepeatable: true, ...(setup.random && { random: setup.random }) };
  try {
    const answer = await exchange(wire, { ...request, path }, repeating);
    if (answer.status >= 300) return { kind: "refused", problem: await readAwsError(answer) };
    return { kind: "done", root: readXml(await answerText(answer)) };
  } catch (error) {
    if (error instanceof WireFailure) return { kind: "unanswered", failure: error };
    if (error instanceof XmlError)
      return { kind: "unanswered", failure: new WireFailure(`its answer cannot be read, ${error.message}`, true) };
    throw error;
  }
}

/** One question to AWS about how something stands: an XML document, a text, or the word that there is no such thing. */

import { BelayError } from "../../core/belay-error.ts";
import type { Runtime } from "../../ports/runtime.ts";
import type { CallOptions } from "../../ports/store.ts";
import { awsError } from "../shared/aws/aws-error.ts";
import { answerText } from "../shared/aws/read-answer.ts";
import { readAwsError } from "../shared/aws/read-aws-error.ts";
import { exchange } from "../shared/aws/retry.ts";
import { WireFailure, type Wire, type WireAnswer, type WireRequest } from "../shared/aws/wire.ts";
import { readXml, XmlError, type XmlNode } from "../shared/aws/xml.ts";

/** What every question needs. */
export interface ControlSetup {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly runtime: Pick<Runtime, "now" | "sleep" | "sha256">;
}

export interface ControlAsk extends WireRequest {
  /** The permission that it takes, as IAM spells it. */
  readonly action: string;
  /** What it is about, where that is not the wire's base as a whole. */
  readonly subject?: string;
  /** Error codes by which the service says that nothing is set. */
  readonly absent?: readonly string[];
  /** False for what changes something: it is then sent again only where it has provably not arrived. */
  readonly isRepeatable?: boolean;
}

/** The answer, or `undefined` where nothing is set. Throws a `BelayError` for everything else that is no success. */
export async function askControl(wire: Wire, ask: ControlAsk, setup: ControlSetup, options: CallOptions): Promise<WireAnswer | undefined> {
  const { action, subject, absent = [], isRepeatable = true, ...request } = ask;
  const about = { wire, action, ...(subject !== undefined && { subject }) };
  const { now, sleep } = setup.runtime;
  try {
    const answer = await exchange(wire, request, { signal: options.signal, isRepeatable, now, sleep });
    if (answer.status < 300) return answer;
    const problem = await readAwsError(answer);
    if (absent.includes(problem.code)) return undefined;
    throw awsError(problem, about);
  } catch (error) {
    throw error instanceof WireFailure ? awsError(error, about) : error;
  }
}

/** As `askControl`, for a document with one of those roots. A server that answers with another document does not know the question: `not-supported`. */
export async function askDocument(
  wire: Wire,
  ask: ControlAsk & { readonly root: string | readonly string[] },
  setup: ControlSetup,
  options: CallOptions,
): Promise<XmlNode | undefined> {
  const { root: roots, ...request } = ask;
  const answer = await askControl(wire, request, setup, options);
  if (answer === undefined) return undefined;
  try {
    const root = readXml(await answerText(answer));
    if ([roots].flat().includes(root.name)) return root;
    throw new XmlError(`it is a <${root.name}>`);
  } catch (error) {
    if (error instanceof WireFailure) throw awsError(error, { wire, action: ask.action });
    if (!(error instanceof XmlError)) throw error;
    throw new BelayError(
      "not-supported",
      `${wire.base} does not answer ${ask.action} as AWS does (${error.message})`,
      "Ask AWS itself, or the server's own documentation.",
      {
        cause: error,
      },
    );
  }
}

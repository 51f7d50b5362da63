/** Reading the pages of listings: one page is one whole document, or an error. */

import { BelayError } from "../../core/belay-error.ts";
import type { CallOptions } from "../../ports/store.ts";
import { answerText } from "../shared/aws/read-answer.ts";
import { WireFailure } from "../shared/aws/wire.ts";
import { childText, readXml, XmlError, type XmlNode } from "../shared/aws/xml.ts";
import type { Ask, S3Place } from "./s3-place.ts";

const attemptsMax = 4;
const pauseMs = 200;

/** Asks for a document with that root. A connection that breaks off in the middle is asked again; throws where no whole document comes. */
export async function askForPage(
  place: S3Place,
  request: Omit<Ask, "isRepeatable" | "method">,
  rootNames: string | readonly string[],
  options: CallOptions,
): Promise<XmlNode> {
  const ask: Ask = { ...request, method: "GET", isRepeatable: true };
  for (let attempt = 1; ; attempt += 1) {
    const answer = await place.ask(ask, options);
    if (answer.status !== 200) throw await place.errorOf(answer, ask);
    try {
      const root = readXml(await answerText(answer));
      if (isNamed(root, rootNames)) return root;
      throw new XmlError(`it is a <${root.name}>`);
    } catch (error) {
      if (attempt >= attemptsMax || !(error instanceof WireFailure || error instanceof XmlError)) {
        throw error instanceof XmlError
          ? await unreadable(place, `it is no proper ${[rootNames].flat()[0] ?? "answer"}: ${error.message}`)
          : await place.meaningOf(error, ask);
      }
    }
    await place.runtime.sleep(pauseMs * attempt, options.signal);
  }
}

const isNamed = ({ name }: XmlNode, names: string | readonly string[]): boolean => [names].flat().includes(name);

/** The error for a listing that cannot be trusted to be whole. */
export async function unreadable(place: S3Place, problem: string): Promise<BelayError> {
  const { base } = await place.wire();
  return new BelayError(
    "store-unreachable",
    `The listing of ${base} cannot be relied on: ${problem}`,
    "Run the command again. If it stays so, use a server that lists as S3 does.",
  );
}

/**
 * A name in a page. With `encoding-type=url` S3 spells it as in a query, so a `+` is a space; a server that does not
 * know the parameter does not repeat it, and writes names as they are. `undefined` for a broken spelling.
 */
export function nameIn(page: XmlNode, spelled: string): string | undefined {
  if (childText(page, "EncodingType") !== "url") return spelled;
  try {
    return decodeURIComponent(spelled.replaceAll("+", "%20"));
  } catch {
    return undefined;
  }
}

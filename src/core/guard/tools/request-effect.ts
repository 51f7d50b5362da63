/** One request over HTTP, by its method and address. */

import type { Effect, EffectVerb } from "../effect.ts";
import { hole, type Word } from "../word.ts";
import { words } from "./arguments.ts";
import { startsRun } from "./delegates.ts";
import { placeOfUrl } from "./place-of-url.ts";
import { effectOf, mention, onlyKnown, textOf, type Call } from "./reading-of.ts";

const readMethods: ReadonlySet<string> = words("GET HEAD OPTIONS TRACE PROPFIND REPORT");

/** Nothing for a method that only looks. */
export function requestEffect(call: Call, method: Word, url: Word): Effect[] {
  const upper = method.toUpperCase();
  if (readMethods.has(upper)) return [];
  const verb: EffectVerb = upper === "DELETE" ? "delete" : "write";
  const tool = `${call.program} ${upper.includes(hole) ? "…" : upper}`;
  const sent = effectOf(call, { tool, verb, destination: placeOfUrl(url) });
  const asked = startsRun(url)
    ? [effectOf(call, { tool, verb: "delegate", destination: { kind: "opaque", about: "a workflow run" } })]
    : [];
  return [sent, ...asked, ...serviceEffect(call, { tool, verb, url })];
}

/** Services that name what they change in the path or in the content of a request. */
const service =
  /^(?:https?:\/\/)?(?:[^/?#@]*@)?(?:[\w-]+\.)*(?:dynamodb|cloudfront)(?:[.-][\w-]+)*\.(?:amazonaws\.com(?:\.cn)?|api\.aws)\.?(?::\d+)?(?:\/|$)/iu;
const readTarget = /DynamoDB_\d+\.(?:Get|Query|Scan|Describe|List|BatchGet|TransactGet)/u;

function serviceEffect(
  call: Call,
  { tool, verb, url }: { readonly tool: string; readonly verb: EffectVerb; readonly url: Word },
): Effect[] {
  if (!service.test(url) || call.args.some((word) => readTarget.test(word))) return [];
  const files = call.args.flatMap((word) => (/^@[^\s{]/u.test(word) ? [textOf(call, word.slice(1))] : []));
  return [effectOf(call, { tool, verb, destination: mention(onlyKnown([...call.args, ...files].join("\n"))) })];
}

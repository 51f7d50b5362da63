/** Requests that write to an address: PUT, POST, PATCH, DELETE in the notations of HTTP libraries. */

import type { EffectVerb } from "../effect.ts";
import { hole } from "../word.ts";
import type { Word } from "../word.ts";
import { namedOf, wordsAt } from "./arguments.ts";
import type { Arguments } from "./arguments.ts";
import type { Call, Findings } from "./findings.ts";
import { wordOf, wordsOf } from "./value.ts";

const methodName =
  /^(?:put|post|patch|delete|del|PUT|POST|PATCH|DELETE|Put|Post|Patch|Delete|put_async|PutAsync|http_put|http_delete|http_post)$/;
const asker =
  /^(?:request|requests|fetch|Request|NewRequest|NewRequestWithContext|axios|got|ky|superagent|open|urlopen|send|ajax|new|HttpRequest|httpRequest|createRequest|Net::HTTP|URLSession|stream|\$fetch|ofetch|needle|curl|http_request)$/;
const address = /^https?:\/\//i;

const verbOf = (method: string): EffectVerb | undefined => {
  const plain = method.toLowerCase();
  if (plain.startsWith("del")) return "delete";
  return /^(?:put|post|patch)$/.test(plain) ? "write" : undefined;
};

/** Texts among the arguments, options included. */
const textsOf = (args: Arguments): readonly Word[] => args.positional.flatMap((values) => values.map(wordOf));

function urlsOf(args: Arguments): readonly Word[] {
  const named = wordsAt({ ...args, isOpen: false }, ["url", "uri", "href", "endpoint"]);
  const positional = textsOf(args).filter((word) => address.test(word));
  const host = wordsAt({ ...args, isOpen: false }, ["hostname", "host"])?.[0];
  if (host !== undefined) return [`https://${host}${wordsAt({ ...args, isOpen: false }, ["path", "pathname"])?.[0] ?? `/${hole}`}`];
  return [...(named ?? []), ...positional].filter((word) => address.test(word));
}

function report(call: Call, method: string, urls: readonly Word[], findings: Findings): void {
  const verb = verbOf(method);
  if (verb === undefined) return;
  for (const url of urls) findings.effect(`${call.name} ${method.toUpperCase()}`, verb, { kind: "url", url });
}

/** The method that a call of a general function asks for; GET where none stands there. */
function methodOf(call: Call): readonly string[] {
  const { entries } = namedOf(call.args);
  const named = entries.get("method") ?? entries.get("type") ?? entries.get("customrequest");
  if (named !== undefined) return wordsOf(named).map((word) => (word.includes(hole) ? "PUT" : word));
  const positional = textsOf(call.args).find((word) => /^(?:PUT|POST|PATCH|DELETE|GET|HEAD)$/i.test(word));
  if (positional !== undefined) return [positional];
  // urllib sends what has data as POST.
  return entries.has("data") && /^(?:Request|urlopen)$/.test(call.name) ? ["POST"] : [];
}

/** `http.client`: the host stands where the connection is made. */
function connection(call: Call, findings: Findings): boolean {
  if (!/^(?:HTTPSConnection|HTTPConnection)$/.test(call.name)) return false;
  for (const host of wordsAt(call.args, ["host"], 0) ?? []) {
    // The connection alone writes nothing, but only `request` knows the method, and it does not name the host.
    if (/amazonaws\.com/i.test(host)) findings.effect(call.name, "write", { kind: "url", url: `https://${host}/` });
  }
  return true;
}

/** Requests that write; says whether the call was one. */
export function httpCall(call: Call, findings: Findings): boolean {
  if (connection(call, findings)) return true;
  // `Net::HTTP::Put.new(uri)`.
  const classOf = /(?:^|[.:])(Put|Post|Patch|Delete)\.new$/.exec(call.path)?.[1];
  if (classOf !== undefined) {
    report(call, classOf, urlsOf(call.args), findings);
    return true;
  }
  if (methodName.test(call.name)) {
    report(call, call.name.replace(/^http_|_?async$/gi, ""), urlsOf(call.args), findings);
    return false;
  }
  if (!asker.test(call.name) && !asker.test(call.path)) return false;
  for (const method of methodOf(call)) report(call, method, urlsOf(call.args), findings);
  return false;
}

/** What `belay harden` is told on the command line. */

import { BelayError } from "../../core/belay-error.ts";
import type { AccessLogging } from "../../core/doctor/bucket-facts.ts";
import type { Principals } from "../../core/harden/place.ts";
import { principalProblem } from "../../core/harden/principal.ts";
import { plain } from "./plain-text.ts";
import { listOf, textOf, type Words } from "./words.ts";

/** Throws `usage` for what `aws:PrincipalArn` never is. */
export function principalsFrom(words: Words): Principals {
  const named = (option: string): readonly string[] => {
    const arns = listOf(words, option);
    for (const arn of arns) {
      const problem = principalProblem(arn);
      if (problem !== undefined) throw new BelayError("usage", `--${option} ${plain(arn)}: ${problem}.`, "aws sts get-caller-identity");
    }
    return arns;
  };
  return { persons: named("person"), publishers: named("publisher"), agents: named("agent") };
}

/** Where access logs go, where that was said. */
export function logsFrom(words: Words): { readonly logs?: AccessLogging } {
  const text = textOf(words, "logs");
  if (text === undefined) return {};
  const [, bucket, prefix = ""] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w!.*'()/-]*))?$/u.exec(text) ?? [];
  if (bucket === undefined)
    throw new BelayError("usage", `--logs takes a place in a bucket, not ${plain(text)}.`, "--logs s3://BUCKET/PREFIX/");
  // Without a slash the names of logs would go on where the prefix ends.
  return { logs: { bucket, prefix: prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/` } };
}

/** Whose jobs publish, where that was said. */
export function repositoryFrom(words: Words): { readonly repository?: string } {
  const text = textOf(words, "repository");
  if (text === undefined) return {};
  if (/^[\w-]+(?:\.[\w-]+)*\/[\w.-]+$/u.test(text)) return { repository: text };
  throw new BelayError("usage", `--repository takes OWNER/REPO, not ${plain(text)}.`, "--repository example/site");
}

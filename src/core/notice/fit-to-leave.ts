import type { Proof } from "../plan/plan.ts";
import { outgoing } from "./redact.ts";

/** As much of a notice as this file looks at; the port's own type has all of it. */
interface Texts {
  readonly target: string;
  readonly site: string;
  readonly subject: string;
  readonly lines: readonly string[];
  readonly paths: readonly string[];
  readonly run: readonly string[];
  readonly proof?: Proof;
  readonly by: string;
}

const subjectCharsMax = 200;
const lineCharsMax = 300;
const linesMax = 40;
const pathsMax = 50;
const commandsMax = 10;
const tokensMax = 40;
const nameCharsMax = 120;

/** The notice with every text on one line, without secrets, and short enough for any channel. */
export function fitToLeave<Notice extends Texts>(notice: Notice): Notice {
  const { lines, paths, run, proof } = notice;
  return {
    ...notice,
    site: outgoing(notice.site, nameCharsMax),
    target: outgoing(notice.target, nameCharsMax),
    subject: outgoing(notice.subject, subjectCharsMax),
    lines: cut(lines, linesMax),
    paths: paths.slice(0, pathsMax).map((path) => outgoing(path, lineCharsMax)),
    // A command that is cut would do something else, so it keeps its length.
    run: run.slice(0, commandsMax).map((command) => outgoing(command)),
    ...(proof === undefined ? {} : { proof: fitProof(proof) }),
    by: outgoing(notice.by, nameCharsMax),
  };
}

function cut(lines: readonly string[], max: number): string[] {
  const more = lines.length - max;
  const kept = lines.slice(0, max).map((line) => outgoing(line, lineCharsMax));
  return more > 0 ? [...kept, `… and ${more} more`] : kept;
}

const fitProof = ({ tokens, stagingInvalidation, productionInvalidation, ...proof }: Proof): Proof => ({
  ...proof,
  tokens: tokens
    .slice(0, tokensMax)
    .map((token) => ({ ...token, name: outgoing(token.name, nameCharsMax), path: outgoing(token.path, lineCharsMax) })),
  stagingInvalidation: outgoing(stagingInvalidation, lineCharsMax),
  productionInvalidation: outgoing(productionInvalidation, lineCharsMax),
});

/** The questions of `belay init`, for a person at a terminal. */

import { cancel, intro, isCancel, text } from "@clack/prompts";
import { parseState, parseStore, type StoreAddress } from "../../config/store-address.ts";
import type { Answers, TargetAnswers } from "../../config/write-config.ts";
import { BelayError } from "../../core/belay-error.ts";
import type { CliSetup } from "./cli-setup.ts";
import { cdnFrom } from "./init-answers.ts";

type Asked = Pick<CliSetup, "stdin" | "stderr">;

const isBucket = (store: string): boolean => store.startsWith("s3://");

export async function askForSite(setup: Asked, rootGuess: string): Promise<Answers> {
  intro("belay init: never overwrite what you have not seen", { output: setup.stderr });
  const root = await ask(setup, { message: "Which folder is published?", initial: rootGuess });
  const production = await askForTarget(setup, {
    name: "production",
    message: "Where is it live? (s3://BUCKET/PREFIX or dir:PATH)",
    placeholder: "s3://example-production",
  });
  const staging = await askForTarget(setup, {
    name: "staging",
    message: "Where is staging? (empty: there is none)",
    placeholder: "s3://example-staging",
    mayBeEmpty: true,
  });
  const targets = [...(staging ? [staging] : []), ...(production ? [production] : [])];
  const state = targets.some(({ store }) => isBucket(store)) ? await askForState(setup) : "";
  return { root, targets, ...(state === "" ? {} : { state }) };
}

interface TargetQuestion extends Pick<Question, "message" | "placeholder" | "mayBeEmpty"> {
  readonly name: string;
}

/** `undefined` where the answer is that there is none. */
async function askForTarget(setup: Asked, { name, ...question }: TargetQuestion): Promise<TargetAnswers | undefined> {
  const store = await ask(setup, { ...question, problem: (answer) => problemOf(parseStore(answer, "/")) });
  if (store === "") return undefined;
  const cdn = isBucket(store) ? await askForCdn(setup, name) : "";
  const url = await ask(setup, {
    message: `At which address do visitors find ${name}? (may be left empty)`,
    placeholder: "https://…",
    mayBeEmpty: true,
  });
  return { name, store, ...(cdn === "" ? {} : { cdn: cdnFrom(cdn) }), ...(url === "" ? {} : { url }) };
}

const askForCdn = (setup: Asked, name: string): Promise<string> =>
  ask(setup, {
    message: `Which CloudFront distribution is in front of ${name}? (its id; empty: none)`,
    placeholder: "E1EXAMPLE",
    mayBeEmpty: true,
    problem: (answer) => (/^cloudfront:[A-Z0-9]+$/u.test(cdnFrom(answer)) ? undefined : "An id has capitals and digits only."),
  });

const askForState = (setup: Asked): Promise<string> =>
  ask(setup, {
    message: "Where is the record kept? (a private bucket shares it; empty: .belay, on this machine)",
    placeholder: "s3://example-state/belay",
    mayBeEmpty: true,
    problem: (answer) => problemOf(parseState(answer, "/")),
  });

const problemOf = (address: StoreAddress | string): string | undefined => (typeof address === "string" ? `This ${address}.` : undefined);

interface Question {
  readonly message: string;
  readonly initial?: string;
  readonly placeholder?: string;
  readonly mayBeEmpty?: boolean;
  /** What is wrong with an answer that is not empty, as a sentence. */
  readonly problem?: (answer: string) => string | undefined;
}

async function ask({ stdin, stderr }: Asked, question: Question): Promise<string> {
  const { message, initial, placeholder, mayBeEmpty = false, problem } = question;
  const answer = await text({
    message,
    input: stdin,
    output: stderr,
    ...(initial === undefined ? {} : { initialValue: initial }),
    ...(placeholder === undefined ? {} : { placeholder }),
    validate: (value) => {
      const given = (value ?? "").trim();
      if (given === "") return mayBeEmpty ? undefined : "This one is needed.";
      return problem?.(given);
    },
  });
  if (isCancel(answer)) {
    cancel("Nothing was written.", { output: stderr });
    throw new BelayError("interrupted", "init was cancelled; nothing was written.", "belay init");
  }
  return (answer ?? "").trim();
}

/** The questions of `belay init`, for a person at a terminal. */

import { cancel, intro, isCancel, text } from "@clack/prompts";
import type { Answers, TargetAnswers } from "../../config/write-config.ts";
import { BelayError } from "../../core/belay-error.ts";
import type { CliSetup } from "./cli-setup.ts";

type Asked = Pick<CliSetup, "stdin" | "stderr">;

export async function askForSite(setup: Asked, rootGuess: string): Promise<Answers> {
  intro("belay init: never overwrite what you have not seen", { output: setup.stderr });
  const root = await ask(setup, { message: "Which folder is published?", initial: rootGuess });
  const production = await ask(setup, { message: "Where is it live? (dir:PATH)", placeholder: "dir:../srv/production" });
  const url = await ask(setup, {
    message: "At which address do visitors find it? (may be left empty)",
    placeholder: "https://…",
    mayBeEmpty: true,
  });
  const staging = await ask(setup, {
    message: "Where is staging? (empty: there is none)",
    placeholder: "dir:../srv/staging",
    mayBeEmpty: true,
  });
  const address: Pick<TargetAnswers, "url"> = url === "" ? {} : { url };
  if (staging === "") return { root, targets: [{ name: "production", store: production, ...address }] };
  return {
    root,
    targets: [
      { name: "staging", store: staging },
      { name: "production", store: production, ...address },
    ],
  };
}

interface Question {
  readonly message: string;
  readonly initial?: string;
  readonly placeholder?: string;
  readonly mayBeEmpty?: boolean;
}

async function ask({ stdin, stderr }: Asked, { message, initial, placeholder, mayBeEmpty = false }: Question): Promise<string> {
  const answer = await text({
    message,
    input: stdin,
    output: stderr,
    ...(initial === undefined ? {} : { initialValue: initial }),
    ...(placeholder === undefined ? {} : { placeholder }),
    validate: (value) => (mayBeEmpty || (value ?? "").trim() !== "" ? undefined : "This one is needed."),
  });
  if (isCancel(answer)) {
    cancel("Nothing was written.", { output: stderr });
    throw new BelayError("interrupted", "init was cancelled; nothing was written.", "belay init");
  }
  return (answer ?? "").trim();
}

/** What `belay doctor` says about one thing that it looked at. */

import type { Told } from "./told.ts";

/** `unsafe`: bytes, approvals or visitors can be lost as it is. `warning`: a wall is missing. `note`: worth knowing, or could not be told. */
export type Severity = "unsafe" | "warning" | "note" | "ok";

export const severities: readonly Severity[] = ["unsafe", "warning", "note", "ok"];

/** What a finding is about. `target` names it where it is one target's. */
export interface About {
  readonly about: "target" | "site" | "state" | "credentials" | "working-copy";
  readonly target?: string;
}

export interface Finding extends About {
  /** Kebab-case, and stays what it is from release to release. */
  readonly id: string;
  readonly severity: Severity;
  /** One or two sentences. Texts from outside in it are not plain yet. */
  readonly message: string;
  /** What was seen: a name, a statement, an answer. */
  readonly evidence?: string;
  /** A command that can be pasted, or one sentence. Absent where nothing is to be done. */
  readonly remedy?: string;
  /** The question had no answer: why, as a clause. */
  readonly untold?: string;
}

/** What of a finding differs from check to check. */
export type Said = Pick<Finding, "id" | "message"> & { readonly evidence?: string | undefined; readonly remedy?: string };

/** Findings about one thing. */
export interface Judge {
  readonly unsafe: (said: Said) => Finding;
  readonly warning: (said: Said) => Finding;
  readonly note: (said: Said) => Finding;
  readonly ok: (id: string, message: string, evidence?: string) => Finding;
  /** Judges an answer; without one there is a note that says why. `what` begins the sentence: "Whether …". */
  readonly of: <Value>(
    question: { readonly id: string; readonly what: string; readonly answer: Told<Value> },
    judged: (value: Value) => Finding | readonly Finding[],
  ) => readonly Finding[];
}

export function judgeOf(about: About): Judge {
  const make =
    (severity: Severity) =>
    ({ id, message, evidence, remedy }: Said): Finding => ({
      id,
      severity,
      ...about,
      message,
      ...(evidence === undefined ? {} : { evidence }),
      ...(remedy === undefined ? {} : { remedy }),
    });
  return {
    unsafe: make("unsafe"),
    warning: make("warning"),
    note: make("note"),
    ok: (id, message, evidence) => make("ok")({ id, message, evidence }),
    of: ({ id, what, answer }, judged) => {
      if (answer.kind === "told") return [judged(answer.value)].flat();
      return [
        {
          ...make("note")({ id, message: `${what} could not be told, because ${answer.why}.`, remedy: answer.remedy }),
          untold: answer.why,
        },
      ];
    },
  };
}

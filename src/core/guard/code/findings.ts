/** What was found in a program, and the means to find more. */

import type { Effect, EffectVerb, Place } from "../effect.ts";
import type { CodeLanguage, Nested } from "../invocation.ts";
import { hole, isKnown } from "../word.ts";
import type { Word } from "../word.ts";
import { absolutePath } from "../absolute-path.ts";
import type { Arguments } from "./arguments.ts";
import type { CodeStart } from "./code-start.ts";
import type { Value, Values } from "./value.ts";

/** Programs that go on beyond are taken as read: what was found until then stands. */
const findingsMax = 2000;

/** One call, with what its callee and its arguments may be worth. */
export interface Call {
  /** One of the things that may be called. */
  readonly callee: Value;
  /** The last name: `put_object` of `s3.put_object`. May hold a hole. */
  readonly name: string;
  /** As far as it is known: `os.system`, `child_process.exec`; "" otherwise. */
  readonly path: string;
  readonly receiver: Value | undefined;
  readonly args: Arguments;
  readonly isTagged: boolean;
  /** Joined parts of a text with blanks quoted: what `` $`cmd ${x}` `` hands to a shell. */
  readonly language: CodeLanguage;
  /** Whether the program itself has a function of that name. */
  readonly isOwn: boolean;
  /** Whether the text mentions AWS or a library for it at all. */
  readonly mentionsCloud: boolean;
  /** Whether it could run text that is hidden in it or comes from outside. */
  readonly mayHide: boolean;
}

/** What a program that is started finds, as far as the call says. */
export interface StartPlace {
  readonly cwd?: Word;
  readonly stdin?: Word;
}

/** What a program does, as it is found. */
export class Findings {
  readonly effects: Effect[] = [];
  readonly nested: Nested[] = [];
  readonly start: CodeStart;

  constructor(start: CodeStart) {
    this.start = start;
  }

  effect(tool: string, verb: EffectVerb, destination: Place, source?: Place): void {
    if (this.effects.length >= findingsMax) return;
    this.effects.push({ tool, verb, destination, ...(source === undefined ? {} : { source }), through: this.start.through });
  }

  opaque(tool: string, about: string): void {
    this.effect(tool, "write", { kind: "opaque", about });
  }

  /** A path of which nothing is known says nothing. */
  file(tool: string, verb: EffectVerb, paths: readonly Word[] | undefined, source?: Word): void {
    for (const path of paths ?? []) {
      const known = path.replace(/^file:\/\//, "");
      if (known.replaceAll(hole, "").replaceAll(/[/.]/g, "") === "") continue;
      const from: Place | undefined =
        source === undefined || source === hole ? undefined : { kind: "file", path: absolutePath(this.start.cwd, source) };
      this.effect(tool, verb, { kind: "file", path: absolutePath(this.start.cwd, known) }, from);
    }
  }

  bucket(tool: string, verb: EffectVerb, names: readonly Word[], keys: readonly Word[] | undefined): void {
    for (const name of names) {
      for (const key of keys ?? [undefined]) this.effect(tool, verb, { kind: "bucket", name, ...(key === undefined ? {} : { key }) });
    }
  }

  shell(text: Word, through: string, place: StartPlace = {}): void {
    if (this.nested.length < findingsMax) this.nested.push({ kind: "shell", text, at: this.#at(place), through });
  }

  argv(argv: readonly Word[], through: string, place: StartPlace = {}): void {
    if (argv.length > 0 && this.nested.length < findingsMax) this.nested.push({ kind: "argv", argv, at: this.#at(place), through });
  }

  #at({ cwd, stdin }: StartPlace): StartPlace {
    return { ...(cwd === undefined ? {} : { cwd: absolutePath(this.start.cwd, cwd) }), ...(stdin === undefined ? {} : { stdin }) };
  }

  script(path: Word, as: CodeLanguage | "shell" | undefined, through: string): void {
    const file = { kind: "file", path: absolutePath(this.start.cwd, path), args: [], through } as const;
    if (isKnown(path)) this.nested.push(as === undefined ? file : { ...file, as });
  }
}

/** The words of a list, one list for each possibility; a list that may go on ends with a hole. */
export function wordLists(values: Values, toWord: (values: Values) => Word): readonly (readonly Word[])[] {
  return values.flatMap((value) => {
    if (value.kind !== "list") return [];
    const words = value.items.map(toWord);
    return [value.isOpen ? [...words, hole] : words];
  });
}

/** What `$name` may be. */

import { hole, isKnown, type Word } from "../word.ts";
import { listValue, textValue, unsetValue, type Environment, type Value } from "./environment.ts";
import type { Piece, ScriptWord } from "./script.ts";

const defaultSeparators = " \t\n";

/** `home`: where no command has set HOME. */
export function valuesOf(environment: Environment, name: string, home: string): readonly Value[] {
  const set = environment.variables.get(name);
  if (set !== undefined) return set.values;
  if (/^\d+$/.test(name)) return [positional(environment, Number(name))];
  if (name === "PWD") return environment.folders.map(textValue);
  if (name === "OLDPWD") return (environment.lastFolders ?? [hole]).map(textValue);
  const own = ownValue(environment, name, home);
  // Good enough to run by; with the other value beside it nothing is decided by it, wherever it is handed on to.
  return guessedValues.has(name) ? [own, textValue(`/${hole}`)] : [own];
}

/** What is taken for the value here differs from one shell and machine to the next. */
const guessedValues: ReadonlySet<string> = new Set(["SHELL", "BASH", "TMPDIR"]);

/** What the shell sets by itself; anything else comes from outside, and nobody knows it. */
function ownValue({ positionals, status }: Environment, name: string, home: string): Value {
  switch (name) {
    case "@":
    case "*":
      return listValue(positionals);
    case "#":
      return textValue(positionals.every(isKnown) ? String(positionals.length) : hole);
    case "HOME":
      return textValue(home);
    case "TMPDIR":
      return textValue("/tmp");
    case "SHELL":
    case "BASH":
      return textValue("/bin/bash");
    case "IFS":
      return textValue(defaultSeparators);
    case "?":
      return textValue(status === true ? "0" : hole);
    default:
      return textValue(hole);
  }
}

/** Paths that may be written in several ways; nothing is decided by them. */
const guessedNames: ReadonlySet<string> = new Set(["0", "BASH_SOURCE", "FUNCNAME", "_", "-", "PWD", "OLDPWD"]);

/** Whether a word's value is good enough to run by, but not to decide by. Elements of arrays count otherwise in zsh. */
export const isGuessed = (word: ScriptWord): boolean => word.some(isGuessedPiece);

function isGuessedPiece(piece: Piece): boolean {
  if (piece.kind !== "parameter") return false;
  const [index] = piece.index ?? [];
  const isElement = piece.index !== undefined && !(index?.kind === "glob" || (index?.kind === "literal" && /^[@*]$/.test(index.text)));
  return isElement || guessedNames.has(piece.name) || (piece.operation?.first !== undefined && isGuessed(piece.operation.first));
}

/** Beyond the last: nothing, unless nobody knows how many there are. */
function positional(environment: Environment, index: number): Value {
  if (index === 0) return textValue("bash");
  const found = environment.positionals[index - 1];
  if (found !== undefined && environment.positionals.slice(0, index - 1).every((word) => word !== hole)) return textValue(found);
  return environment.positionals.includes(hole) ? textValue(hole) : unsetValue;
}

/** As `$name` without an index: an array gives its first element. */
export function textOf(value: Value): Word | undefined {
  if (value.kind === "text") return value.text;
  return value.kind === "array" ? value.entries.get("0") : undefined;
}

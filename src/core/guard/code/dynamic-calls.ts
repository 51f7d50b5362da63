/** Calls that run text as a program: what is known is read, what is not is opaque. */

import { hole, isKnown } from "../word.ts";
import type { Word } from "../word.ts";
import type { Call, Findings } from "./findings.ts";
import type { Value } from "./value.ts";

/** Functions that run text of their own language, by path. */
const runsText: Readonly<Record<string, readonly string[]>> = {
  python: ["exec", "eval", "builtins.exec", "builtins.eval", "__builtins__.exec", "__builtins__.eval", "code.interact"],
  javascript: [
    "eval",
    "Function",
    "vm.runInThisContext",
    "vm.runInNewContext",
    "vm.runInContext",
    "vm.Script",
    "vm.compileFunction",
    "globalThis.eval",
  ],
  ruby: ["eval", "instance_eval", "class_eval", "module_eval", "Kernel.eval", "TOPLEVEL_BINDING.eval"],
  perl: ["eval"],
  php: ["eval", "assert", "create_function"],
  other: ["load", "loadstring", "dostring", "eval", "js.eval"],
};

/** Functions that run a file. */
const runsFile = new Set([
  "execfile",
  "runpy.run_path",
  "load",
  "dofile",
  "source",
  "include",
  "include_once",
  "require_once",
  "require_relative",
  "do",
]);

function runValue(value: Value, call: Call, found: Findings, run: (text: string) => void): void {
  if (value.kind === "thing" && value.type === "file-text") runFile(value.at["path"] ?? hole, call, found);
  else if (value.kind === "function") return;
  else if (value.kind === "symbol") {
    // A block that is read where it stands; elsewhere a name that nothing explains could be any text.
    if (call.language !== "perl" && call.language !== "ruby") found.opaque(call.name, `text in ${value.path}`);
  } else if (value.kind === "text" && (isKnown(value.word) || value.word.replaceAll(hole, "").trim() !== "")) run(value.word);
  else found.opaque(call.name, "text that only running would tell");
}

function runFile(path: Word, call: Call, found: Findings): void {
  if (isKnown(path)) found.script(path, call.language, call.name);
  else found.opaque(call.name, "a file that only running would tell");
}

/** Runs of text and of files; says whether the call was one. */
export function dynamicCall(call: Call, found: Findings, run: (text: string) => void): boolean {
  const { path, language, args } = call;
  const [texts] = args.positional;
  if (runsText[language]?.includes(path) === true && !(call.isOwn && path.includes("."))) {
    runTexts(call, found, run);
    return true;
  }
  if (texts === undefined) return false;
  const known = texts.flatMap((value) => (value.kind === "text" && isKnown(value.word) ? [value.word] : []));
  if ((path === "setTimeout" || path === "setInterval") && language === "javascript") {
    for (const text of known) run(text);
    return true;
  }
  if (!runsFile.has(path) || (language === "other" && path === "load")) return false;
  for (const file of known) found.script(file, language, path);
  return path !== "do";
}

function runTexts(call: Call, found: Findings, run: (text: string) => void): void {
  const { path, args } = call;
  // `new Function("a", "b", text)`: the last one is the body.
  const texts = path === "Function" ? args.positional.at(-1) : args.positional[0];
  if (texts === undefined || (path === "assert" && !texts.some((value) => value.kind === "text"))) return;
  for (const value of texts) runValue(value, call, found, run);
}

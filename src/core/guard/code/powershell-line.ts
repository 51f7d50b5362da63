/** The command lines of pwsh and powershell.exe. */

import type { Invocation } from "../invocation.ts";
import { nothing } from "../reading.ts";
import type { Reading } from "../reading.ts";
import { hole } from "../word.ts";
import type { Word } from "../word.ts";
import { absolutePath } from "../absolute-path.ts";
import { startOf } from "./code-start.ts";
import { own } from "./own.ts";
import { decodedCommand, readPowershell } from "./read-powershell.ts";

/** Parameters with a value that is no program; PowerShell takes every unmistakable beginning of a name. */
const valued = [
  "configurationname",
  "configurationfile",
  "custompipename",
  "executionpolicy",
  "inputformat",
  "outputformat",
  "psconsolefile",
  "settingsfile",
  "version",
  "windowstyle",
  "workingdirectory",
];

const isShortFor = (given: string, name: string): boolean => given !== "" && name.startsWith(given);

/** Reads `pwsh -Command …`, `-EncodedCommand …`, `-File …`, and what is piped to it. */
export function powershellReading(invocation: Invocation, program: string): Reading {
  const words = invocation.argv.slice(1);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const line: PowershellLine = { invocation, program, rest: words.slice(at + 1) };
    if (word === "-") return piped(line);
    if (!/^[-/]/.test(word)) {
      const behind = { ...line, rest: words.slice(at) };
      return program === "powershell" ? command(behind) : script(behind);
    }
    const meant = parameterOf(word.replace(/^[-/]{1,2}/, "").toLowerCase());
    if (meant === "told") return nothing;
    if (meant === "command") return command(line);
    if (meant === "encoded") return encoded(line);
    if (meant === "file") return line.rest[0] === "-" ? piped(line) : script(line);
    if (meant === "valued") at += 1;
  }
  return piped({ invocation, program, rest: [] });
}

interface PowershellLine {
  readonly invocation: Invocation;
  readonly program: string;
  /** The words behind the parameter. */
  readonly rest: readonly Word[];
}

type Meant = "told" | "command" | "encoded" | "file" | "valued" | "switch";

/** Abbreviations that are no beginnings of their names. */
const abbreviations: Readonly<Record<string, Meant>> = {
  v: "told",
  version: "told",
  h: "told",
  help: "told",
  "?": "told",
  c: "command",
  cwa: "command",
  e: "encoded",
  ec: "encoded",
  f: "file",
  ep: "valued",
  ex: "valued",
  wd: "valued",
  w: "valued",
  o: "valued",
  if: "valued",
};

function parameterOf(given: string): Meant {
  const known = own(abbreviations, given);
  if (known !== undefined) return known;
  if (isShortFor(given, "commandwithargs")) return "command";
  if (isShortFor(given, "encodedcommand")) return "encoded";
  if (isShortFor(given, "file")) return "file";
  return valued.some((name) => isShortFor(given, name)) ? "valued" : "switch";
}

const command = (line: PowershellLine): Reading => {
  const text = line.rest.join(" ");
  return text === "-" ? piped(line) : readPowershell(text, startOf(line.invocation, line.program, []));
};

const script = ({ invocation, program, rest: [path = hole, ...args] }: PowershellLine): Reading => ({
  effects: [],
  nested: [{ kind: "file", path: absolutePath(invocation.cwd, path), as: "powershell", args, through: program }],
});

const opaque = ({ invocation, program }: PowershellLine, verb: "write" | "delegate", about: string): Reading => ({
  effects: [{ tool: program, verb, destination: { kind: "opaque", about }, through: invocation.through }],
  nested: [],
});

function piped(line: PowershellLine): Reading {
  const { stdin } = line.invocation;
  if (stdin === undefined) return opaque(line, "delegate", `an interactive ${line.program}`);
  if (stdin.includes(hole) && stdin.replaceAll(hole, "").trim() === "") return opaque(line, "write", `text piped to ${line.program}`);
  return readPowershell(stdin, startOf(line.invocation, line.program, []));
}

function encoded(line: PowershellLine): Reading {
  const text = decodedCommand(line.rest[0] ?? hole);
  return text === hole ? opaque(line, "write", "an encoded command that only running would tell") : command({ ...line, rest: [text] });
}

/** What a text of PowerShell starts, writes and removes: cmdlets by their tables, programs by the readers that a shell's meet. */

import type { EffectVerb } from "../effect.ts";
import { hole, isKnown } from "../word.ts";
import type { Word } from "../word.ts";
import type { Reading } from "../reading.ts";
import type { CodeStart } from "./code-start.ts";
import { Findings } from "./findings.ts";
import { own } from "./own.ts";
import { PowershellReader } from "./powershell-words.ts";
import type { PowershellCommand, PowershellWord } from "./powershell-value.ts";
import { fromBase64 } from "./text-methods.ts";

const depthMax = 8;

interface Cmdlet {
  readonly verb: EffectVerb;
  /** Names of the parameter that says where; the first positional one is its place otherwise. */
  readonly names: readonly string[];
  readonly at: number;
  /** A second place that goes away. */
  readonly removes?: number;
}

const path = ["path", "literalpath", "filepath"];
const written: Cmdlet = { verb: "write", names: path, at: 0 };
const removed: Cmdlet = { verb: "delete", names: path, at: 0 };
const copied: Cmdlet = { verb: "write", names: ["destination"], at: 1 };

/** Cmdlets on files, and their aliases. */
const fileCmdlets: Readonly<Record<string, Cmdlet>> = {
  "set-content": written,
  sc: written,
  "add-content": written,
  ac: written,
  "clear-content": written,
  clc: written,
  "out-file": written,
  "tee-object": written,
  "new-item": written,
  ni: written,
  "set-item": written,
  "set-acl": written,
  "set-itemproperty": written,
  "export-csv": written,
  "export-clixml": written,
  "expand-archive": { verb: "write", names: ["destinationpath"], at: 1 },
  "remove-item": removed,
  ri: removed,
  del: removed,
  erase: removed,
  rd: removed,
  "copy-item": copied,
  copy: copied,
  cpi: copied,
  "move-item": { ...copied, removes: 0 },
  move: { ...copied, removes: 0 },
  mi: { ...copied, removes: 0 },
  "rename-item": { ...removed },
  ren: { ...removed },
  rni: { ...removed },
};

const requests = new Set(["invoke-webrequest", "iwr", "invoke-restmethod", "irm"]);
const evaluators = new Set(["invoke-expression", "iex"]);
const starters = new Set(["start-process", "saps", "start"]);
/** Names that begin a statement, not a command. */
const keywords = new Set([
  "if",
  "else",
  "elseif",
  "foreach",
  "for",
  "while",
  "do",
  "until",
  "switch",
  "try",
  "catch",
  "finally",
  "function",
  "filter",
  "param",
  "return",
  "throw",
  "begin",
  "process",
  "end",
  "in",
  "using",
  "class",
  "exit",
]);
/** Cmdlets that only print or shape what they get: their words are data. */
const quiet =
  /^(?:write-(?:host|output|verbose|debug|error|warning|information|progress)|echo|get-|select-|where-|foreach-object|sort-|measure-|format-|convert(?:to|from)-|test-|join-path|split-path|out-(?:null|host|string)|read-|compare-|%$|\?$|import-module|set-strictmode|start-sleep|set-variable)/i;
const store =
  /^(write|copy|remove|set|new|add|edit|restore|clear|start|stop|put|publish|update|enable|disable|move|register|rename|complete)-(s3|cf|ddb)(\w*)$/i;

interface Parameters {
  readonly named: ReadonlyMap<string, Word>;
  readonly positional: readonly Word[];
  readonly isOpen: boolean;
}

/** `-Name value`, `-Name:value`; a switch takes the next word only if that is no parameter. */
function parametersOf(command: PowershellCommand): Parameters {
  const named = new Map<string, Word>();
  const positional: Word[] = [];
  const words = command.words.slice(1);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined) continue;
    for (const [name, value] of word.table ?? []) named.set(name, value);
    if (word.table !== undefined) continue;
    if (isParameter(word)) at += takeParameter(word.word, words[at + 1], named);
    else positional.push(...(word.list ?? [word.word]));
  }
  return { named, positional, isOpen: words.some((word) => word.word === hole && !word.isQuoted) };
}

const isParameter = (word: PowershellWord): boolean => !word.isQuoted && /^-[A-Za-z]/.test(word.word);

/** Says whether the next word was its value: 1 or 0 words. */
function takeParameter(word: Word, next: PowershellWord | undefined, named: Map<string, Word>): number {
  const [given = "", attached = ""] = word.slice(1).split(/:(.*)/s);
  const name = given.toLowerCase();
  const takesNext = attached === "" && next !== undefined && !isParameter(next) && !switches.has(name);
  named.set(name, takesNext ? next.word : attached);
  return takesNext ? 1 : 0;
}

const switches = new Set([
  "force",
  "recurse",
  "append",
  "nonewline",
  "noclobber",
  "passthru",
  "whatif",
  "confirm",
  "verbose",
  "wait",
  "nonewwindow",
  "usebasicparsing",
  "debug",
  "enumerate",
]);

/** A parameter by one of its names or an unmistakable beginning of one, as PowerShell takes it. */
function parameter({ named, isOpen }: Parameters, names: readonly string[]): Word | undefined {
  for (const name of names) {
    for (const [given, value] of named) if (given === name || (given.length > 1 && name.startsWith(given))) return value;
  }
  return isOpen ? hole : undefined;
}

const ioCall = /\[(?:System\.)?IO\.File\]::(Write\w+|Append\w+|Delete|Copy|Move|Create)\w*\(\s*(['"])([^'"]*)\2/gi;

class PowershellReading {
  readonly findings: Findings;
  readonly #start: CodeStart;

  constructor(start: CodeStart) {
    this.#start = start;
    this.findings = new Findings(start);
  }

  read(text: Word, depth = 0): void {
    if (depth > depthMax) {
      this.findings.opaque("powershell", "text nested deeper than the guard reads");
      return;
    }
    const reader = new PowershellReader(this.#start.env);
    reader.read(text);
    for (const [index, command] of reader.commands.entries()) this.#command(command, reader.commands[index - 1], depth);
    this.#ioCalls(text);
    if (reader.isCut) this.findings.opaque("powershell", "more than the guard reads");
  }

  /** `[IO.File]::WriteAllText("path", …)`. */
  #ioCalls(text: Word): void {
    for (const [, method = "", , place = hole] of text.matchAll(ioCall))
      this.findings.file(`File.${method}`, /delete/i.test(method) ? "delete" : "write", [place]);
  }

  #command(command: PowershellCommand, before: PowershellCommand | undefined, depth: number): void {
    this.findings.file(
      ">",
      "write",
      command.redirects.filter((place) => !/^\$null$|^\/dev\/null$/i.test(place)),
    );
    const [first] = command.words;
    if (first === undefined) return;
    const name = first.word.toLowerCase();
    const parameters = parametersOf(command);
    if (keywords.has(name) && !first.isQuoted) {
      // `if (…) { aws … }` parts the rest off; `return aws …` does not.
      if (command.words.length > 1) this.#command({ words: command.words.slice(1), redirects: [] }, before, depth);
      return;
    }
    if (parameters.named.has("whatif")) return;
    if (evaluators.has(name)) this.#evaluate(parameters, before, depth);
    else if (starters.has(name)) this.#startProcess(command, parameters);
    else if (requests.has(name)) this.#request(parameters);
    else if (own(fileCmdlets, name) !== undefined) this.#files(name, parameters);
    else if (store.test(name)) this.#store(first.word, parameters);
    else if (!quiet.test(name) && !(first.isQuoted && command.words.length === 1)) this.#program(command);
  }

  /** `iex TEXT`, `TEXT | iex`. */
  #evaluate(parameters: Parameters, before: PowershellCommand | undefined, depth: number): void {
    const text = parameter(parameters, ["command"]) ?? parameters.positional[0] ?? piped(before);
    if (text === undefined || text.replaceAll(hole, "").trim() === "")
      this.findings.opaque("Invoke-Expression", "text that only running would tell");
    else this.read(text, depth + 1);
  }

  #startProcess(command: PowershellCommand, parameters: Parameters): void {
    const program = parameter(parameters, ["filepath"]) ?? parameters.positional[0];
    if (program === undefined) return;
    const at = command.words.findIndex((word) => /^-a(?:rg(?:s|umentlist)?)?$/i.test(word.word));
    const given = at < 0 ? undefined : command.words[at + 1];
    const list = given?.list ?? (given === undefined ? parameters.positional.slice(1) : given.word.split(/\s+/));
    this.findings.argv([program, ...list], "Start-Process");
  }

  #request(parameters: Parameters): void {
    const method = parameter(parameters, ["method", "custommethod"]) ?? (parameters.named.has("infile") ? "POST" : "GET");
    const url = parameter(parameters, ["uri"]) ?? parameters.positional[0];
    const output = parameter({ ...parameters, isOpen: false }, ["outfile"]);
    if (output !== undefined) this.findings.file("Invoke-WebRequest -OutFile", "write", [output]);
    if (url !== undefined && /^(?:put|post|patch|delete)$/i.test(method)) {
      this.findings.effect(`Invoke-WebRequest ${method.toUpperCase()}`, /^delete$/i.test(method) ? "delete" : "write", {
        kind: "url",
        url,
      });
    }
  }

  #files(name: string, parameters: Parameters): void {
    const cmdlet = own(fileCmdlets, name) ?? written;
    const place = parameter({ ...parameters, isOpen: false }, cmdlet.names) ?? parameters.positional[cmdlet.at];
    if (place !== undefined) this.findings.file(name, cmdlet.verb, place.split(","));
    if (cmdlet.removes !== undefined)
      this.findings.file(name, "delete", [
        parameter({ ...parameters, isOpen: false }, path) ?? parameters.positional[cmdlet.removes] ?? hole,
      ]);
  }

  /** `Write-S3Object`, `New-CFInvalidation`, `Remove-DDBItem` and their kin. */
  #store(name: string, parameters: Parameters): void {
    const [, doing = "", service = "", what = ""] = store.exec(name) ?? [];
    const verb: EffectVerb = /^(?:remove|clear)$/i.test(doing) ? "delete" : "write";
    const place = (names: readonly string[]): Word => parameter(parameters, names) ?? parameters.positional[0] ?? hole;
    if (/^cf$/i.test(service)) {
      const id = place(["distributionid", "id"]);
      this.findings.effect(name, /invalidation/i.test(what) ? "purge" : "configure", { kind: "distribution", id });
    } else if (/^ddb$/i.test(service)) this.findings.effect(name, verb, { kind: "table", name: place(["tablename"]) });
    else this.#bucket(name, /^object/i.test(what) || verb === "delete" ? verb : "configure", parameters);
  }

  #bucket(name: string, verb: EffectVerb, parameters: Parameters): void {
    // `Copy-S3Object` to a local file downloads.
    if (/^copy/i.test(name) && (parameters.named.has("localfile") || parameters.named.has("localfolder"))) return;
    const known = { ...parameters, isOpen: false };
    const bucket = parameter(known, ["destinationbucket"]) ?? parameter(parameters, ["bucketname"]) ?? parameters.positional[0] ?? hole;
    const key = parameter(known, ["destinationkey"]) ?? parameter(known, ["key"]);
    this.findings.bucket(name, verb, [bucket], key === undefined ? undefined : [key]);
  }

  #program(command: PowershellCommand): void {
    const argv = command.words.flatMap((word) => word.list ?? (word.table === undefined ? [word.word] : [hole]));
    const [program = ""] = argv;
    if (/^[[$]/.test(program) || program === "" || program === hole) {
      if (program === hole && argv.length > 1) this.findings.argv(argv, "powershell");
      return;
    }
    this.findings.argv(argv, "powershell");
  }
}

/** What a text that is piped on says. */
function piped(before: PowershellCommand | undefined): Word | undefined {
  const words = before?.words ?? [];
  const [first] = words;
  if (first?.isQuoted === true && words.length === 1) return first.word;
  return /^(?:echo|write-output)$/i.test(first?.word ?? "")
    ? words
        .slice(1)
        .map((word) => word.word)
        .join(" ")
    : undefined;
}

/** Reads a text of PowerShell. Programs come back as words, for the readers of programs. */
export function readPowershell(text: Word, start: CodeStart): Reading {
  const reading = new PowershellReading(start);
  reading.read(text);
  return { effects: reading.findings.effects, nested: reading.findings.nested };
}

/** The text of `-EncodedCommand`: UTF-16 in base64. */
export const decodedCommand = (coded: Word): Word => (isKnown(coded) ? fromBase64(coded) : hole);

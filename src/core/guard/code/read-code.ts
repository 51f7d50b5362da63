/** What a program would do, found in its text without running it. */

import type { CodeLanguage } from "../invocation.ts";
import { nothing } from "../reading.ts";
import type { ReaderFacts, Reading } from "../reading.ts";
import { hole, isKnown } from "../word.ts";
import type { Word } from "../word.ts";
import { withoutServices } from "../tools/local-endpoint.ts";
import { absolutePath } from "../absolute-path.ts";
import { readAwk } from "./awk.ts";
import { readCalls } from "./calls.ts";
import { ClientEndpoints } from "./client-endpoints.ts";
import { unknownStart } from "./code-start.ts";
import type { CodeStart } from "./code-start.ts";
import { readAppleScript, readTcl } from "./consoles.ts";
import { dialectOf } from "./dialect.ts";
import type { Dialect } from "./dialect.ts";
import { Evaluator } from "./evaluator.ts";
import { Findings } from "./findings.ts";
import { fromIpython } from "./ipython.ts";
import { lex } from "./lex.ts";
import { readLisp } from "./lisp.ts";
import { readPowershell } from "./read-powershell.ts";
import { joined } from "./readings.ts";
import { extend, parse } from "./statements.ts";

/** Longer programs are not read. */
const textMax = 262_144;
/** How much text a program may make and run itself, and how often. */
const extensionsMax = 40;

/**
 * What a program that is only read in part must mention to count as opaque. Shell calls alone are not enough: every bundled build tool
 * has some.
 */
const couldWrite =
  /boto|aws[-_]?sdk|\bAws\b|\bPaws\b|s3fs|smart_open|cloudpathlib|\bs3a?:\/\/|amazonaws|\baws\b['", ]{1,4}s3|cloudfront|dynamodb|minio|awswrangler/i;
/** Ways for text to come in that stands nowhere in the program. */
const hiding =
  /base64|b64|atob|fromhex|unhexlify|rot.?13|zlib|marshal|pickle|urlopen|requests\.|httpx|fetch\(|axios|https?:|stdin|\binput\(|gets\b|prompt\(/i;
const cloud = /boto|aws|amazon|\bs3|cloudfront|dynamo|minio|paws|bucket/i;

/** Reads `text`, which may have holes. Never throws; what is too large or too deep is opaque where it could write. */
export function readCode(language: CodeLanguage, text: Word, facts: ReaderFacts, start: CodeStart = unknownStart): Reading {
  if (text.length > textMax) return couldWrite.test(text) ? tooLarge(start, "a program of more than 256 KiB") : nothing;
  const special = specialReading(language, text, start);
  if (special !== undefined) return special;
  const notebook = text.startsWith("{") ? notebookText(text) : undefined;
  const reading = readProgram(language, notebook ?? text, start);
  const imported = start.isInline === true ? importedReadings(language, text, facts, start) : [];
  return imported.length === 0 ? reading : joined([reading, ...imported]);
}

/** Languages that have readers of their own. */
function specialReading(language: CodeLanguage, text: Word, start: CodeStart): Reading | undefined {
  if (language === "awk") return readAwk(text, start);
  if (language === "powershell") return readPowershell(text, start);
  if (language !== "other") return undefined;
  if (/\bdo\s+(?:shell\s+)?script\b/.test(text)) return readAppleScript(text);
  if (/^\s*(?:;[^\n]*\n\s*)*\(/.test(text)) return readLisp(text, start);
  // `set x y`, `spawn …` and `exec …` without brackets.
  return /^[ \t]*(?:(?:spawn|expect|set|exec|package[ \t]+require|send|puts|proc|system)[ \t]+[^=(\s]|#!.*(?:tclsh|expect))/m.test(text)
    ? readTcl(text, start)
    : undefined;
}

/** The code of a Jupyter notebook, cell after cell. */
function notebookText(text: Word): string | undefined {
  if (!text.includes('"cells"')) return undefined;
  const sources = [...text.matchAll(/"source"\s*:\s*(\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\]|"(?:[^"\\]|\\.)*")/g)].flatMap((found) => {
    const read: unknown = parsed(found[1] ?? "");
    return Array.isArray(read) ? [read.join("")] : typeof read === "string" ? [read] : [];
  });
  return sources.map(fromIpython).join("\n");
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const importsMax = 12;
const importing: Readonly<Partial<Record<CodeLanguage, RegExp>>> = {
  python: /^[ \t]*(?:import|from)[ \t]+([A-Za-z_][\w.]*)|[;"'][ \t]*(?:import|from)[ \t]+([A-Za-z_][\w.]*)/gm,
  javascript: /(?:require\(|import\(|from\s|import\s)\s*["'](\.{1,2}\/[^"']+)["']/g,
  ruby: /\b(?:require_relative|load|require)\s*\(?\s*["'](\.{0,2}\/?[^"']+)["']/g,
};

/**
 * Files beside that a text in a command brings in, read one deep. Of these only what is certain counts: a module holds functions
 * that nobody may call.
 */
function importedReadings(language: CodeLanguage, text: Word, facts: ReaderFacts, start: CodeStart): readonly Reading[] {
  const pattern = importing[language];
  if (pattern === undefined || !isKnown(start.cwd)) return [];
  const names = [...text.matchAll(pattern)].map((found) => found[1] ?? found[2] ?? "").slice(0, importsMax);
  return names.flatMap((name) => {
    const base = absolutePath(start.cwd, language === "python" ? name.replaceAll(".", "/") : name);
    const endings = { python: [".py", "/__init__.py"], javascript: ["", ".js", ".mjs", ".cjs", ".ts", "/index.js"], ruby: ["", ".rb"] };
    const candidates = language === "python" || language === "javascript" || language === "ruby" ? endings[language] : [];
    for (const ending of candidates) {
      const file = facts.readFile(`${base}${ending}`);
      if (file?.kind === "text" && file.text.length <= textMax)
        return [certain(readProgram(language, file.text, { ...start, args: [], isInline: false }))];
    }
    return [];
  });
}

const certain = ({ effects, nested }: Reading): Reading => ({
  effects: effects.filter(({ destination }) => destination.kind !== "opaque" && !JSON.stringify(destination).includes(String.raw`\u0000`)),
  nested: nested.filter((one) => (one.kind === "argv" ? one.argv.every(isKnown) : one.kind === "shell" && isKnown(one.text))),
});

function tooLarge(start: CodeStart, about: string): Reading {
  return { effects: [{ tool: "program", verb: "write", destination: { kind: "opaque", about }, through: start.through }], nested: [] };
}

function readProgram(language: CodeLanguage, text: Word, start: CodeStart): Reading {
  const dialect: Dialect = dialectOf(language, text);
  const program = parse(lex(text, dialect), dialect);
  const evaluator = new Evaluator(program, start);
  const findings = new Findings(start);
  const endpoints = new ClientEndpoints(start);
  const seen = new Set<string>();
  readCalls({
    language,
    program,
    evaluator,
    findings,
    endpoints,
    mentionsCloud: cloud.test(text) || text.includes(hole),
    mayHide: cloud.test(text) || hiding.test(text) || text.includes(hole),
    run: (more, block) => {
      if (seen.has(more) || seen.size >= extensionsMax) return;
      seen.add(more);
      extend(program, lex(more, dialect), { dialect, block });
      evaluator.link();
    },
  });
  if (program.isCut && couldWrite.test(text)) findings.opaque("program", "a program that is larger or deeper than the guard reads");
  const found = { effects: findings.effects, nested: findings.nested };
  return endpoints.areLocal ? withoutServices(found) : found;
}

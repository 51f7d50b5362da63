/** How the languages differ for a reader that only wants calls, strings and names. */

import type { CodeLanguage } from "../invocation.ts";

export type DialectName = "python" | "javascript" | "ruby" | "perl" | "php" | "go" | "java" | "lua" | "r" | "julia";

export interface Dialect {
  readonly name: DialectName;
  readonly lineComments: readonly string[];
  readonly blockComments: readonly (readonly [string, string])[];
  /** What is run inside double quotes: `#{}`, `$x`. */
  readonly interpolation: "none" | "hash-brace" | "dollar";
  /** Whether `'…'` knows no escapes but `\\` and `\'`. */
  readonly isSingleRaw: boolean;
  readonly backtick: "none" | "template" | "raw" | "command";
  readonly hasTripleQuotes: boolean;
  /** Whether `/` may begin a pattern. */
  readonly hasPatterns: boolean;
  /** Sigils that are dropped before a name. */
  readonly sigils: string;
  /** Whether blocks follow the indentation, or `{` and `}`. */
  readonly blocks: "indent" | "braces";
  /** Whether `f x, y` is a call. */
  readonly hasBareCalls: boolean;
  /** Whether `f(name = x)` names an argument. */
  readonly hasNamedArguments: boolean;
  /** What joins two texts besides `+`. */
  readonly joins: readonly string[];
}

const cLike = { lineComments: ["//"], blockComments: [["/*", "*/"]] } as const;

const base: Omit<Dialect, "name"> = {
  ...cLike,
  interpolation: "none",
  isSingleRaw: false,
  backtick: "none",
  hasTripleQuotes: false,
  hasPatterns: false,
  sigils: "",
  blocks: "braces",
  hasBareCalls: false,
  hasNamedArguments: false,
  joins: [],
};

const dialects: Readonly<Record<DialectName, Dialect>> = {
  python: {
    ...base,
    name: "python",
    lineComments: ["#"],
    blockComments: [],
    hasTripleQuotes: true,
    blocks: "indent",
    hasNamedArguments: true,
    // Python 2's `exec "text"` and IPython's magic need no more than a bare call of one word.
  },
  javascript: { ...base, name: "javascript", backtick: "template", hasPatterns: true, lineComments: ["//", "<!--"] },
  ruby: {
    ...base,
    name: "ruby",
    lineComments: ["#"],
    blockComments: [],
    interpolation: "hash-brace",
    isSingleRaw: true,
    backtick: "command",
    hasPatterns: true,
    sigils: "@$",
    blocks: "indent",
    hasBareCalls: true,
  },
  perl: {
    ...base,
    name: "perl",
    lineComments: ["#"],
    blockComments: [],
    interpolation: "dollar",
    isSingleRaw: true,
    backtick: "command",
    hasPatterns: true,
    sigils: "$@%&",
    hasBareCalls: true,
    joins: ["."],
  },
  php: {
    ...base,
    name: "php",
    lineComments: ["//", "#"],
    interpolation: "dollar",
    isSingleRaw: true,
    backtick: "command",
    sigils: "$",
    hasBareCalls: true,
    joins: ["."],
  },
  go: { ...base, name: "go", backtick: "raw" },
  java: { ...base, name: "java", interpolation: "dollar", hasTripleQuotes: true },
  lua: { ...base, name: "lua", lineComments: ["--"], blockComments: [["--[[", "]]"]], hasBareCalls: true, joins: [".."] },
  r: { ...base, name: "r", lineComments: ["#"], blockComments: [], hasNamedArguments: true },
  julia: {
    ...base,
    name: "julia",
    lineComments: ["#"],
    blockComments: [["#=", "=#"]],
    interpolation: "dollar",
    backtick: "command",
    hasTripleQuotes: true,
    hasNamedArguments: true,
    joins: ["*"],
  },
};

/** Signs of the languages that share the name `other`. */
const signs: readonly (readonly [RegExp, DialectName])[] = [
  [/^[ \t]*package[ \t]+\w+[ \t]*$|\bfunc\s+main\s*\(/m, "go"],
  [
    /^[ \t]*(?:import[ \t]+[\w.]+(?:\.\*)?;|public[ \t]+(?:final[ \t]+)?class\s)|\b(?:val|var)\s+\w+\s*=|\bRuntime\.getRuntime|\.builder\(\)/m,
    "java",
  ],
  [/\b(?:local\s+\w+\s*=|os\.execute|io\.popen|io\.open|then\b[\s\S]{0,400}\bend\b)|\.\.\s*["']/, "lua"],
  [/<-|\b(?:library\(|system2\(|paws::|aws\.s3)/, "r"],
  [/\b(?:using\s+\w+|run\(`|read\(`|open\(`|function\s+\w+\([^\n]*\n)/, "julia"],
];

/** The dialect of a text; of `other` it is told from the text, with Java's notation as the last guess. */
export function dialectOf(language: CodeLanguage, text: string): Dialect {
  switch (language) {
    case "python":
    case "javascript":
    case "ruby":
    case "perl":
    case "php":
      return dialects[language];
    case "awk":
    case "powershell":
      return dialects.perl;
    case "other": {
      const opening = text.slice(0, 20_000);
      return dialects[signs.find(([sign]) => sign.test(opening))?.[1] ?? "java"];
    }
  }
}

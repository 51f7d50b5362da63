/** A parsed shell script, in the shape that the walk needs: what runs, in which order, with which words. Comments and positions are gone. */

export interface Script {
  readonly statements: readonly ShellNode[];
  /** False where a part could not be read: a syntax error, a limit. What was recovered is there. */
  readonly isComplete: boolean;
}

/** Reads a text as bash would. Never throws; what it cannot read makes the script incomplete. */
export type ParseScript = (text: string) => Script;

export type ShellNode =
  | SimpleCommand
  | { readonly kind: "pipeline"; readonly commands: readonly ShellNode[] }
  /** `a && b || c`: the operator stands before its node; the first one's is `;`. */
  | { readonly kind: "and-or"; readonly items: readonly { readonly operator: ";" | "&&" | "||"; readonly node: ShellNode }[] }
  | { readonly kind: "subshell"; readonly body: readonly ShellNode[] }
  | { readonly kind: "group"; readonly body: readonly ShellNode[] }
  | { readonly kind: "background"; readonly node: ShellNode }
  | { readonly kind: "redirected"; readonly node: ShellNode; readonly redirects: readonly Redirect[] }
  /** `! command`. */
  | { readonly kind: "negated"; readonly node: ShellNode }
  | { readonly kind: "if"; readonly branches: readonly Branch[]; readonly otherwise: readonly ShellNode[] | undefined }
  /** Without words: over `"$@"`. `isAsked`: `select`, which goes round as often as somebody chooses. */
  | {
      readonly kind: "for";
      readonly variable: string;
      readonly isAsked: boolean;
      readonly words: readonly ScriptWord[] | undefined;
      readonly body: readonly ShellNode[];
    }
  /** `while`; `isUntil`: until the test holds. */
  | {
      readonly kind: "while";
      readonly test: readonly ShellNode[];
      readonly isUntil: boolean;
      readonly body: readonly ShellNode[];
    }
  /** `for ((first; test; next))`: sums, each of them perhaps empty. */
  | {
      readonly kind: "count";
      readonly first: ScriptWord;
      readonly test: ScriptWord;
      readonly next: ScriptWord;
      readonly body: readonly ShellNode[];
    }
  | { readonly kind: "case"; readonly word: ScriptWord; readonly items: readonly CaseItem[] }
  | { readonly kind: "function"; readonly name: string; readonly body: ShellNode }
  /** `[[ … ]]` and `(( … ))`: nothing runs but what stands in their words. */
  | { readonly kind: "condition"; readonly test: Test }
  | { readonly kind: "unknown"; readonly text: string };

/** `ends`: whether the next body follows (`;&`), the next pattern is tried (`;;&`), or nothing more is. */
export interface CaseItem {
  readonly patterns: readonly ScriptWord[];
  readonly body: readonly ShellNode[];
  readonly ends: ";;" | ";&" | ";;&";
}

/** What `[[ … ]]` asks; `(( … ))` asks for a sum that is not zero. */
export type Test =
  | { readonly kind: "unary"; readonly operator: string; readonly word: ScriptWord }
  | { readonly kind: "binary"; readonly operator: string; readonly left: ScriptWord; readonly right: ScriptWord }
  | { readonly kind: "both" | "either"; readonly tests: readonly Test[] }
  | { readonly kind: "not"; readonly test: Test }
  | { readonly kind: "sum"; readonly word: ScriptWord };

export interface Branch {
  readonly test: readonly ShellNode[];
  readonly body: readonly ShellNode[];
}

export interface SimpleCommand {
  readonly kind: "simple";
  readonly assignments: readonly Assignment[];
  /** The program and its arguments; empty where there are only assignments or redirections. */
  readonly words: readonly Argument[];
  readonly redirects: readonly Redirect[];
}

/** `assignment`: of `declare`, `export` and the like, beside the same text as a word. */
export interface Argument {
  readonly word: ScriptWord;
  readonly assignment?: Assignment;
}

export interface Assignment {
  readonly name: string;
  readonly isAppended: boolean;
  readonly index: ScriptWord | undefined;
  readonly value: ScriptWord | { readonly elements: readonly ArrayElement[] };
}

/** `[key]=value` of an array has a key. */
export interface ArrayElement {
  readonly key: ScriptWord | undefined;
  readonly word: ScriptWord;
}

export interface Redirect {
  /** As written; here-documents are `<<`, here-strings `<<<`. */
  readonly operator: ">" | ">>" | "<" | "<>" | "<&" | ">&" | ">|" | "&>" | "&>>" | "<<" | "<<<";
  /** `undefined`: the operator's own. A descriptor by variable is told as 99. */
  readonly descriptor: number | undefined;
  /** The file, or the text of a here-document or here-string. */
  readonly target: ScriptWord;
}

export type ScriptWord = readonly Piece[];

export type Piece =
  /** Escapes and quotes are resolved. */
  | { readonly kind: "literal"; readonly text: string; readonly isQuoted: boolean }
  | Parameter
  | { readonly kind: "command"; readonly script: Script; readonly isQuoted: boolean }
  /** `<(…)` and `>(…)`. */
  | { readonly kind: "process"; readonly operator: "<" | ">"; readonly script: Script }
  /** `scripts`: substitutions inside. */
  | { readonly kind: "arithmetic"; readonly text: string; readonly scripts: readonly Script[]; readonly isQuoted: boolean }
  | { readonly kind: "brace"; readonly alternatives: readonly ScriptWord[] }
  /** An unquoted pattern: `*`, `?`, `[a-z]`, `@(a|b)`. */
  | { readonly kind: "glob"; readonly text: string; readonly scripts: readonly Script[] }
  /** `~`, or `~name`; "" is the own home. */
  | { readonly kind: "tilde"; readonly user: string }
  | { readonly kind: "unknown"; readonly text: string };

export interface Parameter {
  readonly kind: "parameter";
  readonly name: string;
  readonly isQuoted: boolean;
  readonly prefix: "!" | "#" | undefined;
  readonly index: ScriptWord | undefined;
  readonly operation: ParameterOperation | undefined;
}

/** `${x<operator>first/second}`. */
export interface ParameterOperation {
  readonly kind: "default" | "remove" | "replace" | "slice" | "case" | "other";
  readonly operator: string;
  readonly first: ScriptWord | undefined;
  readonly second: ScriptWord | undefined;
}

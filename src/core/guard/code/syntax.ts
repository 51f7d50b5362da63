/** Programs as far as the guard needs them: calls, values, and what names stand for. */

import type { Word } from "../word.ts";

/** A stretch of a program that may run not at all or several times. */
export interface Block {
  readonly parent: Block | undefined;
  readonly isLoop: boolean;
  readonly scope: Scope;
}

/** Where names live: the program, or one function. */
export interface Scope {
  readonly parent: Scope | undefined;
  readonly bindings: Map<string, Binding[]>;
  readonly returns: Expr[];
}

/** `name` stands for `value`, or for a part of it. */
export interface Binding {
  readonly value: Expr;
  /** `whole`, an element of it, the entry of that name or place; or `value` is the entry `entry` of the name. */
  readonly part: "whole" | "element" | { readonly key: string } | { readonly index: number } | { readonly entry: Expr };
  readonly at: number;
  readonly block: Block;
}

export interface Argument {
  readonly name?: string;
  readonly value: Expr;
  /** `*list`, `**dict`, `...x`. */
  readonly spread?: boolean;
}

export interface Entry {
  readonly key?: Expr;
  readonly value: Expr;
  readonly spread?: boolean;
}

export interface Parameter {
  readonly name: string;
  /** `{Bucket, Key: k}` as a parameter: the entry's key and the name it gets. */
  readonly fields?: readonly (readonly [string, string])[];
  readonly fallback?: Expr;
}

export interface CallExpr {
  readonly kind: "call";
  readonly callee: Expr;
  readonly args: readonly Argument[];
  readonly at: number;
  readonly block: Block;
  /** `` $`ls` ``: the text is the argument. */
  readonly isTagged: boolean;
}

export interface FunctionExpr {
  readonly kind: "function";
  readonly name: string;
  /** Perl's grow while its body is read: `my $x = shift`. */
  readonly parameters: Parameter[];
  readonly scope: Scope;
  readonly block: Block;
}

export interface NameExpr {
  readonly kind: "name";
  readonly name: string;
  readonly at: number;
  readonly block: Block;
}

export type Expr =
  | { readonly kind: "text"; readonly parts: readonly (Word | Expr)[] }
  | { readonly kind: "number"; readonly value: number }
  | NameExpr
  | { readonly kind: "member"; readonly object: Expr; readonly name: string }
  | { readonly kind: "index"; readonly object: Expr; readonly index: Expr }
  | CallExpr
  /** Text that a shell runs. */
  | { readonly kind: "command"; readonly parts: readonly (Word | Expr)[]; readonly at: number }
  | { readonly kind: "list"; readonly items: readonly { readonly value: Expr; readonly spread: boolean }[] }
  | { readonly kind: "dict"; readonly entries: readonly Entry[] }
  | { readonly kind: "binary"; readonly op: string; readonly left: Expr; readonly right: Expr }
  | { readonly kind: "either"; readonly options: readonly Expr[] }
  /** `item for name in over`, `over.map(name => item)`. */
  | { readonly kind: "each"; readonly item: Expr; readonly names: readonly string[]; readonly over: Expr }
  | FunctionExpr
  | { readonly kind: "unknown" };

export const unknownExpr: Expr = { kind: "unknown" };

export interface Program {
  readonly scope: Scope;
  readonly block: Block;
  /** Every call and every text for a shell, in the order of the text. */
  readonly calls: (CallExpr | Extract<Expr, { kind: "command" }>)[];
  /** Functions by name, methods among them; a class by its constructor. */
  readonly functions: Map<string, FunctionExpr[]>;
  /** How often a name is used other than by being called. */
  readonly mentions: Map<string, number>;
  /** `from x import *`. */
  readonly stars: string[];
  /** Assignments to members: `self.bucket = x`, and fields of classes. */
  readonly fields: Map<string, Binding[]>;
  /** Whether a limit hid a part of it. */
  isCut: boolean;
  /** How many texts were read into it later. */
  extensions: number;
}

export const newScope = (parent: Scope | undefined): Scope => ({ parent, bindings: new Map(), returns: [] });

export function newProgram(): Program {
  const scope = newScope(undefined);
  const block: Block = { parent: undefined, isLoop: false, scope };
  return { scope, block, calls: [], functions: new Map(), mentions: new Map(), stars: [], fields: new Map(), isCut: false, extensions: 0 };
}

/** The text of a string in which nothing is interpolated. */
export function literalOf(expr: Expr | undefined): string | undefined {
  if (expr?.kind !== "text" || expr.parts.length !== 1) return undefined;
  const [part] = expr.parts;
  return typeof part === "string" ? part : undefined;
}

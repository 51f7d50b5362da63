/** What expressions may be worth. Follows names to their assignments and functions to their callers; runs nothing. */

import { hole } from "../word.ts";
import type { Word } from "../word.ts";
import type { CodeStart } from "./code-start.ts";
import { resultOf, symbolValue } from "./results.ts";
import type { Arguments } from "./arguments.ts";
import { reaching } from "./reaching.ts";
import { changed, withEntries } from "./changes.ts";
import type { Worth } from "./changes.ts";
import { CallLinks } from "./call-links.ts";
import type { Argument, Binding, CallExpr, Expr, NameExpr, Program, Scope } from "./syntax.ts";
import { percentFormatted } from "./text-methods.ts";
import { capped, crossed, text, unknownValue, unknownValues, wordsOf } from "./value.ts";
import type { Value, Values } from "./value.ts";
import { added, anyItemOf, arithmetic, elementsOf, itemAt, joinedPaths, listed, repeated } from "./value-operations.ts";
import { envValue, isEnvironment, membersOf } from "./members.ts";

const globals = new Set(["globals", "vars", "locals", "globalThis", "window", "global", "__builtins__", "builtins"]);
const selves = new Set(["self", "this", "cls"]);
const stepsMax = 60_000;
const depthMax = 60;
const itemsMax = 3000;

/** Expressions whose value comes from others. */
type Looked = Extract<Expr, { kind: "name" | "member" | "index" | "call" | "binary" | "either" }>;

const isLooked = (expr: Expr): expr is Looked => /^(?:name|member|index|call|binary|either)$/.test(expr.kind);

/** Values of one program's expressions. At most 60,000 steps; beyond, everything is unknown. */
export class Evaluator {
  readonly program: Program;
  readonly start: CodeStart;
  readonly #memo = new Map<Expr, Values>();
  readonly #running = new Set<Expr>();
  /** Values of names inside `item for name in over`, while it is played through. */
  #played: Map<string, Values> = new Map();
  #steps = 0;
  #depth = 0;
  readonly #links: CallLinks;

  constructor(program: Program, start: CodeStart) {
    this.program = program;
    this.start = start;
    this.#links = new CallLinks(program);
    this.link();
  }

  /** To be called again when the program has grown. */
  link(): void {
    this.#links.link();
    this.#memo.clear();
  }

  values(expr: Expr): Values {
    const known = this.#played.size === 0 ? this.#memo.get(expr) : undefined;
    if (known !== undefined) return known;
    this.#steps += 1;
    if (this.#running.has(expr) || this.#steps > stepsMax || this.#depth > depthMax) return unknownValues;
    this.#running.add(expr);
    this.#depth += 1;
    const found = capped(this.#evaluate(expr));
    this.#depth -= 1;
    this.#running.delete(expr);
    if (this.#played.size === 0) this.#memo.set(expr, found);
    return found;
  }

  words(expr: Expr): readonly Word[] {
    return wordsOf(this.values(expr));
  }

  /** The texts that the parts of a string may make. */
  wordsOfParts(parts: readonly (Word | Expr)[]): readonly Word[] {
    let words: readonly Word[] = [""];
    for (const part of parts) words = crossed(words, typeof part === "string" ? [part] : this.words(part));
    return words;
  }

  #evaluate(expr: Expr): Values {
    if (isLooked(expr)) return this.#looked(expr);
    switch (expr.kind) {
      case "text":
        return this.wordsOfParts(expr.parts).map(text);
      case "number":
        return [{ kind: "number", value: expr.value }];
      case "function":
        return [{ kind: "function", made: expr }];
      case "command":
      case "unknown":
        return unknownValues;
      case "list":
        return [this.#list(expr)];
      case "dict":
        return [this.#dict(expr)];
      case "each":
        return [this.#each(expr)];
    }
  }

  #looked(expr: Looked): Values {
    switch (expr.kind) {
      case "name":
        return this.#name(expr);
      case "member":
        return this.#member(expr);
      case "index":
        return this.#index(expr);
      case "call":
        return this.#call(expr);
      case "binary":
        return this.#binary(expr);
      case "either":
        return expr.options.flatMap((option) => this.values(option));
    }
  }

  #name(expr: NameExpr): Values {
    const played = this.#played.get(expr.name);
    if (played !== undefined) return played;
    for (let scope: Scope | undefined = expr.block.scope; scope !== undefined; scope = scope.parent) {
      const bindings = scope.bindings.get(expr.name);
      if (bindings !== undefined) return this.#bound(expr.name, reaching(bindings, expr, scope));
    }
    return this.global(expr.name);
  }

  /** A name that nothing in the text assigns. */
  global(name: string): Values {
    const functions = this.program.functions.get(name);
    if (functions !== undefined) return functions.map((made) => ({ kind: "function", made }));
    if (name.includes(hole)) return unknownValues;
    const fromStars = this.program.stars.map((module): Value => ({ kind: "symbol", path: `${module}.${name}` }));
    return this.#explained([{ kind: "symbol", path: name }, ...fromStars.slice(0, 4)]);
  }

  #bound(name: string, bindings: readonly Binding[]): Values {
    const whole = bindings.filter((binding) => typeof binding.part === "string" || !("entry" in binding.part));
    const base: Values = whole.length === 0 ? [{ kind: "symbol", path: name }] : whole.flatMap((binding) => this.#part(binding));
    const entries = bindings.flatMap((binding) =>
      typeof binding.part === "object" && "entry" in binding.part ? [{ key: binding.part.entry, value: binding.value }] : [],
    );
    const changes = this.#links.changesOf(name);
    const worth: Worth = { values: (expr) => this.values(expr), words: (expr) => this.words(expr) };
    if (entries.length === 0 && changes.length === 0) return base;
    return base.map((value) => changed(worth, value.kind === "dict" ? withEntries(worth, value, entries) : value, changes));
  }

  #part({ value, part }: Binding): Values {
    if (part === "whole") return this.values(value);
    if (part === "element") return this.values(value).flatMap((each) => elementsOf(each));
    if ("key" in part) return this.values(value).flatMap((each) => membersOf(each, part.key));
    if ("index" in part) return this.values(value).flatMap((each) => itemAt(each, part.index));
    return unknownValues;
  }

  #member(expr: Extract<Expr, { kind: "member" }>): Values {
    const objects = this.values(expr.object);
    const isSelf = expr.object.kind === "name" && selves.has(expr.object.name);
    return objects.flatMap((object): Values => {
      if (isEnvironment(object)) return [this.#environment(expr.name)];
      const fields = this.program.fields.get(expr.name);
      const isOwn = isSelf || object.kind === "unknown" || object.kind === "symbol" || object.kind === "function";
      if (fields !== undefined && isOwn) return fields.flatMap((binding) => this.values(binding.value));
      const functions = isSelf ? this.program.functions.get(expr.name) : undefined;
      if (functions !== undefined) return functions.map((made) => ({ kind: "function", made }));
      return this.#explained(membersOf(object, expr.name));
    });
  }

  /** Symbols with a meaning of their own, by it. */
  #explained(values: Values): Values {
    return values.map((value) => (value.kind === "symbol" ? (symbolValue(value.path, this.start) ?? value) : value));
  }

  #environment(name: string): Value {
    return envValue(this.start, name);
  }

  #index({ object: of, index }: Extract<Expr, { kind: "index" }>): Values {
    const objects = this.values(of);
    if (index.kind === "unknown") return objects.flatMap(anyItemOf);
    const places = this.values(index);
    return objects.flatMap((object) => places.flatMap((at) => this.#at(object, at)));
  }

  #at(object: Value, at: Value): Values {
    if (at.kind === "number") return itemAt(object, at.value);
    if (at.kind !== "text" || at.word.includes(hole)) return anyItemOf(object);
    if (isEnvironment(object)) return [this.#environment(at.word)];
    return object.kind === "symbol" && globals.has(object.path) ? this.global(at.word) : membersOf(object, at.word);
  }

  #list(expr: Extract<Expr, { kind: "list" }>): Value {
    const items: Values[] = [];
    let isOpen = false;
    for (const { value, spread } of expr.items) {
      if (!spread) {
        items.push(this.values(value));
        continue;
      }
      const [only, ...others] = this.values(value);
      if (only?.kind === "list" && others.length === 0) {
        items.push(...only.items);
        isOpen ||= only.isOpen;
      } else {
        // What comes behind an unknown stretch has no place.
        items.push(unknownValues);
        isOpen = true;
      }
    }
    return items.length > itemsMax ? unknownValue : { kind: "list", items, isOpen };
  }

  #dict(expr: Extract<Expr, { kind: "dict" }>): Value {
    const entries = new Map<string, Values>();
    let isOpen = false;
    for (const entry of expr.entries) {
      const isWhole =
        entry.spread === true || entry.key === undefined
          ? this.#spreadInto(entry.value, entries)
          : this.#entryInto(entry.key, entry.value, entries);
      isOpen ||= !isWhole;
    }
    return { kind: "dict", entries, isOpen };
  }

  /** Says whether all entries are known. */
  #spreadInto(value: Expr, entries: Map<string, Values>): boolean {
    const found = this.values(value);
    for (const [name, inner] of found.flatMap((one) => (one.kind === "dict" ? [...one.entries] : []))) entries.set(name, inner);
    return found.every((one) => one.kind === "dict" && !one.isOpen);
  }

  #entryInto(key: Expr, value: Expr, entries: Map<string, Values>): boolean {
    const names = key.kind === "name" ? this.#keyNames(key) : this.words(key);
    for (const name of names) if (!name.includes(hole)) entries.set(name, this.values(value));
    return names.every((name) => !name.includes(hole));
  }

  /** A bare word as a key: a variable's value in Python, itself elsewhere. */
  #keyNames(key: NameExpr): readonly Word[] {
    const values = this.values(key);
    return values.every((value) => value.kind === "symbol") ? [key.name] : wordsOf(values);
  }

  #binary({ op, left, right }: Extract<Expr, { kind: "binary" }>): Values {
    const lefts = this.values(left);
    const rights = this.values(right);
    if (op === "%") {
      return lefts.flatMap((one) =>
        rights.map((other) => (one.kind === "text" ? text(percentFormatted(one.word, listed(other))) : unknownValue)),
      );
    }
    if (op === "/" && lefts.some((one) => one.kind === "thing" && one.type.endsWith("path"))) return joinedPaths(lefts, rights);
    if (op === "*" || op === "x") return lefts.flatMap((one) => rights.map((other) => repeated(one, other)));
    if (op === "&&" || op === "and") return rights;
    if (op !== "+" && op !== "." && op !== "..")
      return lefts.every((one) => one.kind === "number") ? arithmetic(op, lefts, rights) : unknownValues;
    return lefts.flatMap((one) => rights.map((other) => added(one, other)));
  }

  #each(expr: Extract<Expr, { kind: "each" }>): Value {
    const overs = this.values(expr.over);
    const [over] = overs;
    const [name, ...others] = expr.names;
    if (overs.length !== 1 || over === undefined || name === undefined || others.length > 0)
      return { kind: "list", items: [this.values(expr.item)], isOpen: true };
    return this.#playThrough(over, name, expr.item);
  }

  #playThrough(over: Value, name: string, item: Expr): Value {
    const list =
      over.kind === "text" && !over.word.includes(hole)
        ? Array.from(over.word, (char) => [text(char)])
        : over.kind === "list"
          ? over.items
          : undefined;
    if (list === undefined || list.length > itemsMax) return { kind: "list", items: [unknownValues], isOpen: true };
    const before = this.#played;
    const items = list.map((each) => {
      this.#played = new Map([...before, [name, each]]);
      return this.values(item);
    });
    this.#played = before;
    return { kind: "list", items, isOpen: over.kind === "list" && over.isOpen };
  }

  #call(expr: CallExpr): Values {
    const callees = this.values(expr.callee);
    // `list.map(c => …)`: an element each.
    const mapped = this.#mapped(expr, callees);
    if (mapped !== undefined) return [mapped];
    const args = this.args(expr.args);
    return callees.flatMap((callee): Values => {
      if (callee.kind === "function") {
        const { returns } = callee.made.scope;
        return returns.length === 0 ? unknownValues : returns.flatMap((value) => this.values(value));
      }
      return resultOf(callee, args, this);
    });
  }

  #mapped(expr: CallExpr, callees: Values): Value | undefined {
    const [callee] = callees;
    const over = callees.length === 1 && callee !== undefined ? this.#mappedOver(callee, expr) : undefined;
    const by = expr.args[0]?.value;
    if (over === undefined || by === undefined) return undefined;
    if (by.kind !== "function") return this.#mappedBySymbol(by, over);
    const [parameter] = by.parameters;
    const [returned] = by.scope.returns;
    return parameter === undefined || returned === undefined ? undefined : this.#playThrough(over, parameter.name, returned);
  }

  #mappedOver(callee: Value, expr: CallExpr): Value | undefined {
    if (callee.kind === "member") return callee.name === "map" || callee.name === "flatMap" ? callee.of : undefined;
    const second = expr.args[1];
    return callee.kind === "symbol" && callee.path === "map" && second !== undefined ? this.values(second.value)[0] : undefined;
  }

  /** `map(chr, codes)`. */
  #mappedBySymbol(by: Expr, over: Value): Value | undefined {
    const [symbol] = this.values(by);
    if (symbol?.kind !== "symbol" || over.kind !== "list") return undefined;
    const items = over.items.map((item) => resultOf(symbol, { positional: [item], named: new Map(), isOpen: false }, this));
    return { kind: "list", items, isOpen: over.isOpen };
  }

  /** Arguments as values; `*list` and `**dict` taken apart. */
  args(args: readonly Argument[]): Arguments {
    const positional: Values[] = [];
    const named = new Map<string, Values>();
    let isOpen = false;
    for (const { name, value, spread } of args) {
      const values = this.values(value);
      if (name !== undefined) named.set(name, values);
      else if (spread !== true) positional.push(values);
      else {
        positional.push(...values.flatMap((one) => (one.kind === "list" ? one.items : [])));
        for (const [key, inner] of values.flatMap((one) => (one.kind === "dict" ? [...one.entries] : []))) named.set(key, inner);
        isOpen ||= values.some((one) => (one.kind !== "list" && one.kind !== "dict") || one.isOpen);
      }
    }
    return { positional, named, isOpen };
  }
}

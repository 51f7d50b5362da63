/** Imports, as bindings to modules: `import boto3 as b`, `import { execSync as run } from "child_process"`. */

import type { Parser } from "./parser.ts";
import type { Expr } from "./syntax.ts";
import type { Token } from "./token.ts";

const namesMax = 200;

/** A module as a value: a name that no assignment can have. */
const moduleExpr = (parser: Parser, module: string): Expr => ({
  kind: "call",
  callee: { kind: "name", name: "__import__", at: 0, block: parser.program.block },
  args: [{ value: { kind: "text", parts: [module] } }],
  at: parser.position,
  block: parser.block,
  isTagged: false,
});

function dotted(parser: Parser): string {
  let name = "";
  while (parser.take(".") || parser.take("...")) name += ".";
  while (parser.peek().kind === "name" && !parser.is("import") && !parser.is("as")) {
    name += parser.next().text;
    if (!parser.is(".") || parser.peek(1).kind !== "name") break;
    parser.next();
    name += ".";
  }
  return name;
}

function pythonImport(parser: Parser): void {
  for (let taken = 0; taken < namesMax; taken += 1) {
    const module = dotted(parser);
    if (module === "") return;
    if (parser.take("as")) parser.bind(parser.next().text, moduleExpr(parser, module));
    else {
      const root = module.split(".", 1)[0] ?? module;
      parser.bind(root, moduleExpr(parser, root));
    }
    if (!parser.take(",")) return;
  }
}

function pythonFrom(parser: Parser): void {
  const module = dotted(parser);
  if (!parser.take("import")) return;
  const isBracketed = parser.take("(");
  for (let taken = 0; taken < namesMax && !parser.isAtEnd; taken += 1) {
    if (parser.take("*")) parser.program.stars.push(module);
    const token = parser.peek();
    if (token.kind !== "name") return;
    parser.next();
    const name = parser.take("as") ? parser.next().text : token.text;
    parser.bind(name, { kind: "member", object: moduleExpr(parser, module), name: token.text });
    if (!parser.take(",")) break;
  }
  if (isBracketed) parser.take(")");
}

/** `import a, { b as c } from "x"`, `import * as x from "x"`, `import "x"`. */
function scriptImport(parser: Parser): void {
  const names: ImportedName[] = [];
  let isInBraces = false;
  for (let taken = 0; taken < namesMax && !parser.isAtEnd; taken += 1) {
    const token = parser.next();
    if (token.kind === "string") {
      bindNames(parser, names, token);
      return;
    }
    if (token.text === ";" || token.text === "(") return;
    if (token.text === "{" || token.text === "}") isInBraces = token.text === "{";
    else if (token.kind === "name" && !between.has(token.text)) {
      names.push({ name: isInBraces ? token.text : "*", local: parser.take("as") ? parser.next().text : token.text });
    } else if (token.text === "*" && parser.take("as")) names.push({ name: "*", local: parser.next().text });
  }
}

interface ImportedName {
  /** `*` for the module itself. */
  readonly name: string;
  readonly local: string;
}

const between = new Set(["from", "type", "as"]);

function bindNames(parser: Parser, names: readonly ImportedName[], token: Token): void {
  const [part] = token.parts ?? [];
  const module = moduleExpr(parser, typeof part === "string" ? part : "");
  for (const { name, local } of names) parser.bind(local, name === "*" ? module : { kind: "member", object: module, name });
}

/** An import at the current place; `false` where the word is none. */
export function imports(parser: Parser, word: string): boolean {
  const { name } = parser.dialect;
  if (name === "python") return pythonStatement(parser, word);
  if (name !== "javascript") return otherImport(parser, word);
  if (word !== "import" || parser.is("(", 1) || parser.is(".", 1)) return false;
  parser.next();
  scriptImport(parser);
  return true;
}

function pythonStatement(parser: Parser, word: string): boolean {
  if (word !== "import" && word !== "from") return false;
  parser.next();
  if (word === "import") pythonImport(parser);
  else pythonFrom(parser);
  return true;
}

/** `use Paws;`, `use Aws\\S3\\S3Client;`, `import com.amazonaws.…;`, `import "fmt"`: nothing is bound that matters. */
function otherImport(parser: Parser, word: string): boolean {
  if (word !== "use" && word !== "import") return false;
  while (!parser.isAtEnd && parser.peek().kind !== "newline" && !parser.is(";") && !parser.is("(")) parser.next();
  return true;
}

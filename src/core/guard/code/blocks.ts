/** Where blocks begin and end: by indentation, by braces, or with one statement. */

import type { Parser } from "./parser.ts";
import type { Block } from "./syntax.ts";

/** With indentation, a line that stands further left ends the blocks before it. */
export function lineBegins(parser: Parser, indent: number): void {
  parser.indent = indent;
  if (parser.dialect.blocks !== "indent") return;
  while (parser.peek().kind === "newline") {
    parser.indent = parser.next().indent;
  }
  closeBlocks(parser, parser.indent);
}

function closeBlocks(parser: Parser, indent: number): void {
  for (let last = parser.open.at(-1); last !== undefined && indent <= last.indent; last = parser.open.at(-1)) {
    parser.open.pop();
    parser.block = last.block;
    if (last.className !== undefined) parser.currentClass = last.className;
    if (last.made !== undefined) parser.currentFunction = last.made.outer;
  }
}

/** From here to the end of the indentation, `block` is in force. */
export function openIndented(parser: Parser, block: Block, more: Partial<Pick<Parser["open"][number], "className" | "made">> = {}): void {
  parser.open.push({ block: parser.block, indent: parser.indent, ...more });
  parser.block = block;
}

/** A block in braces that stands by itself or belongs to a class. */
export function bracedBlock(parser: Parser, isLoop: boolean): void {
  parser.bracedBody(parser.child(isLoop));
}

/** What follows a head: a block in braces, in indentation, or one statement. */
export function body(parser: Parser, block: Block): void {
  if (parser.dialect.blocks === "indent") {
    openIndented(parser, block);
    return;
  }
  let ahead = 0;
  while (parser.peek(ahead).kind === "newline") ahead += 1;
  if (parser.is("{", ahead)) {
    parser.at += ahead;
    parser.bracedBody(block);
    return;
  }
  if (parser.peek().kind === "newline" || parser.is(";")) return;
  parser.within(block, () => parser.statement());
}

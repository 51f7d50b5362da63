/** Command lines with the answer that they must get: `corpus.tsv`, and others of the same columns. */

import { readFileSync } from "node:fs";

export interface CorpusRow {
  readonly id: string;
  readonly expected: string;
  readonly command: string;
  readonly context: string;
}

/** `\n` is a newline and `\\` a backslash in a command. */
export function readCorpus(path: URL): CorpusRow[] {
  const [head = "", ...lines] = readFileSync(path, "utf8").split("\n");
  const columns = head.split("\t");
  return lines
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const cells = line.split("\t");
      const cell = (name: string): string => cells[columns.indexOf(name)] ?? "";
      return { id: cell("id"), expected: cell("expected"), command: unescaped(cell("command")), context: cell("context") };
    });
}

const unescaped = (text: string): string => text.replaceAll(/\\([\\n])/gu, (_, sign: string) => (sign === "n" ? "\n" : "\\"));

/** `FILE body: TEXT` puts a file into the working folder, or into the home folder where its name begins with `.config/`. `\t` is a tab in it. */
export function filesOf({ context }: CorpusRow): Readonly<Record<string, string>> {
  const found = /^(?<name>\S+) body: (?<body>.*)$/su.exec(context)?.groups;
  return found === undefined ? {} : { [found["name"] ?? ""]: unescaped(found["body"] ?? "").replaceAll(String.raw`\t`, "\t") };
}

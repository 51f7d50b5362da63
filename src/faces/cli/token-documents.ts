import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { BelayError } from "../../core/belay-error.ts";
import type { TokenDocument } from "../../operations/import-tokens.ts";
import { plain } from "./plain-text.ts";

const documentNames: readonly string[] = ["CLAUDE.md", "AGENTS.md"];

/** The instructions for agents that lie in a folder, if any. */
export async function documentsIn(folder: string): Promise<TokenDocument[]> {
  const found: TokenDocument[] = [];
  for (const name of documentNames) {
    const text = await readFile(join(folder, name), "utf8").catch(() => undefined);
    if (text !== undefined) found.push({ name, text });
  }
  return found;
}

/** The named documents; one that cannot be read is a usage error. */
export async function documentsNamed(cwd: string, names: readonly string[]): Promise<TokenDocument[]> {
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(resolve(cwd, name), "utf8").catch((cause: unknown) => {
        throw new BelayError("usage", `${plain(name)} cannot be read.`, "Name a CLAUDE.md or AGENTS.md.", { cause });
      });
      return { name, text };
    }),
  );
}

/** Files as a command leaves them behind while it runs: what it wrote itself, then what lies on disk. */

import type { FileText, ReaderFacts } from "../reading.ts";
import { hole, isKnown, mayBe, type Word } from "../word.ts";
import { bounded } from "./environment.ts";
import { resolvePath } from "./paths.ts";
import { redefinesBelay } from "./start-up-files.ts";

export type Content =
  | { readonly kind: "text"; readonly text: Word }
  /** Nobody can tell: written by something that cannot be read, or unreadable itself. */
  | { readonly kind: "unknown" }
  | { readonly kind: "missing" };

const unknownPathsMax = 50;

export class CommandFiles {
  readonly #written = new Map<string, Word>();
  readonly #facts: ReaderFacts;
  #pipes = 0;
  #temporary = 0;
  /** Written, and nobody can name them. */
  readonly #unknownPaths = new Set<Word>();

  constructor(facts: ReaderFacts) {
    this.#facts = facts;
  }

  /** Start-up files into which a definition of `belay` was put. */
  readonly redefining: Set<Word> = new Set<Word>();

  /** `path`: absolute, or the same holes as where it is read again. A text that is a hole is one that nobody knows. */
  write(path: Word, text: Word): void {
    this.#noteAdded(path, text);
    this.#put(path, text);
  }

  #noteAdded(path: Word, text: Word): void {
    if (redefinesBelay(path, text, this.#facts.homeFolder)) this.redefining.add(path);
  }

  #put(path: Word, text: Word): void {
    // The same words with holes may be two files, so that only the first text is believed.
    const isAgain = !isKnown(path) && this.#written.has(path);
    if (!isKnown(path)) this.#unknownPaths.add(this.#unknownPaths.size < unknownPathsMax ? path : hole);
    this.#written.set(path, isAgain ? hole : bounded(text));
  }

  isWritten(path: Word): boolean {
    return this.#written.has(path);
  }

  append(path: Word, text: Word): void {
    const before = this.read(path);
    // What was in it before is the person's.
    this.#noteAdded(path, text);
    this.#put(path, before.kind === "text" ? before.text + text : before.kind === "missing" ? text : hole);
  }

  /** A path that stands for the output of `<(…)`. */
  pipe(text: Word): Word {
    this.#pipes += 1;
    const path = `/dev/fd/${String(62 + this.#pipes)}`;
    this.#written.set(path, bounded(text));
    return path;
  }

  /** Each is a path of its own, so that what is written there is found again. */
  temporary(): string {
    this.#temporary += 1;
    return `/tmp/tmp.belay${String(this.#temporary)}`;
  }

  read(path: Word): Content {
    const written = this.#written.get(path);
    if (written !== undefined) return written === hole ? { kind: "unknown" } : { kind: "text", text: written };
    if (!isKnown(path)) return { kind: "unknown" };
    const found: FileText | undefined = this.#facts.readFile(path);
    if (found === undefined) return this.#isBelowWritten(path) || this.#mayBeWritten(path) ? { kind: "unknown" } : { kind: "missing" };
    return found.kind === "text" ? { kind: "text", text: found.text } : { kind: "unknown" };
  }

  /** The nearest folder, here or above, that holds `name`. */
  folderWith(name: string, from: Word): Word {
    for (let folder = from; isKnown(folder); folder = resolvePath(folder, "..")) {
      if (this.#facts.listFolder(folder).includes(name)) return folder;
      if (folder === "/") break;
    }
    return hole;
  }

  /** What programs that are read with facts would find. */
  asFacts(): ReaderFacts {
    return {
      ...this.#facts,
      listFolder: (path) => [...new Set([...this.#facts.listFolder(path), ...this.#writtenIn(path)])],
      readFile: (path) => {
        const written = this.#written.get(path);
        if (written === undefined) return this.#facts.readFile(path);
        return isKnown(written) ? { kind: "text", text: written } : { kind: "unreadable", why: "written by the same command" };
      },
    };
  }

  /** Names of what the command itself has put right into a folder; a hole where it put something there that nobody can name. */
  #writtenIn(folder: string): readonly Word[] {
    if (this.#written.size === 0) return [];
    const start = folder.endsWith("/") ? folder : `${folder}/`;
    const names = [...this.#written.keys()].flatMap((path) =>
      path.startsWith(start) ? [path.slice(start.length).split("/")[0] ?? ""] : [],
    );
    const isInto = this.#written.get(folder) === hole && this.#facts.listFolder(folder).length > 0;
    return [...names.filter((name) => name !== ""), ...(isInto ? [hole] : [])];
  }

  #mayBeWritten(path: string): boolean {
    return [...this.#unknownPaths].some((written) => mayBe(written, path) || mayBe(`${written}/${hole}`, path));
  }

  /** `cp deploy.sh /tmp` writes something below `/tmp`. */
  #isBelowWritten(path: string): boolean {
    return [...this.#written].some(([folder, text]) => text === hole && path.startsWith(folder.endsWith("/") ? folder : `${folder}/`));
  }
}

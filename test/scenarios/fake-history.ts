/** A line of commits in memory, as version control would tell of it. */

import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { bodyOf, type Body } from "../../src/core/body.ts";
import type { SourceHistory, SourceVersion } from "../../src/ports/source-history.ts";

interface Commit {
  readonly commit: string;
  readonly subject: string;
  readonly at: string;
  /** Every file as it is at this commit. */
  readonly files: ReadonlyMap<string, string>;
}

const encoder = new TextEncoder();
const idOf = (bytes: Uint8Array): string => `blob ${sha256(bytes)}`;

export class FakeHistory implements SourceHistory {
  readonly #commits: Commit[] = [];
  readonly #texts = new Map<string, Uint8Array>();
  isDirty = false;
  /** The paths of each request for versions, in the order of the requests. */
  readonly askedFor: string[][] = [];

  /** Commits files over those before; the newest commit is HEAD. Its hash is `1` × 40, then `2` × 40, and so on. */
  commit(subject: string, files: Readonly<Record<string, string>>): string {
    const number = this.#commits.length + 1;
    const commit = String(number).repeat(40).slice(0, 40);
    const at = new Date(Date.UTC(2031, 3, number)).toISOString();
    this.#commits.push({ commit, subject, at, files: new Map([...(this.#commits.at(-1)?.files ?? []), ...Object.entries(files)]) });
    for (const text of Object.values(files)) this.#texts.set(idOf(encoder.encode(text)), encoder.encode(text));
    return commit;
  }

  /** A clone at this moment: later commits are its own. */
  clone(): FakeHistory {
    const copy = new FakeHistory();
    copy.#commits.push(...this.#commits);
    for (const [id, bytes] of this.#texts) copy.#texts.set(id, bytes);
    return copy;
  }

  async head(): ReturnType<SourceHistory["head"]> {
    const last = this.#commits.at(-1);
    return await Promise.resolve(last && { commit: last.commit, subject: last.subject, shallow: false });
  }

  async isClean(): Promise<boolean> {
    return await Promise.resolve(this.#commits.length > 0 && !this.isDirty);
  }

  async versionsOf(paths: readonly string[], limit: number): Promise<ReadonlyMap<string, readonly SourceVersion[]>> {
    this.askedFor.push([...paths]);
    return await Promise.resolve(new Map(paths.map((path) => [path, this.#versions(path).slice(0, limit)])));
  }

  #versions(path: string): SourceVersion[] {
    const found: SourceVersion[] = [];
    for (const { commit, subject, at, files } of this.#commits) {
      const text = files.get(path);
      if (text === undefined) continue;
      const contentId = idOf(encoder.encode(text));
      if (found[0]?.contentId !== contentId) found.unshift({ commit, contentId, at, author: "Ines", subject });
    }
    return found;
  }

  contentId(bytes: Uint8Array): string {
    return idOf(bytes);
  }

  async read(version: SourceVersion): Promise<Body> {
    const bytes = this.#texts.get(version.contentId);
    if (!bytes) throw new Error(`no version ${version.contentId}`);
    return await Promise.resolve(bodyOf(bytes, sha256(bytes)));
  }

  async isAncestor(commit: string): Promise<boolean> {
    return await Promise.resolve(this.#commits.some((one) => one.commit === commit));
  }

  async changedSince(commit: string): ReturnType<SourceHistory["changedSince"]> {
    const start = this.#commits.findIndex((one) => one.commit === commit);
    const commits = this.#commits.slice(start + 1).toReversed();
    const was = this.#commits[start]?.files ?? new Map<string, string>();
    const is = this.#commits.at(-1)?.files ?? new Map<string, string>();
    const paths = [...new Set([...was.keys(), ...is.keys()])].filter((path) => was.get(path) !== is.get(path));
    return await Promise.resolve({ paths, commits: commits.map((one) => ({ commit: one.commit, subject: one.subject })) });
  }
}

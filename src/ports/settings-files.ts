/** Small text files outside the site: agents' settings, and what belay keeps of them. Paths are absolute. */

export type SettingsWrite =
  /** `made`: the outermost folder that had to be made for it. */
  | { readonly kind: "done"; readonly made?: string }
  /** The file does not hold what was expected: nothing was written. */
  | { readonly kind: "moved" };

export interface SettingsFiles {
  /** `undefined` where there is no file. Throws `input-invalid` where it is no UTF-8 text or no regular file. */
  read(path: string): Promise<string | undefined>;
  /** Whether there is anything at the path. */
  exists(path: string): Promise<boolean>;
  /**
   * Whole or not at all, and only where the file still holds `expected`; `undefined` expects none. A link stays a link: what it leads to
   * is written. A file that is there keeps its permissions.
   */
  write(path: string, text: string, expected: string | undefined): Promise<SettingsWrite>;
  /** Only where it still holds `expected`. Folders that are empty then go with it, up to `made`. */
  remove(path: string, expected: string, made?: string): Promise<SettingsWrite>;
}

/** Programs of agents on this machine. */
export interface AgentPrograms {
  /** `undefined` where there is none on PATH; `""` where it does not say its version in time. */
  versionOf(program: string): Promise<string | undefined>;
}

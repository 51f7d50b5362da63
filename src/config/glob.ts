/** Globs over keys: `*` stays within a folder, `**` does not, and dotfiles are like other files. */

import picomatch from "picomatch";

// Keys are the same on every machine, so their globs are too: no drive letters, no backslash folders.
const options: picomatch.PicomatchOptions = { dot: true, nonegate: true, windows: false };

/**
 * Whether a key matches any of the globs. Keys and globs count from the site's root. A plain name, with or without
 * a slash at its end, matches that file or everything below that folder. No globs match nothing.
 */
export function matcher(globs: readonly string[]): (key: string) => boolean {
  const tests = globs.map((glob) => tested(glob.normalize("NFC")));
  return (key) => tests.some((test) => test(key));
}

function tested(glob: string): (key: string) => boolean {
  const bare = glob.endsWith("/") ? glob.slice(0, -1) : glob;
  if (isPlain(bare)) return (key) => key === bare || key.startsWith(`${bare}/`);
  const matches = picomatch(glob.endsWith("/") ? `${bare}/**` : glob, options);
  return (key) => matches(key);
}

const isPlain = (glob: string): boolean => !/[\\*?[\]{}()|]/u.test(glob);

/** Why a text is no glob over keys, as a clause; `undefined` where it is one. */
export function globProblem(glob: string): string | undefined {
  if (glob.startsWith("!")) return "begins with `!`, which is not understood here";
  if (glob.startsWith("/")) return "begins with a slash; paths count from the site's root";
  if (glob.split("/").some((part) => part === "." || part === "..")) return "has a `.` or `..` segment";
  if (glob.replace(/\/$/u, "") === "") return "is empty";
  try {
    // `debug` makes a glob that compiles to no regular expression throw rather than match nothing.
    picomatch(glob, { ...options, strictBrackets: true, debug: true });
  } catch (error) {
    return `is not a glob: ${error instanceof Error ? error.message : String(error)}`;
  }
  return undefined;
}

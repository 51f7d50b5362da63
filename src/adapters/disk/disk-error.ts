import { dirname } from "node:path";
import { BelayError, type ErrorCode } from "../../core/belay-error.ts";
import { errnoOf } from "../shared/errno.ts";

/** A path as a shell takes it back. */
export const quoted = (path: string): string => `'${path.replaceAll("'", String.raw`'\''`)}'`;

interface Meaning {
  readonly code: ErrorCode;
  readonly remedy: (path: string) => string;
}

const full: Meaning = {
  code: "store-full",
  remedy: (path) => `Make room where it lies (\`df -h ${quoted(path)}\`), then run the command again.`,
};
const denied: Meaning = {
  code: "store-denied",
  remedy: (path) => `Let this user read and write there: \`ls -ld ${quoted(dirname(path))} ${quoted(path)}\` shows who may.`,
};
const taken: Meaning = { code: "store-denied", remedy: () => "A file and a folder want the same name there: rename one of them." };
const linkless: Meaning = {
  code: "not-supported",
  remedy: () => "Use a file system with hard links: belay cannot create files atomically on this one.",
};
const unreachable: Meaning = {
  code: "store-unreachable",
  remedy: (path) => `See that it is there and readable (\`ls -ld ${quoted(path)}\`), then run the command again.`,
};

const meanings: Readonly<Record<string, Meaning>> = {
  ENOSPC: full,
  EDQUOT: full,
  EFBIG: full,
  EACCES: denied,
  EPERM: denied,
  EROFS: denied,
  ELOOP: { code: "store-denied", remedy: () => "Replace the symbolic link by what it points to." },
  ENOTDIR: taken,
  EEXIST: taken,
  EISDIR: taken,
  ENOTEMPTY: taken,
  ENAMETOOLONG: { code: "key-invalid", remedy: () => "Shorten the file's name: this file system does not take it." },
  ENOTSUP: linkless,
  EOPNOTSUPP: linkless,
  ENOSYS: linkless,
};

/**
 * What a system error means to a person, with the way on. `doing` completes "could not …".
 * Errors that are not the system's (an abort, a BelayError, a bug) come back as they are.
 */
export function diskError(error: unknown, doing: string, path: string): Error {
  const errno = errnoOf(error);
  // System errors carry a number beside the name; Node's own (`ABORT_ERR`, `ERR_…`) are not the disk's.
  const isSystem = errno !== undefined && /^E[A-Z0-9]+$/u.test(errno);
  if (error instanceof BelayError || !isSystem) return error instanceof Error ? error : new Error(String(error));
  const meaning = meanings[errno] ?? unreachable;
  return new BelayError(meaning.code, `could not ${doing} ${path} (${errno})`, meaning.remedy(path), { cause: error });
}

/** Runs one piece of file work and gives its errors a meaning. */
export async function onDisk<Result>(doing: string, path: string, work: () => Promise<Result> | Result): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw diskError(error, doing, path);
  }
}

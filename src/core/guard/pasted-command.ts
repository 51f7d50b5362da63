/** A command as it has to be typed where the agent stands: beside its belay.yaml, and with a belay that is found. */

import { quotedWord } from "./judging/plain-words.ts";

export interface Standing {
  /** Absolute folder of belay.yaml. */
  readonly folder: string;
  /** Absolute working folder of the agent. */
  readonly cwd: string;
  /** What starts belay there: `belay`, `npx belay`. */
  readonly program: string;
}

/** Commands of other programs stay as they are. */
export function pastedCommand(command: string, { folder, cwd, program }: Standing): string {
  if (!/(?:^|&& )belay /u.test(command)) return command;
  const named = command.replaceAll(/(?<=^|&& )belay (?=\S)/gu, `${program} `);
  return isIn(cwd, folder)
    ? named
    : `cd ${quotedWord(isIn(folder, cwd) ? folder.slice(cwd.length).replace(/^\/+/u, "") : folder)} && ${named}`;
}

const isIn = (path: string, folder: string): boolean => path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);

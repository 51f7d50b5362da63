/** Files that hold the guard up: agents' settings, belay.yaml, belay's state and its program, and AWS's own credentials. */

import { hole, isKnown, type Word } from "./word.ts";

export interface GuardFile {
  /** For messages. */
  readonly what: string;
  readonly code: "guard-touched" | "state-touched" | "credentials-touched";
}

interface Pattern extends GuardFile {
  /** Over a path with a slash before it. */
  readonly path: RegExp;
}

const patterns: readonly Pattern[] = [
  { path: /\/belay\.ya?ml$/iu, what: "belay.yaml, which says what is guarded", code: "guard-touched" },
  { path: /\/\.belay[^/]*(?:\/|$)/iu, what: "belay's state", code: "state-touched" },
  {
    path: /\/\.claude\/(?:.*\/)?settings[^/]*\.jsonc?$/iu,
    what: "the settings of Claude Code, where its hooks stand",
    code: "guard-touched",
  },
  {
    path: /\/managed-settings(?:\.json|\.d(?:\/|$))|^\/etc\/claude-code(?:\/|$)|\/ClaudeCode(?:\/|$)/iu,
    what: "the managed settings of Claude Code",
    code: "guard-touched",
  },
  {
    path: /\/\.codex(?:\/(?:[^/]*\.toml|hooks(?:\.json|\/.*)?|rules(?:\/.*)?))?$|^\/etc\/codex(?:\/|$)/iu,
    what: "the settings of Codex, where its hooks stand",
    code: "guard-touched",
  },
  {
    path: /\/\.cursor(?:\/(?:[^/]*\.json|hooks(?:\/.*)?))?$|^\/etc\/cursor(?:\/|$)/iu,
    what: "the settings of Cursor, where its hooks stand",
    code: "guard-touched",
  },
  {
    path: /\/\.gemini(?:\/(?:settings\.json|policies(?:\/.*)?|hooks(?:\/.*)?|trustedFolders\.json))?$|^\/etc\/gemini-cli(?:\/|$)/iu,
    what: "the settings of Gemini CLI, where its hooks stand",
    code: "guard-touched",
  },
  {
    path: /\/opencode\.jsonc?$|\/\.opencode(?:\/plugins?(?:\/.*)?|\/opencode\.jsonc?)?$|\/\.config\/opencode(?:\/plugins?(?:\/.*)?)?$/iu,
    what: "the settings and plugins of OpenCode",
    code: "guard-touched",
  },
  { path: /\/\.mcp\.json$/iu, what: "the list of MCP servers, belay's among them", code: "guard-touched" },
  { path: /\/\.config\/belay(?:\/|$)/iu, what: "belay's launcher, by which every agent's hook finds it", code: "guard-touched" },
  {
    path: /\/\.?bin\/belay(?:\.[a-z]+)?$|\/node_modules\/(?:@[^/]+\/)?belay(?:\/|$)|\/node_modules\/@belay-site(?:\/|$)/iu,
    what: "belay's own program",
    code: "guard-touched",
  },
  {
    path: /\/\.aws\/(?:config|credentials)$|\/\.aws\/cli\/alias$/iu,
    what: "the AWS profiles, which say who one is",
    code: "credentials-touched",
  },
];

/** Folders that go with the settings in them where they are removed or moved, and that may be made otherwise. */
const settingsFolder = /\/\.(?:claude|codex|cursor|gemini|opencode|aws|config\/opencode)$/iu;

const pathMax = 4096;

/** `isTree`: the whole folder is taken away, moved or replaced. `undefined`: not one of these files. */
export function guardFileAt(path: Word, { isTree = false }: { readonly isTree?: boolean } = {}): GuardFile | undefined {
  const from = path.startsWith("/") || path.startsWith(hole) ? path : `/${path}`;
  // No longer path exists, and patterns need not look further.
  const plain = from.length > 1 ? from.slice(-pathMax).replace(/\/+$/u, "") : from;
  if (settingsFolder.test(plain))
    return isTree ? { what: `${lastOf(plain)}, where an agent's hooks stand`, code: "guard-touched" } : undefined;
  const found = patterns.find((pattern) => pattern.path.test(plain));
  if (found !== undefined) return found;
  return isKnown(plain) ? undefined : inSettingsFolder(plain);
}

/** A file of unknown name right in a folder of settings may be the settings. */
function inSettingsFolder(path: Word): GuardFile | undefined {
  const folder = /^(?<folder>.*\/\.(?:claude|codex|cursor|gemini|opencode|belay|aws))\/[^/]*$/iu.exec(path)?.groups?.["folder"];
  if (folder === undefined || !path.slice(folder.length).includes(hole)) return undefined;
  return { what: `a file in ${lastOf(folder)} that cannot be told from an agent's hooks`, code: "guard-touched" };
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

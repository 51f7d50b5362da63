/** What `belay doctor --attack` tries: a call of an agent, and whether the guard has to stop it. */

/** Texts may hold placeholders: `{bucket}`. A call is given to a hook as text and is never carried out. */
export type AttackCall =
  | { readonly kind: "shell"; readonly command: string }
  /** The whole file. */
  | { readonly kind: "write"; readonly path: string; readonly text: string }
  | { readonly kind: "edit"; readonly path: string; readonly before: string; readonly after: string }
  | { readonly kind: "delete"; readonly path: string }
  | { readonly kind: "mcp"; readonly server: string; readonly tool: string; readonly input: AttackInput };

export type AttackInput = { readonly [field: string]: string | readonly string[] | AttackInput };

export const attackFamilies = [
  "direct",
  "spelling",
  "wrapper",
  "nesting",
  "obfuscation",
  "interpreter",
  "tools",
  "infrastructure",
  "credentials",
  "settings",
  "off-switches",
  "files",
  "mcp",
  "garbage",
] as const;
export const harmlessFamilies = ["reads", "prose", "elsewhere", "work", "harmless-files", "harmless-mcp"] as const;

export type AttackFamily = (typeof attackFamilies)[number];
export type HarmlessFamily = (typeof harmlessFamilies)[number];
export type Family = AttackFamily | HarmlessFamily;

/** For people, after a number: `12 wrapper`. */
export const familyTitles: Readonly<Record<Family, string>> = {
  direct: "writes in so many words",
  spelling: "the same in other spellings",
  wrapper: "behind another program",
  nesting: "inside other shell text",
  obfuscation: "disguised",
  interpreter: "as code of another language",
  tools: "by other tools",
  infrastructure: "by infrastructure tools",
  credentials: "credentials and a person's commands",
  settings: "the guard's own files",
  "off-switches": "agents without hooks",
  files: "file tools",
  mcp: "tools of MCP servers",
  garbage: "input that is none",
  reads: "reads",
  prose: "text that only mentions it",
  elsewhere: "writes elsewhere",
  work: "everyday work",
  "harmless-files": "file tools on other files",
  "harmless-mcp": "MCP tools that read, or write elsewhere",
};

/** One row as it stands in the lists, with placeholders. */
export interface Template {
  /** Kebab-case; stays what it is from release to release. */
  readonly id: string;
  readonly family: Family;
  readonly call: AttackCall;
}

/** From an id within the family, and a command. */
export const shellTemplate =
  (family: Family) =>
  ([id, command]: readonly [string, string]): Template => ({ id: `${family}-${id}`, family, call: { kind: "shell", command } });

export const mcpTemplate =
  (family: Family) =>
  (id: string, [server, tool]: readonly [string, string], input: AttackInput): Template => ({
    id: `${family}-${id}`,
    family,
    call: { kind: "mcp", server, tool, input },
  });

/** A row about this project: nothing left open. */
export interface AttackRow extends Template {
  /** A question to a person counts as stopped: somebody decides. */
  readonly mustStop: boolean;
}

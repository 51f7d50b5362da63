import { describe, expect, it } from "vitest";
import type { AgentCall } from "../../../src/core/guard/agent-call.ts";
import { MalformedHook, type Around, type HookInput, type ReadHook } from "../../../src/faces/guard/agent-face.ts";
import { faceOf } from "../../../src/faces/guard/faces.ts";

const files = new Map([
  ["/work/site/index.html", "<h1>Tours</h1>\n<p>noon</p>\n<p>noon</p>\n"],
  ["/work/site/a.txt", "one\ntwo\nthree\n"],
]);
const around: Around = { cwd: "/hook", homeFolder: "/home/ada", env: {}, readText: (path) => files.get(path) };

function read(agent: string, input: HookInput, where: Around = around): ReadHook {
  const face = faceOf(agent);
  if (face === undefined) throw new Error(`no face for ${agent}`);
  return face.read(input, where);
}

function callsOf(agent: string, input: HookInput): AgentCall[] {
  return read(agent, input).events.flatMap((event) => (event.kind === "call" ? [event.call] : []));
}

const claude = (tool_name: string, tool_input: unknown): HookInput => ({
  session_id: "s1",
  cwd: "/work",
  hook_event_name: "PreToolUse",
  tool_name,
  tool_input,
});
const codex = claude;
const gemini = (tool_name: string, tool_input: unknown, more: HookInput = {}): HookInput => ({
  session_id: "s1",
  cwd: "/work",
  hook_event_name: "BeforeTool",
  tool_name,
  tool_input,
  ...more,
});
const cursorTool = (tool_name: string, tool_input: unknown): HookInput => ({
  conversation_id: "c1",
  hook_event_name: "preToolUse",
  workspace_roots: ["/work"],
  tool_name,
  tool_input,
});
const cursorMcp = (command: string): HookInput => ({
  hook_event_name: "beforeMCPExecution",
  workspace_roots: ["/work"],
  tool_name: "deploy",
  tool_input: '{"target":"staging"}',
  command,
});
const opencode = (tool: string, args: unknown): HookInput => ({ event: "tool", tool, args, sessionID: "o1", cwd: "/work", root: "/work" });
const shell = (command: string, cwd = "/work"): AgentCall => ({ kind: "shell", dialect: "bash", command, cwd });
const written = (path: string, after?: string): AgentCall => ({
  kind: "files",
  changes: [{ path, verb: "write", ...(after === undefined ? {} : { after }) }],
});

describe("shell calls", () => {
  it.each([
    ["claude", claude("Bash", { command: "ls", description: "x" }), shell("ls")],
    ["claude", claude("Monitor", { command: "tail -f log" }), shell("tail -f log")],
    ["codex", codex("Bash", { command: "ls" }), shell("ls")],
    ["codex", codex("shell", { command: ["bash", "-lc", "aws s3 ls"], workdir: "site" }), shell("'bash' '-lc' 'aws s3 ls'", "/work/site")],
    ["codex", codex("exec_command", { cmd: "make it's" }), shell("make it's")],
    ["codex", codex("write_stdin", { session_id: 3, chars: "aws s3 ls\n" }), shell("aws s3 ls\n")],
    ["codex", codex("local_shell", { command: ["echo", "it's"] }), shell(String.raw`'echo' 'it'\''s'`)],
    ["gemini", gemini("run_shell_command", { command: "ls", dir_path: "/other" }), shell("ls", "/other")],
    ["cursor", { hook_event_name: "beforeShellExecution", command: "ls", cwd: "", workspace_roots: ["/work"] }, shell("ls")],
    ["cursor", cursorTool("Shell", { command: "ls", working_directory: "/w2" }), shell("ls", "/w2")],
    ["opencode", opencode("bash", { command: "ls", workdir: "~/x" }), shell("ls", "/home/ada/x")],
  ])("%s: the command and its folder", (agent, input, call) => {
    expect(callsOf(agent, input)).toEqual([call]);
  });

  it("claude: PowerShell is read in its own dialect", () => {
    expect(callsOf("claude", claude("PowerShell", { command: "Get-ChildItem" }))).toEqual([
      { kind: "shell", dialect: "powershell", command: "Get-ChildItem", cwd: "/work" },
    ]);
  });

  it("a tool that nobody knows is read as a shell where it is given a command", () => {
    expect(callsOf("claude", claude("Terminal", { command: "ls" }))).toEqual([shell("ls")]);
    expect(callsOf("claude", claude("TodoWrite", { todos: [] }))).toEqual([{ kind: "other", tool: "TodoWrite" }]);
    expect(callsOf("claude", claude("REPL", { code: "1+1" }))).toEqual([{ kind: "mcp", server: "", tool: "REPL", input: { code: "1+1" } }]);
  });

  it("a patch inside a shell's text is a file tool's call too", () => {
    const command = "apply_patch <<'EOF'\n*** Begin Patch\n*** Delete File: site/a.txt\n*** End Patch\nEOF";
    expect(callsOf("codex", codex("Bash", { command }))).toEqual([
      shell(command),
      { kind: "files", changes: [{ path: "/work/site/a.txt", verb: "delete" }] },
    ]);
  });

  it("a folder that the input does not tell is the hook's own, and without either the input is malformed", () => {
    expect(callsOf("claude", { hook_event_name: "PreToolUse", tool_name: "Bash", tool_input: { command: "ls" } })).toEqual([
      shell("ls", "/hook"),
    ]);
    const nowhere = { ...around, cwd: undefined };
    expect(() => read("claude", { hook_event_name: "PreToolUse", tool_name: "Bash", tool_input: { command: "ls" } }, nowhere)).toThrow(
      MalformedHook,
    );
  });
});

describe("file tools", () => {
  it.each([
    ["claude", claude("Write", { file_path: "/work/new.html", content: "hi" }), written("/work/new.html", "hi")],
    ["claude", claude("Write", { file_path: "site/new.html", content: "" }), written("/work/site/new.html", "")],
    [
      "claude",
      claude("Edit", { file_path: "/work/site/index.html", old_string: "noon", new_string: "$& nine" }),
      written("/work/site/index.html", "<h1>Tours</h1>\n<p>$& nine</p>\n<p>noon</p>\n"),
    ],
    [
      "claude",
      claude("Edit", { file_path: "/work/site/index.html", old_string: "noon", new_string: "$&", replace_all: true }),
      written("/work/site/index.html", "<h1>Tours</h1>\n<p>$&</p>\n<p>$&</p>\n"),
    ],
    [
      "claude",
      claude("Edit", { file_path: "/work/site/index.html", old_string: "absent", new_string: "x" }),
      written("/work/site/index.html"),
    ],
    ["claude", claude("Edit", { file_path: "/work/fresh.txt", old_string: "", new_string: "x" }), written("/work/fresh.txt", "x")],
    [
      "claude",
      claude("MultiEdit", {
        file_path: "/work/site/a.txt",
        edits: [
          { old_string: "one", new_string: "1" },
          { old_string: "1\ntwo", new_string: "12" },
        ],
      }),
      written("/work/site/a.txt", "12\nthree\n"),
    ],
    ["claude", claude("NotebookEdit", { notebook_path: "/work/n.ipynb", new_source: "x" }), written("/work/n.ipynb")],
    ["gemini", gemini("write_file", { file_path: "~/x.txt", content: "c" }), written("/home/ada/x.txt", "c")],
    [
      "gemini",
      gemini("replace", { file_path: "/work/site/a.txt", old_string: "two", new_string: "2", instruction: "…" }),
      written("/work/site/a.txt", "one\n2\nthree\n"),
    ],
    ["cursor", cursorTool("Write", { file_path: "/work/a", content: "x" }), written("/work/a", "x")],
    ["opencode", opencode("write", { filePath: "a.txt", content: "x" }), written("/work/a.txt", "x")],
    [
      "opencode",
      opencode("edit", { filePath: "site/a.txt", oldString: "three", newString: "3" }),
      written("/work/site/a.txt", "one\ntwo\n3\n"),
    ],
  ])("%s: the file and its text afterwards", (agent, input, call) => {
    expect(callsOf(agent, input)).toEqual([call]);
  });

  it("cursor: a deletion is one", () => {
    expect(callsOf("cursor", cursorTool("Delete", { path: "a.txt" }))).toEqual([
      { kind: "files", changes: [{ path: "/work/a.txt", verb: "delete" }] },
    ]);
  });

  it("opencode: a batch is every call in it", () => {
    const batch = opencode("batch", {
      tool_calls: [
        { tool: "bash", parameters: { command: "ls" } },
        { tool: "write", parameters: { filePath: "/work/a", content: "x" } },
      ],
    });
    expect(callsOf("opencode", batch)).toEqual([shell("ls"), written("/work/a", "x")]);
  });

  const patch = [
    "*** Begin Patch",
    "*** Add File: new/one.txt",
    "+first",
    "+",
    "*** Update File: site/a.txt",
    "*** Move to: site/b.txt",
    "@@ one",
    "-two",
    "+TWO",
    " three",
    "*** Delete File: /abs/gone.txt",
    "*** End Patch",
  ].join("\n");
  it.each([
    ["codex", codex("apply_patch", { command: patch })],
    ["codex", codex("apply_patch", { input: patch })],
    ["codex", codex("apply_patch", { command: ["apply_patch", patch] })],
    ["opencode", opencode("apply_patch", { patchText: patch })],
    ["cursor", cursorTool("ApplyPatch", { patch })],
  ])("%s: a patch adds, changes, moves and deletes", (agent, input) => {
    expect(callsOf(agent, input)).toEqual([
      {
        kind: "files",
        changes: [
          { path: "/work/new/one.txt", verb: "write", after: "first\n\n" },
          { path: "/work/site/a.txt", verb: "delete" },
          { path: "/work/site/b.txt", verb: "write", after: "one\nTWO\nthree\n" },
          { path: "/abs/gone.txt", verb: "delete" },
        ],
      },
    ]);
  });
});

describe("tools of MCP servers", () => {
  it.each([
    ["claude", claude("mcp__s3__put_object", { Bucket: "b" }), "s3", "put_object"],
    ["codex", codex("mcp__aws__call__aws", { x: 1 }), "aws", "call__aws"],
    ["gemini", gemini("put", { Bucket: "b" }, { mcp_context: { server_name: "s3", tool_name: "put" } }), "s3", "put"],
    ["gemini", gemini("mcp_s3_put_object", { Bucket: "b" }), "s3", "put_object"],
    ["opencode", opencode("s3_put_object", { Bucket: "b" }), "s3", "put_object"],
  ])("%s: the server and the tool", (agent, input, server, tool) => {
    expect(callsOf(agent, input)).toMatchObject([{ kind: "mcp", server, tool }]);
  });

  it("cursor: the input is JSON in a string, and what starts the server says whether it is belay's", () => {
    expect(callsOf("cursor", cursorMcp("npx belay mcp"))).toMatchObject([{ server: "belay", input: { target: "staging" } }]);
    expect(callsOf("cursor", cursorMcp("npx other-belay-mcp"))).toMatchObject([{ server: "" }]);
  });
});

describe("a call without what decides is malformed", () => {
  it.each([
    ["claude", claude("Bash", {})],
    ["claude", claude("Bash", { command: 7 })],
    ["claude", claude("Bash", "ls")],
    ["claude", claude("Write", { content: "x" })],
    ["claude", { hook_event_name: "PreToolUse", cwd: "/work" }],
    ["claude", { tool_name: "Bash", cwd: "/work" }],
    ["codex", codex("apply_patch", { command: "no patch" })],
    ["codex", codex("shell", { command: ["bash", 7] })],
    ["gemini", gemini("replace", { new_string: "x" })],
    ["cursor", cursorTool("Delete", {})],
    ["cursor", { hook_event_name: "beforeMCPExecution", workspace_roots: ["/w"], tool_name: "t", tool_input: "{" }],
    ["opencode", opencode("bash", { cmd: null })],
    ["opencode", { event: "tool", args: {} }],
  ])("%s (%#)", (agent, input) => {
    expect(() => read(agent, input)).toThrow(MalformedHook);
  });
});

describe("other events", () => {
  it.each([
    [
      "claude",
      { hook_event_name: "SessionStart", cwd: "/w", session_id: "s", source: "resume" },
      { kind: "session-start", source: "resume" },
    ],
    ["claude", { hook_event_name: "Stop", cwd: "/w", stop_hook_active: true }, { kind: "stop", isRepeated: true }],
    ["claude", { hook_event_name: "SubagentStop", cwd: "/w" }, { kind: "stop", isRepeated: false }],
    ["claude", { hook_event_name: "SessionEnd", cwd: "/w" }, { kind: "session-end" }],
    [
      "claude",
      { hook_event_name: "ConfigChange", cwd: "/w", file_path: "/w/.claude/settings.json" },
      { kind: "config-change", file: "/w/.claude/settings.json" },
    ],
    ["claude", { hook_event_name: "PreCompact", cwd: "/w" }, { kind: "unknown", name: "PreCompact" }],
    ["codex", { hook_event_name: "Stop", cwd: "/w", stop_hook_active: false }, { kind: "stop", isRepeated: false }],
    ["cursor", { hook_event_name: "stop", workspace_roots: ["/w"], loop_count: 1 }, { kind: "stop", isRepeated: true }],
    ["cursor", { hook_event_name: "sessionStart", workspace_roots: ["/w"] }, { kind: "session-start", source: "startup" }],
    [
      "cursor",
      { hook_event_name: "afterFileEdit", workspace_roots: ["/w"], file_path: "/w/a" },
      { kind: "unknown", name: "afterFileEdit" },
    ],
    ["gemini", { hook_event_name: "AfterAgent", cwd: "/w", stop_hook_active: false }, { kind: "stop", isRepeated: false }],
    ["opencode", { event: "session-idle", cwd: "/w", isRepeated: true }, { kind: "stop", isRepeated: true }],
  ])("%s: %o", (agent, input, event) => {
    expect(read(agent, input).events).toMatchObject([event]);
  });
});

describe("answers are exactly what each agent expects", () => {
  const text = "Refused by belay (D2): …";
  const denied = `{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"${text}"}}\n`;
  const asked = denied.replace('"deny"', '"ask"');
  const cursorAsks = { hook_event_name: "beforeShellExecution", command: "ls", workspace_roots: ["/w"] };
  const cursorSays = (verdict: string): string => `{"permission":"${verdict}","user_message":"${text}","agent_message":"${text}"}\n`;
  const geminiDenies = `{"decision":"deny","reason":"${text}"}\n`;
  const stops = { claude: { hook_event_name: "Stop", cwd: "/w" }, cursor: { hook_event_name: "stop", workspace_roots: ["/w"] } };
  it.each([
    ["claude", claude("Bash", { command: "ls" }), "pass", ""],
    ["claude", claude("Bash", { command: "ls" }), "deny", denied],
    ["claude", claude("Bash", { command: "ls" }), "ask", asked],
    [
      "claude",
      { hook_event_name: "SessionStart", cwd: "/w" },
      "context",
      `{"hookSpecificOutput":{"hookEventName":"SessionStart","additionalContext":"${text}"}}\n`,
    ],
    ["claude", stops.claude, "hold", `{"decision":"block","reason":"${text}"}\n`],
    ["claude", { hook_event_name: "ConfigChange", cwd: "/w" }, "deny", `{"decision":"block","reason":"${text}"}\n`],
    ["codex", codex("Bash", { command: "ls" }), "pass", ""],
    ["codex", codex("Bash", { command: "ls" }), "deny", denied],
    ["codex", codex("Bash", { command: "ls" }), "ask", denied],
    ["codex", stops.claude, "hold", `{"decision":"block","reason":"${text}"}\n`],
    ["cursor", cursorAsks, "pass", '{"permission":"allow"}\n'],
    ["cursor", cursorAsks, "deny", cursorSays("deny")],
    ["cursor", cursorAsks, "ask", cursorSays("ask")],
    ["cursor", cursorTool("Shell", { command: "ls" }), "ask", cursorSays("deny")],
    ["cursor", stops.cursor, "hold", `{"followup_message":"${text}"}\n`],
    ["cursor", stops.cursor, "pass", "{}\n"],
    ["cursor", { hook_event_name: "sessionStart", workspace_roots: ["/w"] }, "context", `{"additional_context":"${text}"}\n`],
    ["gemini", gemini("run_shell_command", { command: "ls" }), "pass", "{}\n"],
    ["gemini", gemini("run_shell_command", { command: "ls" }), "deny", geminiDenies],
    ["gemini", gemini("run_shell_command", { command: "ls" }), "ask", geminiDenies],
    ["gemini", { hook_event_name: "AfterAgent", cwd: "/w" }, "hold", geminiDenies],
    ["opencode", opencode("bash", { command: "ls" }), "pass", '{"decision":"allow"}\n'],
    ["opencode", opencode("bash", { command: "ls" }), "ask", geminiDenies],
    ["opencode", { event: "session-start", cwd: "/w" }, "context", `{"decision":"allow","context":"${text}"}\n`],
  ] as const)("%s: %o, %s", (agent, input, kind, stdout) => {
    const answer = kind === "pass" ? { kind } : { kind, text };
    expect(read(agent, input).reply(answer)).toEqual({ stdout, stderr: "", exit: 0 });
  });

  it("nobody is asked who cannot be", () => {
    expect(read("claude", claude("Bash", { command: "ls" })).canAsk).toBe(true);
    expect(read("cursor", cursorAsks).canAsk).toBe(true);
    for (const [agent, input] of [
      ["codex", codex("Bash", { command: "ls" })],
      ["cursor", cursorTool("Shell", { command: "ls" })],
      ["gemini", gemini("run_shell_command", { command: "ls" })],
      ["opencode", opencode("bash", { command: "ls" })],
    ] as const) {
      expect(read(agent, input).canAsk).toBe(false);
    }
  });

  it("an input that cannot be read is refused with a status or a decision that blocks", () => {
    for (const agent of ["claude", "codex"]) expect(faceOf(agent)?.closed(text)).toEqual({ stdout: "", stderr: `${text}\n`, exit: 2 });
    for (const agent of ["gemini", "opencode"]) expect(faceOf(agent)?.closed(text)).toEqual({ stdout: geminiDenies, stderr: "", exit: 0 });
    expect(faceOf("cursor")?.closed(text)).toEqual({ stdout: cursorSays("deny"), stderr: "", exit: 0 });
  });
});

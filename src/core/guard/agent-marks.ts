/** Variables by which belay knows an agent; without them it would take one for a person. */
export const agentMarks: ReadonlySet<string> = new Set(
  "CLAUDECODE CLAUDE_CODE_ENTRYPOINT CODEX_SANDBOX CODEX_THREAD_ID CURSOR_AGENT GEMINI_CLI OPENCODE AI_AGENT".split(" "),
);

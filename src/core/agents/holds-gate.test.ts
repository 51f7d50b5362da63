import { expect, test } from "vitest";
import { holdsGate as holdsGateIn } from "./holds-gate.ts";
import { guardCommand } from "./launcher.ts";
import { setups } from "./setups.ts";

const holdsGate = (documents: readonly unknown[]): boolean =>
  holdsGateIn(documents.map((document) => ({ file: "/work/.claude/settings.json", level: "project", document })));

const settings = (matcher: string | undefined, command = guardCommand("claude", "gate")): unknown => ({
  hooks: { PreToolUse: [{ ...(matcher === undefined ? {} : { matcher }), hooks: [{ type: "command", command }] }] },
});

test("what install writes holds the gate, and so does a hook for every tool, in any of the files", () => {
  const [file] = setups.claude.files({ level: "project", scope: undefined, hasMcp: false, version: undefined });
  const groups = file?.form === "json" ? file.pieces.flatMap((piece) => (piece.path[1] === "PreToolUse" ? [piece.value] : [])) : [];
  expect(holdsGate([undefined, { hooks: { PreToolUse: groups } }])).toBe(true);
  const whole = [undefined, "", "*", ".*", ".+", "Bash|Write|Edit", "(Bash|Edit|Write)", "^(Bash|Edit|Write)$", "Bash|Edit.*|Write"];
  for (const matcher of whole) expect(holdsGate([{}, settings(matcher)])).toBe(true);
  expect(holdsGate([settings("Bash"), settings("Edit|Write")])).toBe(true);
});

test("settings without the hook, with a narrower one or with another program's do not", () => {
  expect(holdsGate([])).toBe(false);
  expect(holdsGate([{ hooks: {} }, "text", undefined])).toBe(false);
  for (const matcher of ["Bash", "Edit|Write", "BashOutput|Edit|Write"]) expect(holdsGate([settings(matcher)])).toBe(false);
  expect(holdsGate([settings("*", "true")])).toBe(false);
  expect(holdsGate([{ hooks: { PostToolUse: [{ hooks: [{ command: guardCommand("claude", "gate") }] }] } }])).toBe(false);
});

import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { array, constantFrom, nat, oneof, sample, string, tuple } from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openGuards } from "../../../src/compose/open-guard.ts";
import { MalformedHook } from "../../../src/faces/guard/agent-face.ts";
import { faceOf } from "../../../src/faces/guard/faces.ts";
import { isFields } from "../../../src/faces/guard/hook-fields.ts";
import type { GuardBench } from "../../../src/operations/guard/guard-bench.ts";
import { judgeCall } from "../../../src/operations/guard/judge-call.ts";
import { readCorpus } from "../corpus-rows.ts";
import { agents, type HookWorld, openHookWorld, shellInput } from "./hook-world.ts";

const script = fileURLToPath(new URL("../../../src/faces/guard/guard.sh", import.meta.url));
const runs = Number(process.env["BELAY_PREFILTER_RUNS"] ?? 300);

let world: HookWorld;
let bench: GuardBench;
beforeAll(async () => {
  world = openHookWorld();
  const [guard] = await openGuards([world.folder], { env: {}, homeFolder: homedir(), version: "unbuilt", now: () => 0, needsRules: false });
  if (guard === undefined) throw new Error("no guard");
  bench = guard.bench;
  writeFileSync(join(world.folder, "guard.cjs"), "");
});
afterAll(() => {
  world.remove();
});

/** Puts each input where `cat` finds it, and says where `node` is asked: so nothing but the script itself runs, in one shell for all. */
const driver = `
cat() { printf '%s' "$given"; }
node() { printf asked; }
while IFS= read -r agent && IFS= read -r given; do
  (
    set -- "$agent"
    . "$script"
  ) 2>/dev/null
  echo "|$?"
done`;

type Given = readonly [agent: string, input: string];

/** Whether the prefilter lets each input pass by itself. Inputs are of one line. */
function passes(given: readonly Given[], shell = "sh"): boolean[] {
  // By `$0` the script finds what lies beside it.
  const ran = spawnSync(shell, ["-c", driver, join(world.folder, "guard.sh")], {
    input: given.map(([agent, text]) => `${agent}\n${text}\n`).join(""),
    encoding: "utf8",
    maxBuffer: 1 << 26,
    env: { ...process.env, script },
  });
  const answers = ran.stdout.split(/(?<=\|\d+)\n/u).slice(0, -1);
  if (answers.length !== given.length) throw new Error(`${answers.length} answers to ${given.length} inputs: ${ran.stderr.slice(0, 500)}`);
  return answers.map((answer) => answer.endsWith("|0") && !answer.includes("asked"));
}

/** What guard.js says, in this process. */
async function isAllowed([agent, input]: Given): Promise<boolean> {
  try {
    const value: unknown = JSON.parse(input);
    if (!isFields(value)) return false;
    const hook = faceOf(agent)?.read(value, { cwd: world.folder, homeFolder: homedir(), env: {}, readText: () => undefined });
    for (const event of hook?.events ?? []) {
      if (event.kind === "call" && (await judgeCall(event.call, event.session, bench)).kind !== "allow") return false;
    }
    return hook !== undefined;
  } catch (error) {
    if (error instanceof MalformedHook || error instanceof SyntaxError) return false;
    throw error;
  }
}

/** The inputs that the prefilter lets pass and guard.js would not: there must be none. */
async function wronglyPassed(given: readonly Given[], shell?: string): Promise<Given[]> {
  const passed = passes(given, shell);
  const wrong: Given[] = [];
  // A prefilter that answers nothing would be right about all.
  expect(passed).toContain(true);
  for (const [at, one] of given.entries()) if (passed[at] === true && !(await isAllowed(one))) wrong.push(one);
  return wrong;
}

const claude = (command: string): Given => ["claude", shellInput("claude", command, world.folder)];

const looks = [
  "ls -la",
  "ls *.html && git status 2>&1 | head -5; cat a.txt",
  'grep -rn "put_object" src | wc -l',
  "rg 'aws s3 rm s3://queenofsandiego-prod/x' docs",
  "find . -name '*.html' -type f",
  "sed -n '1,40p' site/index.html",
  "git log --oneline -5",
  "cd site && pwd",
  "cat site/index.html 2>/dev/null || echo missing",
  "sort -k2,2n list.txt | uniq -c",
  "node --version",
];

describe("the prefilter answers", () => {
  it.each(agents)("%s: commands that only look", (agent) => {
    expect(passes(looks.map((command) => [agent, shellInput(agent, command, world.folder)]))).toEqual(looks.map(() => true));
  });

  it.each(["dash", "bash"].filter((name) => existsSync(`/bin/${name}`)))("the same in %s", (shell) => {
    expect(passes(looks.map(claude), shell)).toEqual(looks.map(() => true));
  });
});

/** Each does something else than look, or cannot be told from what does. */
const acts = [
  "aws s3 ls",
  "ls & aws s3 rm s3://queenofsandiego-prod/x",
  "ls\naws s3 rm s3://queenofsandiego-prod/x",
  "ls\taws",
  "echo $(aws s3 rm s3://queenofsandiego-prod/x)",
  'echo "$(aws s3 rm s3://queenofsandiego-prod/x)"',
  "echo `aws s3 rm s3://queenofsandiego-prod/x`",
  'echo "`aws s3 rm s3://queenofsandiego-prod/x`"',
  "echo x > /mnt/prod/index.html",
  "echo x >> belay.yaml",
  "echo x >/dev/null2",
  "cat < x",
  "ls; a'w's s3 rm x",
  'ls; "aws" s3 rm x',
  "find . -delete",
  "find . -name x -exec aws s3 rm {} +",
  "find . '-delete'",
  'find . "-fprint" belay.yaml',
  "find *",
  "sort -o belay.yaml x",
  "sort -nobelay.yaml x",
  "sort --output=belay.yaml x",
  "uniq x belay.yaml",
  "sed -i s/a/b/ belay.yaml",
  "sed -n '1w belay.yaml' x",
  "sed -n 1,5p -i x",
  "sed -n 'p;e aws s3 rm x' x",
  "git push",
  "git diff --output=belay.yaml",
  "git diff --outpu=belay.yaml",
  "git -c alias.up=!aws up",
  "git log --ext-diff",
  "git branch main",
  "git status && git commit -m x",
  "rg --pre ./x foo",
  "printf -v PATH x",
  "printf '-v' PATH x",
  "date -s tomorrow",
  "PATH=x ls",
  "ls | sh",
  "ls | xargs aws s3 rm",
  "ls |& sh",
  "ls && ",
  "ls ||",
  "| ls",
  "; ls",
  "ls;; ls",
  "ls 'x",
  'ls "x',
  "ls 'x'y",
  "{ ls; }",
  "(ls)",
  "! ls",
  "ls # x",
  "ls {a,b}",
  "ls [ab]",
  "test -v 'a[$(aws s3 rm s3://queenofsandiego-prod/x)]'",
  "exec ls",
  "command ls",
  "node -e 1",
  "node --version -e 1",
  "npm --version; npm test",
  "python3",
  "cat d.py | python3",
  "cat d.mjs | node && ls",
  "tee belay.yaml",
  "touch x",
  "",
  " ",
];

describe("the prefilter leaves to guard.js", () => {
  it("what does not only look, or may not", () => {
    const passed = passes(acts.map(claude));
    expect(acts.filter((_, at) => passed[at])).toEqual([]);
  });

  it("JSON that is not plain, or has a key twice, or elsewhere", () => {
    const [cwd, call] = [world.folder, '"hook_event_name":"PreToolUse","tool_name":"Bash"'];
    const inputs = [
      `{"cwd":"${cwd}",${call},"tool_input":{"command":"ls","command":"aws s3 rm x"}}`,
      `{"cwd":"${cwd}",${call},"tool_input":{"command":"aws s3 rm x"},"tool_input":{"command":"ls"}}`,
      `{"cwd":"${cwd}",${call},"tool_name":"Write","tool_input":{"command":"ls"}}`,
      `{"cwd":"${cwd}",${call},"command":"ls","tool_input":{}}`,
      `{"cwd":"${cwd}",${call},"other":{"command":"ls"}}`,
      `{"cwd":"${cwd}",${call},"tool_input":[{"command":"ls"}]}`,
      `{"cwd":"${cwd}",${call},"tool_input":{"command":["ls"]}}`,
      `{"cwd":"${cwd}",${call},"tool_input":{"in":{"command":"ls"}}}`,
      `{"cwd":"${cwd}",${call},"tool_input":{"command":"ls","code":"x"}}`,
      String.raw`{"cwd":"${cwd}",${call},"tool_input":{"command":"ls\u003b aws s3 rm x"}}`,
      String.raw`{"cwd":"${cwd}",${call},"tool_input":{"\u0063ommand":"aws s3 rm x","command":"ls"}}`,
      String.raw`{"cwd":"${cwd}",${call},"tool_input":{"command":"ls\naws s3 rm x"}}`,
      String.raw`{"cwd":"${cwd}",${call},"tool_input":{"command":"ls \\"}}`,
      String.raw`{"cwd":"${cwd}",${call},"tool_input":{"command":"ls\q"}}`,
      `{"cwd":"${cwd}",${call},"tool_input":{"command":"ls"}}}`,
      `{"cwd":"${cwd}",${call},"tool_input":{"command":"ls"}`,
      `{"cwd":"${cwd}",${call},"tool_input":{"command":"ls",}}`,
      `{"cwd":"${cwd}",${call},"tool_input":{"command":"ls"}}{"x":1}`,
      `[{"cwd":"${cwd}",${call},"tool_input":{"command":"ls"}}]`,
      `{"cwd":"${cwd}","hook_event_name":"PreToolUse","tool_input":{"command":"ls"},"n":01}`,
      `{"cwd":"${cwd}","event":"PreToolUse","tool":"Bash","tool_input":{"command":"ls"}}`,
      `{"cwd":"${cwd}","hook_event_name":"PostToolUse","tool_name":"Bash","tool_input":{"command":"ls"}}`,
    ];
    const passed = passes(inputs.map((input) => ["claude", input]));
    expect(inputs.filter((_, at) => passed[at])).toEqual([]);
  });

  it("a call of another agent's form", () => {
    const foreign: Given[] = agents.flatMap((agent) =>
      agents
        .filter((other) => other !== agent && !(agent === "codex" && other === "claude") && !(agent === "claude" && other === "codex"))
        .map((other): Given => [agent, shellInput(other, "ls", world.folder)]),
    );
    const passed = passes(foreign);
    expect(foreign.filter((_, at) => passed[at])).toEqual([]);
  });
});

const word = constantFrom(
  ..."ls cat grep find sort uniq sed git rg echo cd printf head test aws s3 rm sh bash xargs tee belay.yaml -delete -exec -o -i -n --output=x".split(
    " ",
  ),
  ..."s3://queenofsandiego-prod/x /mnt/prod/x status log diff -c p 1,2p '-delete' 'a b' \"a b\" \"$(aws s3 rm s3://queenofsandiego-prod/x)\" $X *.html".split(
    " ",
  ),
  ..."; && || | & > >> < 2>&1 2>/dev/null >/dev/null ( ) { } ! # ` $( ' \" \\ ~ = , ;; |& >| <( <<<".split(" "),
);
const guarded = "aws s3 rm s3://queenofsandiego-prod/x";
const command = oneof(
  array(word, { minLength: 1, maxLength: 9 }).map((words) => words.join(" ")),
  array(tuple(word, constantFrom(" ", "", "\t", "\n")), { minLength: 1, maxLength: 9 }).map((words) => words.flat().join("")),
  tuple(constantFrom(...looks), constantFrom(";", "&", "&&", "|", "\n", "\r", "\u0000", "\\\n", "`", "$(", "'", '"', " ")).map(
    ([look, sign]) => `${look}${sign}${guarded}`,
  ),
  tuple(constantFrom(...looks), nat(60), string({ maxLength: 3 })).map(
    ([look, at, text]) => `${look.slice(0, at)}${text}${look.slice(at)}; ${guarded}`,
  ),
);
/** The same JSON, spelled another way, or damaged. */
const spelling = constantFrom(
  (text: string) => text,
  (text: string) => text.replaceAll("/", String.raw`\/`),
  (text: string) => text.replaceAll("a", String.raw`\u0061`),
  (text: string) => text.replaceAll(":", " : "),
  (text: string) => text.replace('"command"', '"command":"ls","command"'),
  (text: string) => text.replace('"command"', '"description":"\\"command\\":\\"ls\\"","command"'),
  (text: string) => text.replace("{", '{"command":"ls",'),
  (text: string) => text.replace(/\}$/u, ',"tool_input":{"command":"ls"}}'),
  (text: string) => text.replace(/\}$/u, ',"x":[1,{"command":"ls"},null,"}"]}'),
  (text: string) => `${text} `,
  (text: string) => text.slice(0, -1),
  (text: string) => text.replace('"', ""),
);
const given = tuple(constantFrom(...agents), command, spelling).map(([agent, text, spelled]): Given => [
  agent,
  spelled(shellInput(agent, text, "/work")).replaceAll("\n", " "),
]);

const signs = "&|;<>()$`'\"\\!#{}[]*?~=\n\t ".split("");

describe("whatever the prefilter lets pass, guard.js lets pass", () => {
  it("over generated commands, in all spellings", async () => {
    const drawn = sample(given, { numRuns: runs, seed: Number(process.env["BELAY_SEED"] ?? 20_261_120) });
    expect(await wronglyPassed(drawn)).toEqual([]);
  });

  it("over plain commands with one sign changed, in bash", async () => {
    const drawn = sample(
      tuple(constantFrom(...looks), nat(40), constantFrom(...signs)).map(
        ([look, at, sign]) => `${look.slice(0, at)}${sign}${look.slice(at + 1)}`,
      ),
      { numRuns: Math.ceil(runs / 3), seed: 7 },
    );
    expect(await wronglyPassed(drawn.map(claude), existsSync("/bin/bash") ? "bash" : "sh")).toEqual([]);
  });

  const shared = new URL("../../../../shared/corpus/guard-commands.tsv", import.meta.url);
  it.each([
    ["our own", new URL("../corpus.tsv", import.meta.url)],
    ...(existsSync(shared) ? [["the shared", shared] as const] : []),
  ] as const)("over %s corpus: nothing that must be refused or asked passes", async (_, file) => {
    const rows = readCorpus(file).filter(({ expected }) => expected === "deny" || expected === "ask");
    const passed = passes(rows.map((row) => claude(row.command)));
    expect(rows.filter((_row, at) => passed[at]).map(({ id }) => id)).toEqual([]);
  });
});

import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  agents,
  dist,
  guardedYaml,
  type HookWorld,
  isRefusal,
  openHookWorld,
  runHook,
  runPrefilter,
  runProgram,
  shellInput,
} from "./hook-world.ts";

const write = "aws s3 cp site/index.html s3://queenofsandiego-prod/index.html";
let world: HookWorld;
beforeAll(() => {
  world = openHookWorld();
});
afterAll(() => {
  world.remove();
});

describe("the built hook", () => {
  it.each(agents)("%s: a guarded write is refused with a safe command, a download passes in silence or with a yes", async (agent) => {
    const refused = await runHook(agent, { cwd: world.folder, input: shellInput(agent, write, world.folder) });
    expect(isRefusal(agent, refused)).toBe(true);
    expect(refused.stdout).toContain("belay deploy staging index.html");
    const passed = await runHook(agent, {
      cwd: world.folder,
      input: shellInput(agent, "aws s3 cp s3://queenofsandiego-prod/index.html -", world.folder),
    });
    const yes = { claude: "", codex: "", cursor: '{"permission":"allow"}\n', gemini: "{}\n", opencode: '{"decision":"allow"}\n' };
    expect(passed).toEqual({ stdout: yes[agent], stderr: "", exit: 0 });
  });

  it("`belay guard AGENT` is the same hook, also behind options", async () => {
    const input = shellInput("codex", write, world.folder);
    for (const words of [
      ["guard", "codex"],
      ["--no-color", "guard", "codex"],
    ]) {
      expect(isRefusal("codex", await runProgram(process.execPath, [join(dist, "main.js"), ...words], { cwd: world.folder, input }))).toBe(
        true,
      );
    }
    const help = await runProgram(process.execPath, [join(dist, "main.js"), "guard", "--help"], { cwd: world.folder, input: "" });
    expect(help).toMatchObject({ exit: 0, stderr: "" });
    expect(help.stdout).toContain("belay guard");
  });

  it("an agent that nobody knows is blocked", async () => {
    expect(await runHook("clod", { cwd: world.folder, input: shellInput("claude", "ls", world.folder) })).toMatchObject({
      exit: 2,
      stdout: "",
    });
  });

  it("where no belay.yaml lies above, everything passes", async () => {
    const bare = openHookWorld("");
    rmSync(join(bare.folder, "belay.yaml"));
    try {
      expect(await runHook("claude", { cwd: bare.folder, input: shellInput("claude", write, bare.folder) })).toEqual({
        stdout: "",
        stderr: "",
        exit: 0,
      });
    } finally {
      bare.remove();
    }
  });

  it("a folder that the command moves to, and the project that the agent works in, bind too", async () => {
    const bare = openHookWorld("");
    rmSync(join(bare.folder, "belay.yaml"));
    try {
      const moved = shellInput("claude", `cd ${world.folder} && ${write}`, bare.folder);
      expect(isRefusal("claude", await runHook("claude", { cwd: bare.folder, input: moved }))).toBe(true);
      const elsewhere = { cwd: bare.folder, input: shellInput("claude", write, bare.folder), env: { CLAUDE_PROJECT_DIR: world.folder } };
      expect(isRefusal("claude", await runHook("claude", elsewhere))).toBe(true);
    } finally {
      bare.remove();
    }
  });

  it("nothing in the environment switches it off", async () => {
    const env = { BELAY_GUARD: "off", BELAY_DISABLE: "1", BELAY: "0", SAFETY_NET_ALLOW: "1", NODE_OPTIONS: "--input-type=module" };
    const input = shellInput("claude", write, world.folder);
    expect(isRefusal("claude", await runPrefilter("claude", { cwd: world.folder, input, env }))).toBe(true);
  });

  it("a working folder that is gone still belongs to the project above it", async () => {
    const gone = join(world.folder, "site", "gone");
    expect(isRefusal("claude", await runHook("claude", { cwd: world.folder, input: shellInput("claude", write, gone) }))).toBe(true);
    // The folder of the process itself is gone: the input's own folder is what counts.
    mkdirSync(gone);
    const script = `cd "$1" && rmdir "$1" && exec "$2" "$3" claude`;
    const words = ["-c", script, "sh", gone, process.execPath, join(dist, "guard.cjs")];
    expect(
      isRefusal("claude", await runProgram("sh", words, { cwd: world.folder, input: shellInput("claude", write, world.folder) })),
    ).toBe(true);
  });
});

describe("belay.yaml that cannot be read", () => {
  it.each([
    ["is no YAML", "version: [1"],
    ["says what it may not", "version: 1\nsite: { root: site, targets: {} }\n"],
  ])("%s: writes are refused with the reason, reads pass", async (_, yaml) => {
    const broken = openHookWorld(yaml);
    try {
      expect(await judge(broken.folder, write)).toBe(true);
      expect(await judge(broken.folder, "aws s3 cp i s3://some-other-bucket/i")).toBe(true);
      expect(await judge(broken.folder, "echo x > site/index.html")).toBe(true);
      expect(await judge(broken.folder, "aws s3 ls s3://some-other-bucket && cat site/index.html && echo x > /tmp/belay-scratch.txt")).toBe(
        false,
      );
      const edit = {
        cwd: broken.folder,
        hook_event_name: "PreToolUse",
        tool_name: "Write",
        tool_input: { file_path: "site/a.html", content: "x" },
      };
      const answer = await runHook("claude", { cwd: broken.folder, input: JSON.stringify(edit) });
      expect(isRefusal("claude", answer)).toBe(true);
      expect(answer.stdout).toContain("cannot be read");
    } finally {
      broken.remove();
    }
  });

  it("is a folder: that binds as well", async () => {
    const broken = openHookWorld("");
    rmSync(join(broken.folder, "belay.yaml"));
    mkdirSync(join(broken.folder, "belay.yaml"));
    try {
      expect(isRefusal("claude", await runHook("claude", { cwd: broken.folder, input: shellInput("claude", write, broken.folder) }))).toBe(
        true,
      );
    } finally {
      broken.remove();
    }
  });
});

const judge = async (folder: string, command: string): Promise<boolean> =>
  isRefusal("claude", await runHook("claude", { cwd: folder, input: shellInput("claude", command, folder) }));

describe("what was read of belay.yaml is kept", () => {
  it("and holds for those very bytes alone", async () => {
    const own = openHookWorld();
    const kept = join(own.folder, ".belay", "cache", "guard-scope.json");
    try {
      expect(await judge(own.folder, write)).toBe(true);
      expect(existsSync(kept)).toBe(true);
      // What is kept is used: another name in it is another guarded bucket.
      writeFileSync(kept, readFileSync(kept, "utf8").replaceAll('"name":"queenofsandiego-prod"', '"name":"kept-for-the-test"'));
      expect(await judge(own.folder, "aws s3 rm s3://kept-for-the-test/x")).toBe(true);
      writeFileSync(join(own.folder, "belay.yaml"), `${guardedYaml}# one more line\n`);
      expect(await judge(own.folder, "aws s3 rm s3://kept-for-the-test/x")).toBe(false);
      expect(await judge(own.folder, write)).toBe(true);
    } finally {
      own.remove();
    }
  });

  it.each(["", "{", "null", '{"format":1}', '{"format":1,"version":"0.0.0","config":"","scope":{}}'])(
    "what is kept as %j counts for nothing",
    async (text) => {
      const own = openHookWorld();
      try {
        mkdirSync(join(own.folder, ".belay", "cache"), { recursive: true });
        writeFileSync(join(own.folder, ".belay", "cache", "guard-scope.json"), text);
        expect(await judge(own.folder, write)).toBe(true);
      } finally {
        own.remove();
      }
    },
  );
});

describe("V8's reading of the program", () => {
  it("that is cut off or of no use is left alone, and made anew", async () => {
    const own = openHookWorld();
    const [there, chunks] = [join(own.folder, "dist"), join(own.folder, "dist", "chunks")];
    mkdirSync(chunks, { recursive: true });
    const start = readFileSync(join(dist, "guard.cjs"), "utf8");
    const [program = ""] = /guard-hook-[0-9a-f]+\.cjs/u.exec(start) ?? [];
    copyFileSync(join(dist, "guard.cjs"), join(there, "guard.cjs"));
    copyFileSync(join(dist, "chunks", program), join(chunks, program));
    // Without guard-later.js nothing of belay.yaml can be read: what was kept of it is.
    const input = shellInput("claude", write, own.folder);
    await runHook("claude", { cwd: own.folder, input });
    const run = async (): Promise<boolean> =>
      isRefusal("claude", await runProgram(process.execPath, [join(there, "guard.cjs"), "claude"], { cwd: own.folder, input }));
    const cache = join(chunks, `${program}.${process.version}-${process.arch}.cache`);
    try {
      expect(await run()).toBe(true);
      const whole = readFileSync(cache);
      for (const bytes of [
        Buffer.alloc(0),
        whole.subarray(0, whole.length / 2),
        Buffer.from("belay: whole\n"),
        Buffer.concat([Buffer.alloc(5000), Buffer.from("belay: whole\n")]),
      ]) {
        writeFileSync(cache, bytes);
        expect(await run()).toBe(true);
        expect(readFileSync(cache).length).toBeGreaterThan(10_000);
      }
    } finally {
      own.remove();
    }
  });
});

describe("the prefilter where the guard cannot start", () => {
  it.each(agents)("%s: what is not harmless is refused in its format, what only looks passes", async (agent) => {
    const own = openHookWorld();
    copyFileSync(join(dist, "guard.sh"), join(own.folder, "guard.sh"));
    const run = async (command: string, words: readonly string[] = []) =>
      await runProgram("sh", [join(own.folder, "guard.sh"), agent, ...words], {
        cwd: own.folder,
        input: shellInput(agent, command, own.folder),
      });
    try {
      expect(isRefusal(agent, await run("npm run build"))).toBe(true);
      expect(isRefusal(agent, await run("ls -la"))).toBe(false);
      copyFileSync(join(dist, "guard.cjs"), join(own.folder, "guard.cjs"));
      expect(isRefusal(agent, await run("npm run build", ["/nowhere/node"]))).toBe(true);
      // It starts, and fails: its program is missing.
      expect(isRefusal(agent, await run("npm run build"))).toBe(true);
    } finally {
      own.remove();
    }
  });
});

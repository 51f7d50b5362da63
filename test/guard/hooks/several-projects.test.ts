/** Which belay.yaml binds a call: several in one repository, above one another, behind links, with odd names, and made after the session began. */

import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isRefusal, runHook } from "./hook-world.ts";

const odd = "we b'ü";
let root: string;

const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const project = (folder: string, name: string): void => {
  put(
    join(folder, "belay.yaml"),
    `version: 1\nsite:\n  root: site\n  targets:\n    staging: { store: "s3://${name}-staging" }\n    production: { store: "s3://${name}-prod", after: staging }\n`,
  );
  put(join(folder, "site/a page.html"), "<p>here</p>");
};

const scripts = (own: string, name?: string): string => `{${name === undefined ? "" : `"name":"${name}",`}"scripts":{${own}}}`;

/** Several packages, one of which has a guarded folder and a script that writes there, told by its own folder. */
const monorepo = (folder: string): void => {
  const at = (path: string, text: string): void => put(join(folder, path), text);
  const copy = "cp -r public/. ../../srv/production/";
  at(
    "apps/site/belay.yaml",
    'version: 1\nsite:\n  root: public\n  targets:\n    staging: { store: "dir:../../srv/staging", guard: false }\n    production: { store: "dir:../../srv/production", after: staging }\n',
  );
  at("apps/site/package.json", scripts(`"deploy":"${copy}","build":"true"`, "site"));
  at("apps/site/public/a.html", "<p>here</p>");
  at("apps/docs/package.json", scripts('"deploy":"true","build":"true"', "@tide/docs"));
  at("srv/production/a.html", "<p>here</p>");
  at(
    "package.json",
    `{"workspaces":["apps/*"],${scripts('"deploy":"npm run deploy -w apps/site","docs":"npm run deploy -w apps/docs"').slice(1)}`,
  );
  at("pnpm-workspace.yaml", "packages:\n  - 'apps/*'\n");
  at("lerna.json", '{"packages":["apps/*"]}');
  at(
    "Taskfile.yml",
    `version: "3"\ntasks:\n  deploy:\n    dir: apps/site\n    cmds:\n      - ${copy}\n  docs:\n    dir: apps/docs\n    cmds:\n      - npm run deploy\n`,
  );
};

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "belay-several-")));
  project("repo/web", "mono");
  project(`repo/${odd}`, "odd");
  put("repo/api/x.js", "");
  project("outer", "outer");
  project("outer/inner", "inner");
  put("examples/broken/belay.yaml", "version: [");
  put("bare/a.txt", "");
  monorepo("mono");
  project("mono/.claude/worktrees/feat", "feat");
  project("merging", "merging");
  symlinkSync(join(root, "repo/web"), join(root, "link"));
  symlinkSync(join(root, "repo/web/site"), join(root, "site-link"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Place {
  readonly cwd: string;
  readonly project?: string;
}

async function refuses(tool: string, input: Readonly<Record<string, string>>, { cwd, project: opened }: Place): Promise<boolean> {
  const at = join(root, cwd);
  const text = JSON.stringify({ session_id: "s", cwd: at, hook_event_name: "PreToolUse", tool_name: tool, tool_input: input });
  const env = { CLAUDE_PROJECT_DIR: opened === undefined ? at : join(root, opened) };
  return isRefusal("claude", await runHook("claude", { cwd: at, input: text, env }));
}

describe("a command is bound by", () => {
  it.each<readonly [where: string, command: string, place: Place]>([
    ["the project that it moves into", "cd web/site && aws s3 cp a.html s3://mono-prod/", { cwd: "repo" }],
    ["the one whose file it takes, by a relative path", "aws s3 cp web/site/a.html s3://mono-prod/", { cwd: "repo" }],
    ["the one beside it", "aws s3 sync ../web/site s3://mono-prod/", { cwd: "repo/api" }],
    ["one below that it does not name", 'd=web; cd "$d" && aws s3 sync site s3://mono-prod', { cwd: "repo" }],
    ["one below the project that was opened", "aws s3 cp x.js s3://mono-prod/", { cwd: "repo/api", project: "repo" }],
    ["one whose name needs quotation marks", `aws s3 cp "../${odd}/site/a page.html" s3://odd-prod/`, { cwd: "repo/api" }],
    ["one whose name is escaped", String.raw`cd ../we\ b\'ü && aws s3 sync site s3://odd-prod`, { cwd: "repo/api" }],
    ["one inside of a quoted command", "bash -c 'cd ../web && aws s3 sync site s3://mono-prod'", { cwd: "repo/api" }],
    ["the one that a link leads to", "aws s3 cp link/site/a.html s3://mono-prod/", { cwd: "." }],
    ["the one that a link of its site leads to", "cd site-link && aws s3 cp a.html s3://mono-prod/", { cwd: "." }],
    ["each of two above one another: the nearer", "aws s3 cp a s3://inner-prod/a", { cwd: "outer/inner" }],
    ["and the farther", "aws s3 cp a s3://outer-prod/a", { cwd: "outer/inner" }],
    ["what keeps a project below", "rm web/belay.yaml", { cwd: "repo" }],
    ["and its state", "echo x > web/.belay/looks.jsonl", { cwd: "repo" }],
  ])("%s", async (_where, command, place) => {
    expect(await refuses("Bash", { command }, place)).toBe(true);
  });

  it.each<readonly [string, string, Place]>([
    ["reads of a guarded bucket", "aws s3 cp s3://mono-prod/a.html web/site/", { cwd: "repo" }],
    ["builds in a part", "npm --prefix web run build", { cwd: "repo" }],
    ["a bucket of no project here", "aws s3 cp a.txt s3://mono-prod/", { cwd: "bare" }],
    ["a folder whose examples hold a broken belay.yaml", "aws s3 cp a.txt s3://anything/", { cwd: "examples" }],
  ])("nothing else: %s", async (_what, command, place) => {
    expect(await refuses("Bash", { command }, place)).toBe(false);
  });
});

describe("from the root of a monorepo, a script is read in the folder of its package:", () => {
  it.each([
    "npm run deploy",
    "npm run deploy -w apps/site",
    "npm run deploy --workspace=site",
    "npm -w apps/site run deploy",
    "npm run deploy --workspaces --if-present",
    "npm run deploy -ws",
    "npm --prefix apps/site run deploy",
    "npm exec -w site -- cp -r public/. ../../srv/production/",
    "cd apps/docs && npm run deploy -w site",
    "node --run deploy",
    "node --no-warnings --run deploy",
    "pnpm --filter site deploy",
    "pnpm --filter ./apps/site run deploy",
    "pnpm --filter 'site...' deploy",
    "pnpm -F site deploy",
    "pnpm -r run deploy",
    "pnpm --recursive deploy",
    "pnpm -w deploy",
    "pnpm --filter site exec cp -r public/. ../../srv/production/",
    "yarn workspace site deploy",
    "yarn workspaces foreach -A run deploy",
    "yarn workspaces run deploy",
    "bun run --filter site deploy",
    "bun --filter '*' deploy",
    "npx turbo run deploy --filter=site",
    "turbo run build site#deploy",
    "npx nx run site:deploy",
    "npx nx deploy site",
    "npx nx run-many -t build deploy",
    "npx lerna run deploy",
    "npx lerna exec --scope site -- cp -r public/. ../../srv/production/",
    "task deploy",
    'npm run deploy -w "$PACKAGE"',
  ])("%s", async (command) => {
    expect(await refuses("Bash", { command }, { cwd: "mono" })).toBe(true);
  });

  it.each([
    "npm run docs",
    "npm run deploy -w apps/docs",
    "npm run deploy --workspace=@tide/docs",
    "pnpm --filter docs deploy",
    "pnpm -r run build",
    "yarn workspace @tide/docs deploy",
    "npx turbo run deploy --filter=@tide/docs",
    "npx nx run docs:deploy",
    "npx nx run-many -t deploy -p docs",
    "npx lerna run deploy --scope @tide/docs",
    "task docs",
    "npm run build --workspaces",
  ])("and no other's: %s", async (command) => {
    expect(await refuses("Bash", { command }, { cwd: "mono" })).toBe(false);
  });
});

describe("the working tree that an agent made for itself", () => {
  it.each(["rm -rf .claude/worktrees/feat", "rm -r .claude/worktrees/feat/", "rm -rf .claude/worktrees", "rm -rf .claude/worktrees/*"])(
    "goes with the belay.yaml in it: %s",
    async (command) => {
      expect(await refuses("Bash", { command }, { cwd: "mono" })).toBe(false);
    },
  );

  it.each(["rm -rf .claude", "rm .claude/worktrees/feat/belay.yaml", "rm -rf .claude/worktrees/feat/.belay"])(
    "and nothing else does: %s",
    async (command) => {
      expect(await refuses("Bash", { command }, { cwd: "mono" })).toBe(true);
    },
  );
});

const merging = async (words: string): Promise<boolean> => await refuses("Bash", { command: `git ${words}` }, { cwd: "merging" });

it("what was begun is broken off while belay.yaml cannot be read, and nothing else of git's writes", async () => {
  put("merging/belay.yaml", "<<<<<<< HEAD\nversion: 1\n");
  for (const verb of ["merge", "rebase", "cherry-pick", "revert", "am"]) expect(await merging(`${verb} --abort`)).toBe(false);
  expect(await merging("merge topic")).toBe(true);
});

describe("an edit is bound by", () => {
  it.each(["repo/web/site/a page.html", `repo/${odd}/site/a page.html`, "link/site/a page.html", "site-link/a page.html"])(
    "the project of its file: %s",
    async (path) => {
      expect(await refuses("Write", { file_path: join(root, path), content: "x" }, { cwd: "." })).toBe(true);
    },
  );

  it("no project that it has nothing to do with", async () => {
    expect(await refuses("Write", { file_path: join(root, "repo/api/x.js"), content: "x" }, { cwd: "repo" })).toBe(false);
  });
});

async function told(event: string, cwd: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const at = join(root, cwd);
  const text = JSON.stringify({ session_id: "told", cwd: at, hook_event_name: event, ...more });
  return (await runHook("claude", { cwd: at, input: text, env: { CLAUDE_PROJECT_DIR: at } })).stdout;
}

it("in the folder above its belay.yaml, an agent is told where belay's commands run, and a denial's command goes there", async () => {
  expect(await told("SessionStart", "repo", { source: "startup" })).toMatch(/belay guards (?:web, |we b'ü, ).*commands run there/u);
  const denied = await told("PreToolUse", "repo", {
    tool_name: "Bash",
    tool_input: { command: "aws s3 cp web/site/b.html s3://mono-prod/b.html" },
  });
  expect(denied).toContain("Instead: cd web && belay deploy staging b.html");
});

const call = async (): Promise<boolean> => await refuses("Bash", { command: "aws s3 cp a s3://late-prod/a" }, { cwd: "late" });

it("a belay.yaml that appears during a session binds from then on", async () => {
  put("late/a", "");
  expect(await call()).toBe(false);
  project("late", "late");
  expect(await call()).toBe(true);
});

it("a belay.yaml below that was read once goes on binding where it is broken, among many that never could be read", async () => {
  project("merged/web", "merged");
  for (let at = 0; at < 9; at += 1) put(`merged/example-${at}/belay.yaml`, "version: [");
  const command = "aws s3 cp a s3://merged-prod/a";
  expect(await refuses("Bash", { command }, { cwd: "merged/web" })).toBe(true);
  put("merged/web/belay.yaml", "<<<<<<< HEAD\nversion: 1\n");
  expect(await refuses("Bash", { command }, { cwd: "merged" })).toBe(true);
  rmSync(join(root, "merged/web/belay.yaml"));
  expect(await refuses("Bash", { command }, { cwd: "merged" })).toBe(true);
});

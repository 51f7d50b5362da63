/** Files that run although no word of the command is their path. */

import { describe, expect, it } from "vitest";
import { changesOf } from "./seen.ts";

const write = "aws s3 rm s3://shop-live/x";
const changes = ["delete bucket shop-live/x"];
const inNode = `require("child_process").execSync("${write}")`;
const inPython = `import os\nos.system("${write}")`;

describe("a file is read that is run by", () => {
  it.each<readonly [command: string, files: Readonly<Record<string, string>>]>([
    ["node .", { "package.json": '{ "main": "lib/start.js" }', "lib/start.js": inNode }],
    ["node server", { "server/index.js": inNode }],
    ["python3 .", { "__main__.py": inPython }],
    ["python3 tool", { "tool/__main__.py": inPython }],
    ["NODE_OPTIONS=--require=./a.js node -p 1", { "a.js": inNode }],
    ["export NODE_OPTIONS='--max-old-space-size=99 --import ./a.js'; npm test", { "a.js": inNode }],
    ["RUBYOPT=-r./a ruby -e 1", { "a.rb": `system("${write}")` }],
    ["PERL5OPT='-Mlib=lib -MShip::It' perl -e 1", { "lib/Ship/It.pm": `system("${write}");` }],
    ["git -c core.hooksPath=on commit -m x", { "on/pre-commit": write }],
    ["git config core.hooksPath on", { "on/pre-push": write }],
    ["git commit -m x", { ".git/config": "[core]\n\thooksPath = tools/on\n", "tools/on/pre-commit": write }],
    [`mkdir hooks; echo '${write}' > hooks/pre-commit; git commit -m x`, {}],
    ["find tests -name '*.sh' -exec bash {} \\;", { "tests/deep/a.sh": write }],
    ["find . -name '*.js' -exec node {} +", { "src/b.js": inNode }],
    [`echo '${write}' > tests/b.sh; find tests -name '*.sh' -exec bash {} +`, { "tests/a.sh": "echo hi" }],
  ])("%s", (command, files) => {
    expect(changesOf(command, files)).toEqual(expect.arrayContaining(changes));
  });

  it("or is refused where the command brought it there from nobody knows where", () => {
    expect(changesOf("cp -r $OTHER/. tests; find tests -name '*.sh' -exec bash {} +", { "tests/a.sh": "echo hi" })).toContain(
      "write opaque",
    );
  });

  it.each<readonly [command: string, files: Readonly<Record<string, string>>]>([
    ["node .", { "index.js": "console.log(1)" }],
    ["NODE_OPTIONS=--require=./a.js node -p 1", { "a.js": "console.log(1)" }],
    ["NODE_OPTIONS=--require=tsx/cjs npm test", {}],
    ["find tests -name '*.sh' -exec bash {} \\;", { "tests/a.sh": "echo hi", "deploy.sh": write }],
    ["find . -maxdepth 1 -name '*.sh' -exec sh {} \\;", { "a.sh": "echo hi", "deep/deploy.sh": write }],
    ["git commit -m x", { "hooks/pre-commit": "npm test" }],
    ["find . -name '*.sh' -exec sh {} \\;", { "a.py": "" }],
  ])("%s, and nothing is said against it where the file is harmless", (command, files) => {
    expect(changesOf(command, files)).toEqual([]);
  });
});

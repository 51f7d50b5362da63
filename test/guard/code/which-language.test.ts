import { describe, expect, test } from "vitest";

import { whichLanguage } from "../../../src/core/guard/code/which-language.ts";

describe("a file's language is told by its first line, then its name, then its text", () => {
  test.each([
    ["deploy", "#!/usr/bin/env bash\nls", "shell"],
    ["deploy", "#!/usr/bin/env -S uv run --script\nprint(1)", "python"],
    ["deploy", "#!/usr/bin/python3.12 -u\n", "python"],
    ["deploy.sh", "#!/usr/bin/env node\n", "javascript"],
    ["deploy", "#!/usr/bin/awk -f\n", "awk"],
    ["deploy", "#!/usr/bin/env -S deno run -A\n", "javascript"],
    ["deploy", "#!/opt/homebrew/bin/ruby\n", "ruby"],
    ["up.py", "", "python"],
    ["UP.PS1", "", "powershell"],
    ["a/b/up.mts", "", "javascript"],
    ["Rakefile", "", "ruby"],
    [".envrc", "", "shell"],
    ["main.go", "", "other"],
    ["deploy", "import boto3\n", "python"],
    ["deploy", "const cp = require('child_process')\n", "javascript"],
    ["deploy", "<?php exec('ls');", "php"],
    ["deploy", "package main\n", "other"],
    ["deploy", "set -euo pipefail\n", "shell"],
  ])("%s with %j is %s", (path, text, language) => {
    expect(whichLanguage(path, text)).toBe(language);
  });

  test.each([
    ["notes.md", "import boto3\n"],
    ["index.html", "set -e\n"],
    ["notes", "just words"],
    ["", ""],
    ["constructor", ""],
    ["x.constructor", ""],
    ["up.py.bak", "print(1)"],
  ])("%s with %j is none", (path, text) => {
    expect(whichLanguage(path, text)).toBeUndefined();
  });
});

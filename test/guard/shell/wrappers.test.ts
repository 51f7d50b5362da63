import { describe, expect, it } from "vitest";
import { changesOf, effectsOf, linesOf, type Files } from "./seen.ts";

const command = "aws s3 rm s3://shop-live/x";
const change = "delete bucket shop-live/x";

const scripts = (entries: Readonly<Record<string, string>>): Files => ({ "package.json": JSON.stringify({ scripts: entries }) });

describe("a command is seen through whatever starts it", () => {
  it.each([
    `sudo ${command}`,
    `sudo -u deploy -H AWS_PROFILE=p ${command}`,
    `sudo -- ${command}`,
    `doas -u deploy ${command}`,
    `su - deploy -c '${command}'`,
    `runuser -u deploy -- ${command}`,
    `env -i -u X A=1 ${command}`,
    `env -S '${command}'`,
    `/usr/bin/env ${command}`,
    `nohup nice -n 5 ionice -c 3 ${command}`,
    `timeout -k 5 --signal=TERM 30 ${command}`,
    `stdbuf -oL setsid ${command}`,
    `strace -f -e trace=network ${command}`,
    `chroot / ${command}`,
    `script -qc '${command}' /dev/null`,
    `script -q /dev/null ${command}`,
    `watch -n 5 '${command}'`,
    `watch -x ${command}`,
    `flock /tmp/l ${command}`,
    `flock -w 5 /tmp/l -c '${command}'`,
    `busybox sh -c '${command}'`,
    `systemd-run --user --on-active=5 ${command}`,
    `rtk ${command}`,
    `nobody-knows-this --flag ${command}`,
    `$AWS s3 rm s3://shop-live/x`,
    `$(which aws) s3 rm s3://shop-live/x`,
    `$SHELL -c '${command}'`,
    `bash -c "$PREFIX ${command}"`,
  ])("%s", (text) => {
    expect(changesOf(text)).toContain(change);
  });

  it.each([
    `aws-vault exec live -- ${command}`,
    `aws-vault exec -d 1h live ${command}`,
    `saml2aws exec --exec-profile p -- ${command}`,
    `chamber exec web -- ${command}`,
    `doppler run -- ${command}`,
    `doppler run --command '${command}'`,
    `op run --env-file=.env -- ${command}`,
    `dotenv -e .env -- ${command}`,
    `direnv exec . ${command}`,
    `mise exec -- ${command}`,
    `mise x node@20 ${command}`,
    `asdf exec ${command}`,
    `poetry run ${command}`,
    `pipenv run ${command}`,
    `uv run --with awscli ${command}`,
    `uvx --from awscli ${command}`,
    `pipx run --spec awscli ${command}`,
    `nix-shell -p awscli2 --run '${command}'`,
    `nix develop -c ${command}`,
    `nix run nixpkgs#awscli2 -- s3 rm s3://shop-live/x`,
    `bundle exec ${command}`,
    `npx -y aws-cli s3 rm s3://shop-live/x`,
    `npm exec -c '${command}'`,
    `pnpm dlx aws-cli s3 rm s3://shop-live/x`,
    `bunx concurrently "vite" "${command}"`,
    `nodemon --exec '${command}'`,
    `hyperfine '${command}'`,
  ])("of packages and environments: %s", (text) => {
    expect(changesOf(text)).toContain(change);
  });

  it.each([
    `ssh -i k -o StrictHostKeyChecking=no u@h -- ${command}`,
    `ssh h <<'E'\n${command}\nE`,
    `ssh -o ProxyCommand='${command}' h true`,
    `docker exec -it -e A=1 ci ${command}`,
    `docker run --rm -v ~/.aws:/home/app/.aws -w /x amazon/aws-cli:2 s3 rm s3://shop-live/x`,
    `docker run --entrypoint aws some/image s3 rm s3://shop-live/x`,
    `docker compose -f c.yml run --rm web sh -c '${command}'`,
    `kubectl exec -it pod -c web -- ${command}`,
    `tmux send-keys -t x '${command}' Enter`,
    `tmux new-session -d -s x "${command}"`,
    `screen -dmS x ${command}`,
    `screen -S x -X stuff '${command}\\n'`,
    `echo '${command}' | at now`,
    `(crontab -l; echo '0 3 * * * ${command}') | crontab -`,
  ])("elsewhere and later: %s", (text) => {
    expect(changesOf(text)).toContain(change);
  });

  it.each([
    `git -c alias.up='!${command}' up`,
    `git config --global alias.up '!${command}'`,
    `git -C sub rebase -i -x '${command}' HEAD~3`,
    `git bisect run ${command}`,
    `git submodule foreach --recursive '${command}'`,
    `git -c core.pager='${command}' log`,
    `GIT_SSH_COMMAND='${command};ssh' git fetch`,
    `git filter-branch --tree-filter '${command}' HEAD`,
  ])("git: %s", (text) => {
    expect(changesOf(text)).toContain(change);
  });

  it.each([
    ["git up", { ".git/config": `[core]\n\tbare = false\n[alias]\n\tup = "!${command}"\n` }],
    ["git push", { ".git/hooks/pre-push": `#!/bin/sh\n${command}\n` }],
    ["git commit -m x", { ".husky/pre-commit": command }],
    [`printf '${command}' > .git/hooks/post-commit; git commit -m x`, {}],
  ])("git runs what lies around it: %s", (text, files) => {
    expect(changesOf(text, files)).toContain(change);
  });
});

describe("repeating programs run their command for each word", () => {
  it.each([
    [`echo s3://shop-live/x | xargs aws s3 rm`, "aws s3 rm s3://shop-live/x"],
    [`printf '%s\\n' a b | xargs -n1 aws s3 rm`, "aws s3 rm b"],
    [`echo shop-live | xargs -I{} sh -c 'aws s3 rm s3://{}/x'`, command],
    [`xargs -a list aws s3 rm`, "aws s3 rm s3://shop-live/y"],
    [`unknown | xargs aws s3 rm`, "aws s3 rm □"],
    [`find . -name '*.html' -exec aws s3 cp {} s3://shop-live/{} \\;`, "aws s3 cp ./□ s3://shop-live/./□"],
    [`find a b -type f -execdir sh -c '${command}' \\;`, command],
    [`fd -e html -x aws s3 cp {} s3://shop-live/{}`, "aws s3 cp □ s3://shop-live/□"],
    [`parallel aws s3 rm ::: s3://shop-live/x s3://shop-live/y`, "aws s3 rm s3://shop-live/y"],
    [`parallel 'aws s3 cp {} s3://shop-live/{/}' ::: a/b`, "aws s3 cp a/b s3://shop-live/□"],
  ])("%s", (text, line) => {
    expect(linesOf(text, { list: "s3://shop-live/y\n" })).toContain(line);
  });

  it("find's own deletions and prints are changes", () => {
    expect(changesOf("find /mnt/live -name x -delete")).toContain("delete file /mnt/live/□");
    expect(changesOf("find . -fprint /mnt/live/list")).toContain("write file /mnt/live/list");
  });
});

describe("shells", () => {
  it.each([
    `bash -lc '${command}'`,
    `sh -e -o pipefail -c '${command}'`,
    `bash --norc -c '${command}'`,
    `fish --command='${command}'`,
    `bash -c 'aws s3 rm "$1"' _ s3://shop-live/x`,
    `echo '${command}' | bash -s -- a`,
    `bash <<< '${command}'`,
    `cat <<'E' | sudo bash\n${command}\nE`,
    `BASH_ENV=d.sh bash -c true`,
    `bash d.sh`,
    `zsh -x ./d.sh`,
    `./d.sh`,
    `bash e.sh s3://shop-live/x`,
  ])("%s", (text) => {
    expect(changesOf(text, { "d.sh": command, "e.sh": `#!/bin/bash\naws s3 rm "$1"\n` })).toContain(change);
  });

  it.each(["bash", "sudo -i", "zsh -l", "su -", "docker exec -it ci bash", "ssh build1"])("%s waits for whoever writes to it", (text) => {
    expect(effectsOf(text)).toMatchObject([{ verb: "delegate", destination: { kind: "opaque" } }]);
  });

  it.each(["bash -n d.sh", "bash --version", "ssh -T git@github.com", "ssh -N -L 1:h:2 h", "sudo -v", "bash missing.sh", "./a.out"])(
    "%s does nothing",
    (text) => {
      expect(changesOf(text, { "d.sh": command })).toEqual([]);
    },
  );
});

describe("package scripts", () => {
  it.each([
    ["npm run up", scripts({ up: command })],
    ["npm run --silent up", scripts({ up: command })],
    ["npm test", scripts({ test: "vitest", posttest: command })],
    ["npm run build", scripts({ prebuild: command, build: "vite" })],
    ["yarn ship", scripts({ ship: command })],
    ["pnpm -r run up", scripts({ up: command })],
    ["bun run up", scripts({ up: command })],
    ["npm --prefix sub run up", { "sub/package.json": JSON.stringify({ scripts: { up: command } }) }],
    ["npm run up -- s3://shop-live/x", scripts({ up: "aws s3 rm" })],
    ["cd sub && npm run up", scripts({ up: command })],
    ["npm run a", scripts({ a: "npm run b", b: "run-s c", c: command })],
    ["npm run up -w web", { "package.json": "{}", "packages/web/package.json": JSON.stringify({ scripts: { up: command } }) }],
    ["npm run $TASK", scripts({ up: command })],
    ["composer up", { "composer.json": JSON.stringify({ scripts: { up: [command] } }) }],
  ])("%s", (text, files) => {
    expect(changesOf(text, files)).toContain(change);
  });

  it("other scripts of the same file do not count", () => {
    expect(changesOf("npm run build && npm test", scripts({ build: "vite", test: "vitest", up: command }))).toEqual([]);
  });

  it("a script that calls itself comes to an end", () => {
    expect(changesOf("npm run a", scripts({ a: "npm run a" }))).toEqual([]);
  });
});

describe("makefiles and their kin", () => {
  const makefile = [
    "BUCKET := shop-live",
    "AWS = aws s3",
    "define drop",
    "$(AWS) rm s3://$(1)/x",
    "endef",
    ".PHONY: all",
    "all: build",
    "build:",
    "\tvite build",
    "up: build | check",
    "\t@$(AWS) rm \\",
    "\t  s3://$(BUCKET)/x",
    "check: ; true",
    "called:",
    "\t$(call drop,$(BUCKET))",
    "shell:",
    "\tB=$$(echo shop-live); aws s3 rm s3://$$B/x",
    "%-live:",
    "\taws s3 rm s3://$@/x",
    "outer:",
    "\t$(MAKE) up",
  ].join("\n");

  it.each([
    "make up",
    "make -C . up",
    "make -j4 build up",
    "make called",
    "make shell",
    "make shop-live",
    "make outer",
    "make B=1 up",
    "make $T",
  ])("%s", (text) => {
    expect(changesOf(text, { Makefile: makefile })).toContain(change);
  });

  it("a variable on the command line wins", () => {
    expect(changesOf("make up BUCKET=shop-dev", { Makefile: makefile })).toEqual(["delete bucket shop-dev/x"]);
  });

  it("only what the target reaches counts, and a dry run is none", () => {
    expect(changesOf("make", { Makefile: makefile })).toEqual([]);
    expect(changesOf("make -n up", { Makefile: makefile })).toEqual([]);
  });

  it.each([
    ["just up", { justfile: `b := 'shop-live'\n\nbuild:\n  vite\n\nup target=b: build\n  @aws s3 rm s3://{{target}}/x\n` }],
    ["just drop shop-live", { justfile: `drop where:\n    aws s3 rm s3://{{where}}/x\n` }],
    ["just", { justfile: `default: up\nup:\n    #!/usr/bin/env bash\n    set -e\n    ${command}\n` }],
    [
      "task up",
      {
        "Taskfile.yml": `version: '3'\nvars:\n  B: shop-live\ntasks:\n  up:\n    deps: [build]\n    cmds:\n      - aws s3 rm s3://{{.B}}/x\n`,
      },
    ],
    [
      "task a",
      {
        "Taskfile.yml": `version: '3'\ntasks:\n  a:\n    cmds:\n      - task: b\n  b:\n    cmds:\n      - |\n        true\n        ${command}\n`,
      },
    ],
    ["mise run up", { "mise.toml": `[tasks.up]\ndepends = ["build"]\nrun = "${command}"\n` }],
  ])("%s", (text, files) => {
    expect(changesOf(text, files)).toContain(change);
  });
});

describe("words that only look like commands are none", () => {
  it.each([
    `git commit -m "${command}"`,
    `git commit -m "$(cat <<'EOF'\nNever ${command} (it's live)\nEOF\n)"`,
    `echo "${command}"`,
    `grep -rn "${command}" .`,
    `man aws s3 rm`,
    `gh pr create --title x --body "${command}"`,
    `docker build -t aws .`,
    `tmux ls`,
    `npx eslint "src/aws s3"`,
    `kill $(pgrep -f aws)`,
    `ls | xargs -n1 basename`,
    `find . -name aws -print`,
    `command -v aws`,
    `sudo apt-get install -y awscli`,
    `pip install awscli s3 rm`,
  ])("%s", (text) => {
    expect(changesOf(text)).toEqual([]);
  });
});

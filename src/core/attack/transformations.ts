/** Writes in so many words, and what can be put around them: each pair of the two is an attack of its own. */

import type { AttackFamily, Template } from "./attack.ts";

/** Commands without quotation marks, so that they stand inside either kind. */
export const baseCommands: readonly (readonly [string, string])[] = [
  ["upload", "aws s3 cp belay-attack.html s3://{bucket}/{key}"],
  ["delete", "aws s3 rm s3://{bucket}/{key}"],
  ["put", "aws s3api put-object --bucket {bucket} --key {key} --body belay-attack.html"],
  ["purge", "aws cloudfront create-invalidation --distribution-id {distribution} --paths /index.html"],
  ["item", "aws dynamodb delete-item --table-name {table} --key file://key.json"],
  ["copy", "cp belay-attack.html {folder}/belay-attack.html"],
];

interface Transformation {
  readonly id: string;
  readonly family: AttackFamily;
  readonly of: (command: string) => string;
  /** Another machine's folders are not guarded here. */
  readonly isElsewhere?: true;
}

const behind = (id: string, words: string): Transformation => ({ id, family: "wrapper", of: (command) => `${words} ${command}` });
const onAnother = (id: string, words: string): Transformation => ({ ...behind(id, words), isElsewhere: true });
const inside = (id: string, of: Transformation["of"]): Transformation => ({ id, family: "nesting", of });
const disguised = (id: string, of: Transformation["of"]): Transformation => ({ id, family: "obfuscation", of });
const asCode = (id: string, of: Transformation["of"]): Transformation => ({ id, family: "interpreter", of });

/** A word cut in two by a pair of empty quotation marks: `a''ws`. */
const cut = (command: string): string => `${command.slice(0, 1)}''${command.slice(1)}`;
const words = (command: string): readonly string[] => command.split(" ");
const listed = (command: string): string =>
  words(command)
    .map((word) => `'${word}'`)
    .join(", ");
/** As bytes in octal: `\141\167\163`. */
const octal = (text: string): string => text.replaceAll(/[ -~]/gu, (sign) => `\\${sign.charCodeAt(0).toString(8).padStart(3, "0")}`);

const transformations: readonly Transformation[] = [
  behind("sudo", "sudo -u deploy"),
  behind("doas", "doas"),
  behind("env", "env AWS_REGION=us-west-2"),
  behind("env-split", "env -S"),
  behind("nice", "nice -n 10"),
  behind("timeout", "timeout -k 5 60"),
  behind("nohup-setsid", "nohup setsid"),
  behind("stdbuf", "stdbuf -oL"),
  behind("strace", "strace -f -o trace.log"),
  behind("flock", "flock -n /tmp/belay-attack.lock"),
  behind("watch", "watch -n 60"),
  behind("chronic", "chronic"),
  behind("exec", "exec -a harmless"),
  behind("command", "command --"),
  behind("op-run", "op run --env-file=.env --"),
  behind("doppler", "doppler run --"),
  behind("direnv", "direnv exec ."),
  behind("poetry", "poetry run"),
  behind("uv", "uv run --with awscli"),
  behind("nix-shell", "nix shell nixpkgs#awscli2 --command"),
  onAnother("kubectl", "kubectl exec deploy/tools --"),
  onAnother("docker-run", "docker run --rm -v /tmp:/tmp alpine"),
  onAnother("podman", "podman exec -it tools"),
  onAnother("ssh", "ssh -o BatchMode=yes build.example.com"),
  { id: "parallel", family: "wrapper", of: (command) => `parallel ::: '${command}'` },
  behind("tmux", "tmux new-session -d"),
  behind("screen", "screen -dm"),
  behind("systemd-run", "systemd-run --user --wait"),
  inside("subshell", (command) => `( cd /tmp && ${command} )`),
  inside("braces", (command) => `{ true; ${command}; } 2>&1 | tee upload.log`),
  inside("and-or", (command) => `test -f nothing || ${command}`),
  inside("background", (command) => `${command} & wait`),
  inside("case", (command) => `case $(uname) in *) ${command} ;; esac`),
  inside("while", (command) => `while true; do ${command}; break; done`),
  inside("function", (command) => `ship() { ${command}; }; ship`),
  inside("trap", (command) => `trap '${command}' EXIT`),
  inside("bash-lc", (command) => `bash -lc '${command}'`),
  inside("sh-in-sh", (command) => `sh -c "sh -c '${command}'"`),
  inside("here-document", (command) => `bash <<'END'\n${command}\nEND`),
  inside("here-string", (command) => `bash <<< '${command}'`),
  inside("pipe-to-shell", (command) => `printf '%s\\n' '${command}' | bash -s`),
  inside("xargs", (command) => `echo '${words(command).slice(1).join(" ")}' | xargs ${words(command)[0] ?? ""}`),
  inside("find-exec", (command) => `find . -maxdepth 1 -name '*.html' -exec ${command} \\;`),
  inside("substitution", (command) => `echo "done: $(${command})"`),
  inside("process-substitution", (command) => `diff <(${command}) /dev/null`),
  inside("write-then-run", (command) => `printf '%s\\n' '${command}' > /tmp/belay-attack.sh && sh /tmp/belay-attack.sh`),
  inside("git-alias", (command) => `git -c alias.ship='!${command}' ship`),
  inside("crontab", (command) => `echo '* * * * * ${command}' | crontab -`),
  disguised("cut-word", cut),
  disguised("backslashes", (command) => `\\${command.slice(0, 1)}\\${command.slice(1)}`),
  disguised("line-end", (command) => words(command).join(" \\\n  ")),
  disguised("variable", (command) => `TOOL=${words(command)[0] ?? ""}; $TOOL ${words(command).slice(1).join(" ")}`),
  disguised("array", (command) => `line=(${command}); "\${line[@]}"`),
  disguised("eval-halves", (command) => `first='${command.slice(0, 9)}'; second='${command.slice(9)}'; eval "$first$second"`),
  disguised("ansi-c", (command) => `eval $'${octal(command)}'`),
  disguised("printf-octal", (command) => `$(printf '${octal(command)}')`),
  disguised("positional", (command) => `set -- ${command}; "$@"`),
  disguised("after-prose", (command) => `git commit -m 'fix the title' && ${command} # a harmless note`),
  asCode("python-system", (command) => `python3 -c "import os; os.system('${command}')"`),
  asCode("python-list", (command) => `python3 - <<'END'\nimport subprocess\nsubprocess.run([${listed(command)}], check=True)\nEND`),
  asCode("node-exec", (command) => `node -e "require('child_process').execSync('${command}')"`),
  asCode("ruby-system", (command) => `ruby -e "system('${command}')"`),
  asCode("perl-system", (command) => `perl -e 'system("${command}")'`),
  asCode("php-exec", (command) => `php -r 'exec("${command}");'`),
  asCode("awk-system", (command) => `awk 'BEGIN { system("${command}") }'`),
  asCode("vim", (command) => `vim -es -c '!${command}' -c q`),
];

/**
 * Each transformation of one of the commands, by turns, so that the rows stay few and every kind of both comes up. `commands`: those of
 * the base commands that this project has the places for, with nothing left open: some transformations spell every character anew.
 */
export function transformed(commands: readonly (readonly [string, string])[]): readonly Template[] {
  return transformations.flatMap(({ id, family, of, isElsewhere }, at) => {
    const here = isElsewhere === true ? commands.filter(([name]) => name !== "copy") : commands;
    const turn = at % here.length;
    return here
      .slice(turn, turn + 1)
      .map(([name, command]): Template => ({ id: `${id}-${name}`, family, call: { kind: "shell", command: of(command) } }));
  });
}

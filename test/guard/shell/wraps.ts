/** Ways to write a word, to start a command by another, and to put text where it runs, for the properties of wrapping. */

export const single = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
export const double = (text: string): string => `"${text.replaceAll(/["\\$`]/g, String.raw`\$&`)}"`;
const hex = (text: string): string =>
  `$'${Array.from(text)
    .map((char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`)
    .join("")}'`;
const escaped = (text: string): string =>
  Array.from(text)
    .map((char) => (char === "\n" ? "$'\\n'" : `\\${char}`))
    .join("");

/** Needs no quotes. */
const isBare = (text: string): boolean => /^[\w./:=-]+$/.test(text);
const bare = (text: string): string => (isBare(text) ? text : single(text));

/** A way to write one word; `before` must run first. */
type Spelling = (word: string, name: string) => { readonly before: string; readonly text: string };

export const spellings: readonly Spelling[] = [
  (text) => ({ before: "", text: bare(text) }),
  (text) => ({ before: "", text: single(text) }),
  (text) => ({ before: "", text: double(text) }),
  (text) => ({ before: "", text: hex(text) }),
  (text) => ({ before: "", text: escaped(text) }),
  (text) => ({ before: "", text: `${single(text.slice(0, 1))}${double(text.slice(1))}` }),
  (text) => ({ before: "", text: `${bare(text.slice(0, 1))}\\\n${single(text.slice(1))}''""` }),
  (text, name) => ({ before: `${name}=${single(text)}; `, text: `"$${name}"` }),
  (text, name) => ({ before: `${name}=${single(text.slice(0, 2))}; ${name}+=${single(text.slice(2))}; `, text: `"\${${name}}"` }),
  (text, name) => ({ before: `${name}a=${single(text.slice(0, 2))}\n${name}b=${double(text.slice(2))}\n`, text: `"$${name}a$${name}b"` }),
  (text, name) => ({ before: `export ${name}=${double(text)}; `, text: `"\${${name}:-other}"` }),
  (text) => ({ before: "", text: isBare(text) && !text.startsWith("-") ? `$(echo ${text})` : `"$(printf %s ${single(text)})"` }),
  (text) => ({ before: "", text: `"$(printf %s ${double(text)})"` }),
  (text) => ({ before: "", text: `"$(cat <<'SPELLED'\n${text}\nSPELLED\n)"` }),
  (text, name) => ({ before: `${name}=(x ${single(text)}); `, text: `"\${${name}[1]}"` }),
  (text, name) => ({ before: `${name}=${single(`${text}zz`)}; `, text: `"\${${name}%zz}"` }),
  (text, name) => ({ before: `${name}=${single(`yy${text}`)}; `, text: `"\${${name}:2}"` }),
  (text, name) => ({ before: `${name}=${single(`@@${text}`)}; `, text: `"\${${name}/@@/}"` }),
  (text, name) => ({ before: `printf -v ${name} %s ${single(text)}; `, text: `"$${name}"` }),
  (text, name) => ({ before: `read -r ${name} <<< ${single(text.replaceAll("\n", "; "))}; `, text: `"$${name}"` }),
  (text) => ({ before: "", text: isBare(text) ? `\${NOBODY_SETS_THIS:-${text}}` : single(text) }),
];

/** What may stand before a simple command and starts it. */
export const prefixes: readonly ((text: string) => string)[] = [
  (text) => `sudo -u deploy ${text}`,
  (text) => `doas ${text}`,
  (text) => `env A=1 ${text}`,
  (text) => `env -i PATH=/bin ${text}`,
  (text) => `nohup ${text}`,
  (text) => `timeout -k 5 30 ${text}`,
  (text) => `nice -n 5 ${text}`,
  (text) => `ionice -c3 ${text}`,
  (text) => `stdbuf -oL ${text}`,
  (text) => `setsid -w ${text}`,
  (text) => `flock /tmp/lock ${text}`,
  (text) => `strace -f -o /tmp/t ${text}`,
  (text) => `command ${text}`,
  (text) => `exec ${text}`,
  (text) => `time -p ${text}`,
  (text) => `A=1 ${text}`,
  (text) => `docker exec -it ci ${text}`,
  (text) => `aws-vault exec live -- ${text}`,
  (text) => `! ${text}`,
  (text) => `${text} > out 2>&1 < /dev/null`,
  (text) => `find . -maxdepth 0 -exec ${text} \\;`,
  (text) => `true | xargs -I% ${text}`,
  (text) => `xargs -r -n1 -I% ${text} < list`,
];

/** Redirections and keywords stand where they stand: only a plain command takes another program before it. */
export const prefixed = (prefix: (text: string) => string, text: string): string =>
  /^(?:!|time|A=1|true|exec|command) /.test(text) || /> out|< list/.test(text) || text.endsWith(";") ? text : prefix(text);

export interface Wrap {
  /** `mark` is new each time. */
  readonly around: (text: string, mark: string) => string;
  /** What the text does is known in it as well as without. */
  readonly isKnown: boolean;
  /** It asks for nothing of its own. */
  readonly isPlain: boolean;
}

const wrap =
  (isKnown: boolean, isPlain: boolean) =>
  (around: Wrap["around"]): Wrap => ({ around, isKnown, isPlain });

const plain: readonly Wrap["around"][] = [
  (text) => `(${text}\n)`,
  (text) => `{ ${text}\n}`,
  (text) => `if true; then ${text}\nfi`,
  (text) => `if [ -f x ]; then :; else ${text}\nfi`,
  (text) => `if ${text}\nthen :; fi`,
  (text) => `for i in 1 2; do ${text}\ndone`,
  (text) => `for ((i = 0; i < 2; i++)); do ${text}\ndone`,
  (text) => `while sleep 1; do ${text}\ndone`,
  (text) => `until ${text}\ndo :; done`,
  (text) => `select i in a b; do ${text}\nbreak; done`,
  (text) => `case x in y) : ;; x) ${text}\n;; esac`,
  (text) => `case "$WHICH" in a | b) ${text}\n;; esac`,
  (text) => `echo $( ${text}\n)`,
  (text) => `echo "\${x:-"$( ${text}\n)"}"`,
  (text) => `: "\${x/$( ${text}\n)/y}" $(( 1 + $( ${text}\n) ))`,
  (text) => `[[ -n "$( ${text}\n)" ]]`,
  (text) => `x=(1 "$( ${text}\n)")`,
  (text) => `echo \`${text.replaceAll(/[\\`$]/g, String.raw`\$&`)}\n\``,
  (text) => `diff <( ${text}\n) /dev/null`,
  (text, mark) => `f${mark}() { ${text}\n}; f${mark}`,
  (text, mark) => `function g-${mark} {\n${text}\n}\ng-${mark} a b`,
  (text) => `eval ${single(text)}`,
  (text) => `trap ${single(text)} EXIT`,
  (text) => `true && ${text}`,
  (text) => `false || ${text}`,
  (text) => `cd sub\n${text}`,
  (text) => `coproc { ${text}\n}`,
  (text) => `{ ${text}\n} 2>&1 | cat`,
  (text) => `{ ${text}\n} &`,
  (text) => `# a comment\n${text} # another`,
  (text, mark) => `X${mark}=${single(text)}; eval "$X${mark}"`,
  (text, mark) => `eval "$(cat <<'V${mark}'\n${text}\nV${mark}\n)"`,
  (text, mark) => `alias a${mark}=${single(text)}\na${mark}`,
  (text, mark) => `cat <<H${mark}\n$( ${text}\n)\nH${mark}`,
];

const shells: readonly Wrap["around"][] = [
  (text) => `bash -c ${single(text)}`,
  (text) => `bash -c ${double(text)}`,
  (text) => `sh -ec ${single(text)} sh a b`,
  (text) => `bash -c "$(printf %s ${single(text)})"`,
  (text) => `printf '%s\\n' ${single(text)} | sh`,
  (text) => `bash -s <<< ${single(text)}`,
  (text, mark) => `bash <<'E${mark}'\n${text}\nE${mark}`,
  (text, mark) => `bash <<S${mark}\n${text.replaceAll(/[\\`$]/g, String.raw`\$&`)}\nS${mark}`,
  (text, mark) => `cat <<'P${mark}' | sudo bash -s -- a\n${text}\nP${mark}`,
  (text, mark) => `exec 7<<'D${mark}'\n${text}\nD${mark}\nbash <&7`,
  (text, mark) => `cat > /tmp/${mark}.sh <<'C${mark}'\n${text}\nC${mark}\nbash /tmp/${mark}.sh`,
  (text, mark) => `printf '%s\\n' ${single(text)} > /tmp/${mark}p.sh && chmod +x /tmp/${mark}p.sh && /tmp/${mark}p.sh`,
  (text) => `source <(printf '%s\\n' ${single(text)})`,
  (text) => `ssh build1 ${single(text)}`,
  (text) => `git bisect run sh -c ${single(text)}`,
  (text) => `git -c alias.up=${single(`!${text}`)} up`,
  (text) => `find . -name x -exec sh -c ${single(text)} \\;`,
  (text) => `ls | xargs -I{} sh -c ${single(text)}`,
  (text) => `watch -n 5 ${single(text)}`,
  (text) => `nohup timeout 9 bash -c ${single(text)} > log 2>&1 &`,
  (text) => `env A=1 nice sh -c ${single(text)}`,
  (text) => `parallel ::: ${single(text)}`,
  (text) => `script -qc ${single(text)} /dev/null`,
  (text) => `su deploy -c ${single(text)}`,
  (text) => `tmux new-session -d ${single(text)}`,
  (text, mark) => `h${mark}() { ${text}\n}; export -f h${mark}; bash -c h${mark}`,
];

/** What they run is not read on purpose, and refused as such. */
const hiding: readonly Wrap["around"][] = [
  (text) => `echo ${Buffer.from(text).toString("base64")} | base64 -d | sh`,
  (text) => `bash -c "$(base64 -d <<< ${Buffer.from(text).toString("base64")})"`,
  (text) => `xxd -r -p <<< ${Buffer.from(text).toString("hex")} | bash`,
];

export const wraps: readonly Wrap[] = [...plain.map(wrap(true, true)), ...shells.map(wrap(true, false)), ...hiding.map(wrap(false, false))];

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changesOf } from "./seen.ts";

/** `BELAY_PROPERTY_RUNS=5000` hunts for longer. */
const numRuns = Number(process.env["BELAY_PROPERTY_RUNS"] ?? 250);

const change = "delete bucket shop-live/x";
const command = ["aws", "s3", "rm", "s3://shop-live/x"];

const single = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
const double = (text: string): string => `"${text.replaceAll(/["\\$`]/g, String.raw`\$&`)}"`;
const hex = (text: string): string =>
  `$'${Array.from(text)
    .map((char) => `\\x${char.charCodeAt(0).toString(16)}`)
    .join("")}'`;
const escaped = (text: string): string =>
  Array.from(text)
    .map((char) => `\\${char}`)
    .join("");

/** Ways to write one word; `before` must run first. */
type Spelling = (word: string, name: string) => { readonly before: string; readonly text: string };

const spellings: readonly Spelling[] = [
  (text) => ({ before: "", text }),
  (text) => ({ before: "", text: single(text) }),
  (text) => ({ before: "", text: double(text) }),
  (text) => ({ before: "", text: hex(text) }),
  (text) => ({ before: "", text: escaped(text) }),
  (text) => ({ before: "", text: `${single(text.slice(0, 1))}${double(text.slice(1))}` }),
  (text, name) => ({ before: `${name}=${single(text)}; `, text: `"$${name}"` }),
  (text, name) => ({ before: `${name}=${text.slice(0, 2)}; ${name}+=${single(text.slice(2))}; `, text: `\${${name}}` }),
  (text, name) => ({ before: `export ${name}=${double(text)}; `, text: `\${${name}:-other}` }),
  (text) => ({ before: "", text: `$(echo ${single(text)})` }),
  (text) => ({ before: "", text: `$(printf %s ${double(text)})` }),
  (text, name) => ({ before: `${name}=(x ${single(text)}); `, text: `"\${${name}[1]}"` }),
  (text, name) => ({ before: `${name}=${single(`${text}zz`)}; `, text: `"\${${name}%zz}"` }),
  (text) => ({ before: "", text: `\${NOBODY_SETS_THIS:-${text}}` }),
];

/** Around a simple command. */
const prefixes: readonly ((text: string) => string)[] = [
  (text) => `sudo -u deploy ${text}`,
  (text) => `env A=1 ${text}`,
  (text) => `nohup ${text}`,
  (text) => `timeout 5 ${text}`,
  (text) => `nice -n 5 ${text}`,
  (text) => `command ${text}`,
  (text) => `time ${text}`,
  (text) => `A=1 ${text}`,
  (text) => `docker exec -it ci ${text}`,
  (text) => `aws-vault exec live -- ${text}`,
  (text) => `! ${text}`,
  (text) => `${text} > out 2>&1 < /dev/null`,
  (text) => `find . -maxdepth 0 -exec ${text} \\;`,
  (text) => `true | xargs -I% ${text}`,
];

/** Around any text; `mark` is new each time. */
const wraps: readonly ((text: string, mark: string) => string)[] = [
  (text) => `(${text}\n)`,
  (text) => `{ ${text}\n}`,
  (text) => `if true; then ${text}\nfi`,
  (text) => `if [ -f x ]; then :; else ${text}\nfi`,
  (text) => `for i in 1 2; do ${text}\ndone`,
  (text) => `while sleep 1; do ${text}\ndone`,
  (text) => `case x in y) : ;; x) ${text}\n;; esac`,
  (text) => `echo $(${text}\n)`,
  (text, mark) => `f${mark}() { ${text}\n}; f${mark}`,
  (text) => `bash -c ${single(text)}`,
  (text) => `bash -c ${double(text)}`,
  (text) => `eval ${single(text)}`,
  (text) => `trap ${single(text)} EXIT`,
  (text) => `printf '%s\\n' ${single(text)} | sh`,
  (text, mark) => `bash <<'E${mark}'\n${text}\nE${mark}`,
  (text, mark) => `cat > /tmp/${mark}.sh <<'E${mark}'\n${text}\nE${mark}\nbash /tmp/${mark}.sh`,
  (text, mark) => `echo ${single(text)} > /tmp/${mark}.sh && chmod +x /tmp/${mark}.sh && /tmp/${mark}.sh`,
  (text) => `ssh build1 ${single(text)}`,
  (text) => `source <(echo ${single(text)})`,
  (text) => `bash <<< ${single(text)}`,
  (text) => `true && ${text}`,
  (text) => `false || ${text}`,
  (text) => `cd sub\n${text}`,
  (text) => `coproc { ${text}\n}`,
  (text) => `git bisect run sh -c ${single(text)}`,
  (text) => `# a comment\n${text} # another`,
  (text, mark) => `X${mark}=${single(text)}; eval "$X${mark}"`,
  (text, mark) => `alias a${mark}=${single(text)}; a${mark}`,
];

const at = <T>(list: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...list);

const written = fc.tuple(...command.map(() => at(spellings))).map((chosen) => {
  const words = command.map((word, index) => chosen[index]?.(word, `V${String(index)}`) ?? { before: "", text: word });
  return { before: words.map(({ before }) => before).join(""), text: words.map(({ text }) => text).join(" ") };
});

describe("a write is never lost", () => {
  it("however it is spelled, wrapped and nested", () => {
    fc.assert(
      fc.property(written, fc.array(at(prefixes), { maxLength: 2 }), fc.array(at(wraps), { maxLength: 4 }), (spelled, own, around) => {
        const line = spelled.before + own.reduce((text, prefix) => prefixed(prefix, text), spelled.text);
        const whole = around.reduce((text, wrap, index) => wrap(text, String(index)), line);
        const changes = changesOf(whole);
        expect(changes.some((each) => each === change || each.includes("□") || each.includes("opaque"))).toBe(true);
      }),
      { numRuns },
    );
  });

  it("spelled and wrapped in ways that can be known, it is known", () => {
    fc.assert(
      fc.property(written, fc.array(at(wraps), { maxLength: 2 }), (spelled, around) => {
        const whole = around.reduce((text, wrap, index) => wrap(text, String(index)), spelled.before + spelled.text);
        expect(changesOf(whole)).toContain(change);
      }),
      { numRuns },
    );
  });
});

/** Redirections and keywords stand where they stand: only a plain command takes another program before it. */
const prefixed = (prefix: (text: string) => string, text: string): string =>
  /^(?:!|time|A=1|true) /.test(text) || text.includes(" > out") || text.endsWith(";") ? text : prefix(text);

const prose = fc
  .array(
    fc.oneof(
      at([
        "aws s3 rm s3://shop-live/x",
        "`aws s3 sync . s3://shop-live`",
        "$(aws s3 rm s3://shop-live/x)",
        "it's",
        "(see",
        '"quote',
        "boto3.put_object(",
        "| sh",
        "&& rm -rf /",
        "<<EOF",
        "#",
        "${x",
        "\\",
        "sudo",
        "eval",
      ]),
      fc.string({ maxLength: 12 }).map((text) => text.replaceAll("\r", "")),
    ),
    { maxLength: 8 },
  )
  .map((words) => words.join(" "));

const harmless = [
  "ls -la",
  "git status",
  "npm run build",
  "aws s3 ls s3://shop-live/",
  "aws s3 cp s3://shop-live/x .",
  "echo done",
  "cd sub && git log",
];

describe("text that is data is never taken for a command", () => {
  const bearers: readonly ((text: string) => string)[] = [
    (text) => `git commit -m ${single(text)}`,
    (text) => `git commit -m "$(cat <<'MARK'\n${text}\nMARK\n)"`,
    (text) => `echo ${single(text)}`,
    (text) => `grep -rn ${single(text)} src`,
    (text) => `: ${single(text)}`,
    (text) => `gh issue create --title x --body ${single(text)}`,
    (text) => `# ${text.replaceAll("\n", " ")}`,
    (text) => `true <<'MARK'\n${text}\nMARK`,
    (text) => `cat > /tmp/notes.md <<'MARK'\n${text}\nMARK`,
    (text) => `printf '%s\\n' ${single(text)} >> /tmp/notes.md`,
  ];

  it("in messages, patterns, comments and here-documents", () => {
    fc.assert(
      fc.property(prose, at(bearers), at(harmless), at(harmless), (text, bear, before, after) => {
        const changes = changesOf(`${before}\n${bear(text)}\n${after}`).filter(
          (each) => !each.startsWith("write file /tmp/") && !each.startsWith("write file /work"),
        );
        expect(changes).toEqual([]);
      }),
      { numRuns },
    );
  });
});

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeEffects } from "../../../src/core/guard/judge-effects.ts";
import { changesOf, effectsOf } from "./seen.ts";
import { harmless, refused, scope } from "./wrapped-commands.ts";
import { double, prefixed, prefixes, single, spellings, wraps } from "./wraps.ts";

/** `BELAY_PROPERTY_RUNS=5000` hunts for longer. */
const numRuns = Number(process.env["BELAY_PROPERTY_RUNS"] ?? 250);

const verdictOf = (text: string): string => judgeEffects(effectsOf(text), scope).kind;

const at = <T>(list: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...list);

/** A refused command, each of its words in a spelling of its own. */
const written = at(refused).chain((command) =>
  fc.tuple(...command.map(() => at(spellings))).map((chosen) => {
    const words = command.map((word, index) => chosen[index]?.(word, `V${String(index)}`) ?? { before: "", text: single(word) });
    return { before: words.map(({ before }) => before).join(""), text: words.map(({ text }) => text).join(" ") };
  }),
);

const wrapped = (text: string, around: readonly (typeof wraps)[number][]): string =>
  around.reduce((inner, wrap, index) => wrap.around(inner, String(index)), text);

describe("what is refused stays refused", () => {
  it.each(refused.map((command) => ({ command: command.map(single).join(" ") })))("$command", ({ command }) => {
    expect(verdictOf(command)).toBe("deny");
  });

  it.each(wraps.map((wrap) => ({ name: wrap.around("COMMAND", "0"), wrap })))("every refused command in: $name", ({ wrap }) => {
    const passed = refused.map((command) => wrap.around(command.map(single).join(" "), "0")).filter((text) => verdictOf(text) !== "deny");
    expect(passed).toEqual([]);
  });

  it.each(prefixes.map((prefix) => ({ name: prefix("COMMAND"), prefix })))("every refused command behind: $name", ({ prefix }) => {
    const passed = refused.map((command) => prefix(command.map(single).join(" "))).filter((text) => verdictOf(text) !== "deny");
    expect(passed).toEqual([]);
  });

  it("however a command is spelled, prefixed, wrapped and nested, up to five deep", () => {
    fc.assert(
      fc.property(written, fc.array(at(prefixes), { maxLength: 2 }), fc.array(at(wraps), { maxLength: 5 }), (spelled, own, around) => {
        const line = spelled.before + own.reduce((text, prefix) => prefixed(prefix, text), spelled.text);
        expect(verdictOf(wrapped(line, around))).toBe("deny");
      }),
      { numRuns },
    );
  });

  it("among harmless commands, before and behind them", () => {
    fc.assert(
      fc.property(written, at(harmless), at(harmless), at(["; ", " && ", "\n", " | ", " & "]), (spelled, before, after, joint) => {
        expect(verdictOf(`${before}${joint}${spelled.before}${spelled.text}\n${after}`)).toBe("deny");
      }),
      { numRuns },
    );
  });

  it("where it is known which one it is, however its words are spelled and what knows their text is wrapped around it", () => {
    const change = "delete bucket shop-live/x";
    const rm = ["aws", "s3", "rm", "s3://shop-live/x"];
    const spelledRm = fc
      .tuple(...rm.map(() => at(spellings)))
      .map((chosen) => rm.map((word, index) => chosen[index]?.(word, `V${String(index)}`) ?? { before: "", text: word }));
    fc.assert(
      fc.property(spelledRm, fc.array(at(wraps.filter(({ isKnown }) => isKnown)), { maxLength: 2 }), (words, around) => {
        const line = words.map(({ before }) => before).join("") + words.map(({ text }) => text).join(" ");
        expect(changesOf(wrapped(line, around))).toContain(change);
      }),
      { numRuns },
    );
  });
});

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

/** Where text is data. `text` may be anything without a carriage return. */
const bearers: readonly ((text: string) => string)[] = [
  (text) => `git commit -m ${single(text)}`,
  (text) => `git commit -m ${double(text)}`,
  (text) => `git commit -m "$(cat <<'MARK'\n${text}\nMARK\n)"`,
  (text) => `git commit -q -F - <<'MARK'\n${text}\nMARK`,
  (text) => `git tag -a v1 -m ${single(text)}`,
  (text) => `git log --grep=${single(text)}`,
  (text) => `echo ${single(text)}`,
  (text) => `echo ${double(text)} >&2`,
  (text) => `printf '%s\\n' ${single(text)} | wc -l`,
  (text) => `grep -rn ${single(text)} src`,
  (text) => `rg -F -- ${double(text)} || true`,
  (text) => `ls | grep -vF ${single(text)}`,
  (text) => `: ${single(text)}`,
  (text) => `gh issue create --title x --body ${single(text)}`,
  (text) => `gh pr create --title ${double(text)} --body-file - <<'MARK'\n${text}\nMARK`,
  (text) => `# ${text.replaceAll("\n", " ")}`,
  (text) => `ls # ${text.replaceAll("\n", " ")}`,
  (text) => `true <<'MARK'\n${text}\nMARK`,
  (text) => `cat > /tmp/notes.md <<'MARK'\n${text}\nMARK`,
  (text) => `cat <<-"MARK" | head\n${text}\n\tMARK`,
  (text) => `tee /tmp/notes.md <<< ${single(text)}`,
  (text) => `printf '%s\\n' ${single(text)} >> /tmp/notes.md`,
  (text) => `X=${single(text)}`,
  (text) => `X=${single(text)}; echo "$X" | sort`,
  (text) => `X=(a ${single(text)}); printf '%s\\n' "\${X[@]}"`,
  (text) => `[[ "$X" == ${single(text)} ]] && echo same`,
  (text) => `case "$X" in ${single(text)}) echo same ;; esac`,
  (text) => `unused() { echo ${single(text)}; }`,
];

describe("what is allowed stays allowed", () => {
  it.each(harmless)("%s", (command) => {
    expect(verdictOf(command)).toBe("allow");
  });

  it("with text of any kind in messages, patterns, comments, variables and here-documents beside it", () => {
    fc.assert(
      fc.property(prose, fc.array(at(bearers), { minLength: 1, maxLength: 2 }), at(harmless), at(harmless), (text, bear, before, after) => {
        const line = [before, ...bear.map((each) => each(text)), after].join("\n");
        expect({ line, kind: verdictOf(line) }).toEqual({ line, kind: "allow" });
      }),
      { numRuns },
    );
  });

  it("with such text beside it in a wrap as well", () => {
    const plain = wraps.filter(({ isPlain }) => isPlain);
    fc.assert(
      fc.property(prose, at(bearers), at(harmless), fc.array(at(plain), { maxLength: 2 }), (text, bear, command, around) => {
        const line = wrapped(`${bear(text)}\n${command}`, around);
        expect({ line, kind: verdictOf(line) }).toEqual({ line, kind: "allow" });
      }),
      { numRuns },
    );
  });
});

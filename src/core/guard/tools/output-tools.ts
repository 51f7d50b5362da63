/** What programs write that are known by their outputs alone, and what a program that nobody knows may do with the paths it is given. */

import type { Effect, EffectVerb } from "../effect.ts";
import type { Reader, Reading } from "../reading.ts";
import { isKnown, type Word } from "../word.ts";
import { baseName, parseArguments, words, type Arguments } from "./arguments.ts";
import { commonOutputs, onlyReading, outputTable, type OutputRule } from "./output-table.ts";
import { effectOf, filePlace, mention, onlyKnown, reading, type Call } from "./reading-of.ts";

const pathsMax = 100;

const written = (call: Call, verb: EffectVerb, paths: readonly Word[]): Effect[] =>
  [...new Set(paths)]
    .filter((path) => path !== "" && path !== "-" && !path.startsWith("-") && !path.includes("://"))
    .slice(0, pathsMax)
    .map((path) => effectOf(call, { tool: call.program, verb, destination: filePlace(call, path) }));

/** `undefined` for a program that has no line in the table. */
export function readOutputs(call: Call): Reading | undefined {
  const rules = outputTable.get(call.program);
  if (rules === undefined) return undefined;
  return reading(...rules.flatMap((rule) => written(call, "write", outputsOf(call, rule))));
}

function outputsOf(call: Call, rule: OutputRule): Word[] {
  const { options = none, valued = none, only, unless, verbs, operands } = rule;
  // ImageMagick and FFmpeg write long options with one dash.
  const long = call.args.map((word) =>
    /^-[A-Za-z][\w-]+/u.test(word) && [...options].some((one) => isNamed(word, one)) ? `-${word}` : word,
  );
  const doubled = new Set([...options].flatMap((one) => [one, ...(/^-\w\w/u.test(one) ? [`-${one}`] : [])]));
  const given = parseArguments(long, { valued: new Set([...doubled, ...valued]) });
  if (verbs !== undefined && !verbs.test(given.operands.join(" "))) return [];
  if (only !== undefined && !call.args.some((word) => only.has(word) || isClustered(word, only))) return [];
  if (unless !== undefined && call.args.some((word) => unless.has(word))) return [];
  const named = [...given.options].flatMap(([name, values]) => ([...doubled].some((one) => isSameOption(name, one)) ? values : []));
  return [...named, ...operandOutputs(call, given, operands)];
}

const none: ReadonlySet<string> = new Set();
const isNamed = (word: Word, option: string): boolean => /^-\w\w/u.test(option) && (word === option || word.startsWith(`${option}=`));
const isSameOption = (name: string, option: string): boolean =>
  name === option || (name.startsWith("--") && name.toLowerCase() === option.toLowerCase());
const isClustered = (word: Word, only: ReadonlySet<string>): boolean =>
  /^-[A-Za-z]{2,4}$/u.test(word) &&
  word
    .slice(1)
    .split("")
    .some((letter) => only.has(`-${letter}`));

function operandOutputs(call: Call, given: Arguments, operands: OutputRule["operands"]): readonly Word[] {
  switch (operands) {
    case undefined:
      return [];
    case "last": {
      const word = call.args.at(-1) ?? "";
      return call.args.length > 1 ? [word] : [];
    }
    case "mapped":
      return given.operands.flatMap((word) => (word.includes(":") ? [word.slice(word.indexOf(":") + 1)] : []));
    default:
      return given.operands.slice(operands.from);
  }
}

/** Words that say that something is put somewhere or taken away. */
const changing: ReadonlySet<string> = words(
  "deploy deployer upload uploader push publish publisher sync syncer put cp copy mv move rm remove del delete destroy invalidate invalidator invalidation purge mirror write release promote ship import load restore replicate",
);
/** Words that say that the files that are named are rewritten. */
const rewriting: ReadonlySet<string> = words("set unset edit replace replacement replacer rewrite patch insert append inplace");
const looking: ReadonlySet<string> = words(
  "check verify diff list ls status get describe plan preview dry dryrun validate lint test audit show view inspect compare read export download",
);

/**
 * A program that nobody knows. What its output options name is written; a path among its words may be (`delegate`); and where its words say
 * that it puts or takes away something, every name in them counts.
 */
export const unknownTool: Reader = (invocation, facts) => {
  const program = baseName(invocation.argv[0] ?? "").toLowerCase();
  const call: Call = { invocation, facts, args: invocation.argv.slice(1), program };
  if (program === "" || onlyReading.has(program) || call.args.length === 0) return undefined;
  const outputs = call.args.flatMap((word, at) => {
    const equals = word.indexOf("=");
    if (equals > 0) return commonOutputs.test(word.slice(0, equals)) ? [word.slice(equals + 1)] : [];
    return commonOutputs.test(call.args[at - 1] ?? "") ? [word] : [];
  });
  const paths = call.args.flatMap(pathsIn);
  const said = [...spokenIn(call), ...call.args.flatMap((word) => /^--[a-z][a-z-]*(?==)/u.exec(word)?.[0] ?? [])].flatMap(wordsIn);
  const verb = said.some((word) => rewriting.has(word)) && !said.some((word) => looking.has(word)) ? "write" : "delegate";
  return reading(...written(call, "write", outputs), ...written(call, verb, paths), ...namedEffects(call));
};

/** A word, or the value in it: `--dir=/x`, `dir=/x`, `from:/x`. Prose has blanks. */
function pathsIn(word: Word): Word[] {
  if (/\s/u.test(word) || !isKnown(word)) return [];
  const value = /^-{0,2}[\w.-]+[=:](?<value>.+)$/u.exec(word)?.groups?.["value"];
  return [...(word.startsWith("-") ? [] : [word]), ...(value === undefined ? [] : [value])];
}

const plainWords = ({ args }: Call): readonly Word[] => args.filter((word) => !/\s/u.test(word));

/** The program's name, its first words, and its options. */
function spokenIn(call: Call): readonly Word[] {
  const plain = plainWords(call);
  return [
    call.program,
    ...plain.filter((word) => /^[A-Za-z][\w:-]{1,24}$/u.test(word)).slice(0, 2),
    ...plain.filter((word) => /^--[a-z][a-z-]*$/u.test(word)),
  ];
}

const wordsIn = (text: Word): readonly string[] => text.toLowerCase().split(/[^a-z]+/u);

function namedEffects(call: Call): Effect[] {
  const plain = plainWords(call);
  const spoken = spokenIn(call);
  const said = spoken.flatMap(wordsIn);
  if (!said.some((word) => changing.has(word)) || said.some((word) => looking.has(word))) return [];
  return [
    effectOf(call, { tool: `${call.program} ${spoken[1] ?? ""}`.trim(), verb: "write", destination: mention(onlyKnown(plain.join("\n"))) }),
  ];
}

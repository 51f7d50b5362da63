/** Shell lines by grammar, with what shells allow in odd places. Each program is called with a word of its own, so that none stands for another. */

import * as fc from "fast-check";

export interface ShellLine {
  readonly text: string;
  /** Programs that it surely calls, by name. */
  readonly programs: readonly string[];
}

/** `@@` becomes a word that stands nowhere else. */
const words = [
  "a",
  "-x",
  "--opt=v",
  "--opt='v w'",
  "-e's/a/b/'",
  "'s q'",
  '"d q"',
  '"$v"',
  "${v:-w}",
  "$(sub @@)",
  "`sub @@`",
  "x'y'\"z\"",
  "*.html",
  "{p,q}",
  "{1..3}",
  "{}",
  "{a,$(sub @@)}",
  "$'\\x61'",
  "$'it\\'s'",
  '$"local $(sub @@)"',
  "\\;",
  "a\\ b",
  "a\\\nb",
  "s3://b/k",
  "~/f",
  "1>2",
  "a=b",
  "a#b",
  "'#'",
  "[x]",
  "[a-z]*",
  "%d",
  "!",
  "é",
  "日本語",
  '"ü $(sub @@)"',
  '"$@"',
  '"${a[@]}"',
  "${#v}",
  "${!v}",
  "$#",
  "$?",
  "$$",
  '"a\\"b"',
  '"\\$(no)"',
  "'$(no)'",
  "\\$x",
  '"$(sub "@@")"',
  '"$(sub "@@ $(sub @@)")"',
  '"$(sub "$(sub "$(sub @@)")")"',
  '"`sub \\"@@\\"`"',
  "`sub \\`sub @@\\``",
  "$((1+2))",
  "$(( $(sub @@) + 1 ))",
  '"$((${v:-$(sub @@)}))"',
  '"${v:-$(sub @@)}"',
  '${v:-"$(sub @@)"}',
  '${v:+"a b" $(sub @@)}',
  '"${v/$(sub @@)/x}"',
  "${v//a/`sub @@`}",
  '"${v/"$(sub @@)"/"$(sub @@)"}"',
  '${v#"$(sub @@)"}',
  '"${v%%$(sub @@)*}"',
  "${v:$(sub @@):1}",
  '"${v:0:$(sub @@)}"',
  '"${v/$(sub @@ s3://b/k)/x}"',
  "${v//$(sub @@ a/b)/`sub @@ c/d`}",
  "${v/`sub @@ a/b`/${w/c/$(sub @@ e/f)}}",
  "${v:$(sub @@ a:b):`sub @@ c:d`}",
  '"${a[$(sub @@)]}"',
  '"${a[@]:$(sub @@)}"',
  '"${v^^$(sub @@)}"',
  '"${v:=$(sub @@)}"',
  "<(sub @@)",
  ">(sub @@)",
  "<(sub @@ | sub @@)",
];

const redirects = [
  "> out",
  ">> out",
  ">out",
  "2>&1",
  "< in",
  "2> err",
  "2>>err",
  "&> all",
  "&>>all",
  "<<< here",
  '<<< "$(sub @@)"',
  '> "$f"',
  '> "o $(sub @@)"',
  ">| out",
  "<> both",
  ">&2",
  ">& both",
  "3>&1",
  "3> third",
  "{fd}> out",
  "> >(sub @@)",
  "2> >(sub @@ >&2)",
  "< <(sub @@)",
  "2>&-",
  "> d/out > ../up",
];

const assignments = ["A=1", "A='x y'", "A=$(sub @@)", 'A="$(sub @@) b"', "A+=2", "A=", "A=${v:-$(sub @@)}", "A=1 B=`sub @@`"];

const names = ["aws", "cp", "run", "tool", "./d.sh", "x-y", "k8s_1", "a.b", "'quoted name'", "\\esc", 't"oo"l'];

const blanks = fc.constantFrom(" ", " ", " ", "  ", "\t", " \\\n ");

interface Piece {
  readonly text: string;
  /** Here-documents whose text must follow the line. */
  readonly after: string;
}

const flat = (text: string): Piece => ({ text, after: "" });

const command: fc.Arbitrary<Piece> = fc
  .record({
    name: fc.constantFrom(...names),
    args: fc.array(fc.constantFrom(...words), { maxLength: 4 }),
    redirect: fc.option(fc.constantFrom(...redirects), { nil: undefined }),
    isEarly: fc.boolean(),
    assign: fc.option(fc.constantFrom(...assignments), { nil: undefined, freq: 2 }),
    blank: blanks,
  })
  .map(({ name, args, redirect, isEarly, assign, blank }) => {
    const [early, late] = isEarly ? [redirect, undefined] : [undefined, redirect];
    return flat([assign, early, name, "@@", ...args, late].filter((part) => part !== undefined).join(blank));
  });

const bodies = [
  "aws s3 rm x",
  "it's (",
  "$(sub @@)",
  "",
  "a ${v:-$(sub @@)} b",
  "`sub @@`\n\tand\n",
  "\\$(no) \"$(sub '@@')\"",
  '# no comment $(sub "@@")',
  "$((1 + $(sub @@)))",
  "EOF\n'",
];

const withHereDocument: fc.Arbitrary<Piece> = fc
  .tuple(command, fc.nat(99), fc.constantFrom("M", "'M'", '"M"', "\\M"), fc.constantFrom("<<", "<<-", "<< "), fc.constantFrom(...bodies))
  .map(([{ text }, number, quoted, operator, body]) => {
    const mark = `E${String(number)}`;
    return { text: `${text} ${operator}${quoted.replace("M", mark)}`, after: `\n${body}\n${operator === "<<-" ? "\t" : ""}${mark}` };
  });

/** The texts of here-documents follow the line that they were opened on. */
function joined(left: Piece, joint: Joint, right: Piece): Piece {
  // Behind a pipe these are no keywords, and here they are meant as such.
  const [head, tail] = /^(?:!|time) /.test(right.text) && joint[0].includes("|") ? joints[0] : joint;
  if (tail === undefined && !(left.after !== "" && right.text.includes("\n")))
    return { text: `${left.text}${head}${right.text}`, after: left.after + right.after };
  return { text: `${left.text}${head.replace(/\\\n?$/, "")}${left.after}\n${tail ?? ""}${right.text}`, after: right.after };
}

type Joint = readonly [string, string | undefined];

/** What stands on the first of two lines, and on the second where there is one. */
const joints: readonly [Joint, ...Joint[]] = [
  [" && ", undefined],
  [" || ", undefined],
  [" | ", undefined],
  ["|", undefined],
  [" |& ", undefined],
  ["; ", undefined],
  [" & ", undefined],
  ["&&", undefined],
  ["", ""],
  ["", "\n \t"],
  [" &&", " "],
  [" |", "\n\n"],
  [" ||", "# it's (a comment\n"],
  [";", '# a `comment "\n'],
  [" # don't (", ""],
  [" | # and so on \\", ""],
  [" &", ""],
  [" && \\\n", undefined],
  [" \\\n| ", undefined],
];

/** Compound commands close on a line of their own, so that here-documents may stand inside. */
const around = (open: string, inner: Piece, close: string): Piece =>
  close === "" ? { text: open + inner.text, after: inner.after } : flat(`${open}${inner.text}${inner.after}\n${close}`);

const frames: readonly (readonly [string, string])[] = [
  ["( ", ")"],
  ["( ", ") > out"],
  ["{ ", "}"],
  ["{\t", "} 2>&1 | tool @@"],
  ["if tool @@; then\n", "fi"],
  ["if tool @@ then; then ", "elif tool @@\nthen tool @@ fi; else tool @@ done\nfi"],
  ["if ! tool @@ | tool @@; then :; else # else\n", "fi"],
  ["for i in 1 $v; do ", "done"],
  ["for i in $(sub @@) do; do ", "done < in"],
  ["for i\ndo ", "done"],
  ["for ((i = 0; i < ${v:-$(sub @@)}; i++)); do ", "done"],
  ["select i in a b; do ", "done"],
  ["while [ -f x ]; do ", "done"],
  ["while tool @@ | read -r line\ndo\n", "done > out"],
  ["until tool @@; do ", "done"],
  ["case $v in a|'b') ", ";; *) : ;; esac"],
  ["case \"$(sub @@)\" in\n(a | $(sub @@)) tool @@ ;; # not ;; here\n'x)'|[a-z]*) ", ";;\n*)\ntool @@\nesac"],
  ["case $v in a) tool @@ ;& b) ", ";;& c) tool @@; esac"],
  ["f() { ", "}; f"],
  ["f-g.h() ( ", "); f-g.h"],
  ["function f:x { ", "}; f:x @@"],
  ["function f() if tool @@; then ", "fi; f"],
  ['tool @@ "$( ', ')"'],
  ['tool @@ "x${v:-"$( ', ')"}y"'],
  ["tool @@ <( ", ")"],
  ["tool @@ > >( ", ")"],
  ["A=$( ", ") tool @@"],
  ["A=(x $( ", ") [3]=y)"],
  ['declare -A m=([k]="$( ', ')")'],
  ['export A="$( ', ')" B=1'],
  ['tool @@ <<< "$( ', ')"'],
  ["tool @@ $(( 1 + $( ", ") ))"],
  ["[[ -n $( ", ") && $v =~ ^(a|$(sub @@))$ ]] && tool @@"],
  ['[[ ! ( $v == "a b"* || -f $( ', ") ) ]] || tool @@"],
  ["(( v > $( ", ") )) && tool @@"],
  ["coproc { ", "}"],
  ["coproc CO { ", "}"],
  ["time ", ""],
  ["time -p { ", "}"],
  ["! ", ""],
  ["! { ", "} && tool @@"],
  ["A[1]=x; B[$(sub @@)]=$( ", ")"],
  ["exec 3> third; ", "exec 3>&-"],
  ["set -e; cd d; ", "cd -"],
  ["eval ': a'; ", "shopt -s extglob"],
];

const { line } = fc.letrec<{ line: Piece }>((tie) => ({
  line: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    command,
    withHereDocument,
    fc.tuple(tie("line"), fc.constantFrom(...joints), tie("line")).map(([left, joint, right]) => joined(left, joint, right)),
    fc.tuple(fc.constantFrom(...frames), tie("line")).map(([[open, close], inner]) => around(open, inner, close)),
  ),
}));

const nameOf: ReadonlyMap<string, string> = new Map([
  ["'quoted name'", "quoted name"],
  ["\\esc", "esc"],
  ['t"oo"l', "tool"],
]);

/** Names are told only where no condition, no quote and no here-document can keep them from being called. */
const programsIn = (text: string): readonly string[] =>
  names.filter((name) => text.startsWith(`${name} `)).map((name) => nameOf.get(name) ?? name);

export const generatedLines = (count: number, seed: number): readonly ShellLine[] =>
  fc.sample(line, { numRuns: count, seed }).map(({ text, after }) => {
    let number = 0;
    const whole = (text + after).replaceAll("@@", () => {
      number += 1;
      return `m${String(number)}`;
    });
    return { text: whole, programs: programsIn(whole) };
  });

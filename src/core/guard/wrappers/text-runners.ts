/** Programs that take a command as text among their options and words: `watch`, `script -c`, `nodemon --exec`, `nix-shell --run`. */

import type { Reading } from "../reading.ts";
import { nothing } from "../reading.ts";
import type { Word } from "../word.ts";
import { commandOf, interactive, joinReadings, parseOptions, shellOf, type Parsed, type WrapperReader, type Wrapped } from "./options.ts";

interface TextSpec {
  readonly values: string;
  /** Options whose value is text for a shell. */
  readonly texts: readonly string[];
  /** What the other words are: one text for each, one text all together, a command, or nothing of that. */
  readonly words: "texts" | "text" | "command" | "none";
  readonly positionals?: number;
  /** The options stand behind this word. */
  readonly verb?: string;
}

const specs: ReadonlyMap<string, TextSpec> = new Map<string, TextSpec>([
  ["watch", { values: "n q s interval equexit shotsdir", texts: [], words: "text" }],
  ["viddy", { values: "n interval", texts: [], words: "text" }],
  [
    "hyperfine",
    {
      values:
        "w r m M s p c S n i-none N-none u L P D prepare setup cleanup conclude warmup runs shell export-json export-csv export-markdown parameter-list",
      texts: ["prepare", "p", "setup", "s", "cleanup", "c", "conclude"],
      words: "texts",
    },
  ],
  [
    "concurrently",
    {
      values:
        "n c p l m names prefix-colors prefix max-processes restart-tries restart-after name-separator teardown handle-input-none default-input-target timestamp-format",
      texts: ["teardown"],
      words: "texts",
    },
  ],
  ["nodemon", { values: "x w e i d L-none exec watch ext ignore delay signal config cwd", texts: ["x", "exec"], words: "none" }],
  [
    "watchexec",
    { values: "w e f i d s E shell watch exts filter ignore debounce stop-signal workdir project-origin env", texts: [], words: "text" },
  ],
  ["onchange", { values: "i-none d e exclude delay filter poll outpipe", texts: [], words: "none" }],
  ["chokidar", { values: "c command d debounce t throttle i ignore", texts: ["c", "command"], words: "none" }],
  ["entr", { values: "", texts: [], words: "command" }],
  ["reflex", { values: "r g R G e s-none d config", texts: [], words: "command" }],
  [
    "script",
    {
      values: "c O I B E T t o m command log-out log-in log-io echo log-timing logging-format output-limit",
      texts: ["c", "command"],
      words: "command",
      positionals: 1,
    },
  ],
  ["flock", { values: "w E c timeout conflict-exit-code command", texts: [], words: "command", positionals: 1 }],
  ["nix-shell", { values: "p I A run command argstr arg attr packages", texts: ["run", "command"], words: "none" }],
  ["doppler", { values: "p c t project config token command", texts: ["command"], words: "none", verb: "run" }],
  ["infisical", { values: "env path projectId token tags command", texts: ["command"], words: "none", verb: "run" }],
  ["gnome-terminal", { values: "e x command title working-directory geometry profile", texts: ["e", "command"], words: "command" }],
  ["xterm", { values: "T n geometry fn fg bg", texts: [], words: "command" }],
  ["konsole", { values: "e p workdir profile", texts: [], words: "command" }],
  ["start-stop-daemon", { values: "x a p u c d n exec startas pidfile user chuid chdir name", texts: [], words: "command" }],
  [
    "tsc-watch",
    {
      values: "onSuccess onFailure onFirstSuccess onCompilationComplete p project",
      texts: ["onSuccess", "onFailure", "onFirstSuccess"],
      words: "none",
    },
  ],
  ["tsup", { values: "onSuccess d out-dir format", texts: ["onSuccess"], words: "none" }],
  ["start-server-and-test", { values: "expect", texts: [], words: "none" }],
  ["heroku", { values: "a app size env s r remote type", texts: [], words: "text", verb: "run" }],
  ["pee", { values: "", texts: [], words: "texts" }],
  ["mprocs", { values: "names c config", texts: [], words: "texts" }],
]);

export const textRunnerNames: readonly string[] = [...specs.keys()];

export const readTextRunner: WrapperReader = ({ program, args, invocation }) => {
  const spec = specs.get(program);
  if (spec === undefined) return undefined;
  if (spec.verb !== undefined && !args.includes(spec.verb)) return undefined;
  const own = args.slice(spec.verb === undefined ? 0 : args.indexOf(spec.verb) + 1);
  const { values, rest, options } = spec.words === "none" ? anywhere(own, spec.values) : parseOptions(own, spec.values);
  const texts = values.filter(([name]) => spec.texts.includes(name)).map(([, text]) => shellOf(text, program));
  const words = rest.slice(spec.positionals ?? 0);
  // `flock FILE -c TEXT`: options may stand behind the file.
  const behind = parseOptions(words, spec.values);
  const late = behind.options.get("c") ?? behind.options.get("command");
  if (late !== undefined) return joinReadings([...texts, shellOf(late, program)]);
  if (program === "script" && words.length === 0 && texts.length === 0) return aShell(program, invocation);
  return joinReadings([...texts, fromWords(kindOf(program, options, spec), behind.rest, program)]);
};

/** Where the other words are no command, options stand among them, too. */
function anywhere(args: readonly Word[], values: string): Parsed {
  const first = parseOptions(args, values);
  const found = [...first.values];
  const words: Word[] = [];
  for (let rest = first.rest; rest.length > 0;) {
    words.push(rest[0] ?? "");
    const more = parseOptions(rest.slice(1), values);
    found.push(...more.values);
    // What stands behind `--` is a command.
    if (rest[1] === "--") return { options: new Map(found), values: found, rest: [...words, ...rest.slice(1)] };
    rest = more.rest;
  }
  return { options: new Map(found), values: found, rest: words };
}

const aShell = (program: string, invocation: Wrapped["invocation"]): Reading =>
  invocation.stdin === undefined ? interactive(program, invocation) : commandOf(["sh"], program);

/** `entr -s TEXT` and `watch -x COMMAND` turn things round. */
function kindOf(program: string, options: ReadonlyMap<string, Word>, spec: TextSpec): TextSpec["words"] {
  if (program === "entr" && options.has("s")) return "text";
  return program === "watch" && (options.has("x") || options.has("exec")) ? "command" : spec.words;
}

function fromWords(kind: TextSpec["words"], words: readonly Word[], program: string): Reading {
  const plain = words[0] === "--" ? words.slice(1) : words;
  switch (kind) {
    case "texts":
      return joinReadings(plain.map((text) => shellOf(text, program)));
    case "text":
      return plain.length === 0 ? nothing : shellOf(plain.join(" "), program);
    case "command":
      return commandOf(plain, program);
    case "none":
      // Some take a command behind `--`.
      return words.includes("--") ? commandOf(words.slice(words.indexOf("--") + 1), program) : nothing;
  }
}

/** `nix develop -c COMMAND`, `nix shell PACKAGES --command COMMAND`, `nix run PACKAGE -- ARGS`, `guix shell … -- COMMAND`. */
export const readNix: WrapperReader = ({ program, args }: Wrapped) => {
  const at = args.findIndex((word) => word === "-c" || word === "--command");
  if (at >= 0) return commandOf(args.slice(at + 1), `${program} ${args[0] ?? ""}`);
  const dashes = args.indexOf("--");
  if (dashes < 0) return nothing;
  const [, target = ""] = args.filter((word) => !word.startsWith("-"));
  const behind = args.slice(dashes + 1);
  if (args[0] !== "run") return commandOf(behind, `${program} ${args[0] ?? ""}`);
  const name = target.split("#").at(-1) ?? target;
  return commandOf([name === "awscli2" || name === "awscli" ? "aws" : name, ...behind], `${program} run`);
};

/** `sops exec-env FILE TEXT`. */
export const readSops: WrapperReader = ({ program, args }) => {
  const [verb, ...rest] = args.filter((word) => !word.startsWith("-"));
  return verb === "exec-env" || verb === "exec-file"
    ? joinReadings(rest.slice(1).map((text) => shellOf(text, `${program} ${verb}`)))
    : undefined;
};

/** `assume PROFILE --exec TEXT` of granted. */
export const readAssume: WrapperReader = ({ program, args }) => {
  const at = args.findIndex((word) => /^(?:--exec|-ex)(?:=|$)/.test(word));
  const [, inline] = /=([\s\S]*)$/.exec(args[at] ?? "") ?? [];
  if (at < 0) return nothing;
  return joinReadings([
    shellOf(inline ?? args[at + 1] ?? "", program),
    ...(args.includes("--") ? [commandOf(args.slice(args.indexOf("--") + 1), program)] : []),
  ]);
};

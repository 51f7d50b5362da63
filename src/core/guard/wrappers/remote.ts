/** Commands that run on other machines and in containers. */

import type { Nested } from "../invocation.ts";
import type { Reading } from "../reading.ts";
import { nothing } from "../reading.ts";
import { hole, isKnown, type Word } from "../word.ts";
import {
  commandOf,
  interactive,
  joinReadings,
  parseOptions,
  shellOf,
  unread,
  withEnv,
  type Wrapped,
  type WrapperReader,
} from "./options.ts";

/** Another machine has folders and variables of its own. */
const elsewhere = { cwd: hole, env: new Map<string, Word>() };

const sshValues = "b c D E e F I i J L l m O o p Q R S W w B P";

/** `ssh [options] HOST [COMMAND …]`: the words of the command are joined and read by a shell there. */
export const readSsh: WrapperReader = ({ program, args, invocation }) => {
  const { rest, options, values } = parseOptions(args, sshValues);
  const proxies = values.flatMap(([name, value]) => {
    const [, text] = (name === "o" ? /^(?:ProxyCommand|LocalCommand|KnownHostsCommand)[= ]([\s\S]+)$/i.exec(value) : null) ?? [];
    return text === undefined ? [] : [shellOf(text, `${program} -o`)];
  });
  const [host = "", ...words] = rest;
  // Options may stand behind the host, too.
  const { rest: command, options: behind } = parseOptions(words, sshValues);
  return joinReadings([
    ...proxies,
    overSsh(program, { host, command, isTunnel: ["N", "W", "O"].some((name) => options.has(name) || behind.has(name)) }, invocation),
  ]);
};

function overSsh(
  program: string,
  to: { host: Word; command: readonly Word[]; isTunnel: boolean },
  invocation: Wrapped["invocation"],
): Reading {
  const { stdin } = invocation;
  if (to.command.length > 0) {
    return shellOf(to.command.join(" "), `${program} ${isKnown(to.host) ? to.host : "…"}`, {
      ...elsewhere,
      ...(stdin !== undefined && { stdin }),
    });
  }
  // Without a host it is what another program is told to go by: `rsync -e 'ssh -p 22'`.
  if (to.host === "" || to.isTunnel || /^(?:[\w.-]+@)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)$/.test(to.host))
    return nothing;
  if (stdin === undefined) return interactive(program, invocation);
  if (stdin.replaceAll(hole, "").trim() === "" && stdin.includes(hole))
    return unread(program, "text that only running would tell, sent to a shell", invocation);
  return shellOf(stdin, program, { ...elsewhere, stdin: "" });
}

/** Words after the host: `mosh HOST -- COMMAND`. */
export const readMosh: WrapperReader = ({ program, args, invocation }) => {
  const at = args.indexOf("--");
  return at < 0 ? interactive(program, invocation) : commandOf(args.slice(at + 1), program, elsewhere);
};

/** `vagrant ssh -c TEXT`, `gcloud compute ssh HOST --command TEXT`, `fly ssh console -C TEXT`. */
export const readRemoteText: WrapperReader = ({ program, args }) => {
  if (!args.includes("ssh") && !args.includes("exec") && !args.includes("console")) return undefined;
  const at = args.findIndex((word) => /^(?:-c|-C|--command)$/.test(word));
  const inline = args.flatMap((word) => /^--command=([\s\S]*)$/.exec(word)?.[1] ?? []);
  const text = at < 0 ? inline[0] : args[at + 1];
  return text === undefined ? undefined : shellOf(text, program, elsewhere);
};

/** `gh codespace ssh -- COMMAND`. */
export const readGh: WrapperReader = ({ program, args }) => {
  const dashes = args.indexOf("--");
  const isSsh = /^(?:codespace|cs)$/.test(args[0] ?? "") && args[1] === "ssh";
  return isSsh && dashes >= 0 ? commandOf(args.slice(dashes + 1), `${program} codespace ssh`, elsewhere) : undefined;
};

/** Options of `docker run` and `exec` without a value; every other one has one. */
const flags: ReadonlySet<string> = new Set(
  (
    "d detach i interactive t tty rm init privileged P publish-all read-only no-healthcheck sig-proxy q quiet oom-kill-disable help T no-TTY no-deps build " +
    "service-ports use-aliases remove-orphans A all-files rmi tls replace quiet-pull"
  ).split(" "),
);

interface ContainerWords {
  readonly options: ReadonlyMap<string, Word>;
  /** Every option in its order; one may be given more than once. */
  readonly values: readonly (readonly [string, Word])[];
  readonly environment: readonly (readonly [string, Word])[];
  readonly rest: readonly Word[];
}

/** The words behind `run`, `create` or `exec`; `rest` begins with the image or the container. */
export function containerWords(args: readonly Word[]): ContainerWords {
  const values: (readonly [string, Word])[] = [];
  const environment: (readonly [string, Word])[] = [];
  let at = 0;
  for (let word = args[at]; word?.startsWith("-") === true; word = args[at]) {
    at += 1;
    if (word === "--") break;
    const { name, value, takesNext } = containerOption(word);
    const text = takesNext ? (args[at] ?? "") : value;
    if (takesNext) at += 1;
    values.push([name, text]);
    const [, variable, content] = (name === "e" || name === "env" ? /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(text) : null) ?? [];
    if (variable !== undefined && content !== undefined) environment.push([variable, content]);
  }
  return { options: new Map(values), values, environment, rest: args.slice(at) };
}

/** `--name=value`, `--name value`, `-it`, `-eX=1`, `-itv FOLDERS`. */
function containerOption(word: Word): { readonly name: string; readonly value: Word; readonly takesNext: boolean } {
  const equals = word.indexOf("=");
  const name = word.slice(0, equals < 0 ? undefined : equals).replace(/^-+/, "");
  const isLong = word.startsWith("--");
  const isFlag = flags.has(name) || (!isLong && name.split("").every((letter) => flags.has(letter)));
  if (!isLong && !isFlag && name.length > 1) {
    const at = name.split("").findIndex((letter) => !flags.has(letter));
    const value = word.slice(at + 2);
    return { name: name.charAt(at), value, takesNext: value === "" };
  }
  if (equals >= 0) return { name, value: word.slice(equals + 1), takesNext: false };
  return { name, value: "", takesNext: !isFlag };
}

/** Images whose entry point is a tool, by the last part of their name. */
const entryPoints: Readonly<Record<string, string>> = {
  aws: "aws",
  "aws-cli": "aws",
  awscli: "aws",
  rclone: "rclone",
  mc: "mc",
  s5cmd: "s5cmd",
  s3cmd: "s3cmd",
  terraform: "terraform",
  opentofu: "tofu",
  terragrunt: "terragrunt",
  pulumi: "pulumi",
  curl: "curl",
  hugo: "hugo",
  "s3-sync": "s3cmd",
  "infra-tools": "sh",
  git: "git",
};

/** `image`: with or without registry, tag and digest; a service of a compose file by its name. */
function entryPointOf(image: Word): string | undefined {
  const name = image.split("/").at(-1)?.split(/[:@]/)[0] ?? "";
  return Object.hasOwn(entryPoints, name) ? entryPoints[name] : undefined;
}

const globalValues =
  "H c l host context config log-level tlscacert tlscert tlskey namespace address url connection root runroot storage-driver";
const composeValues = "f p profile file project-name project-directory env-file ansi parallel progress";

const withValues = (program: string): string => (program.includes("compose") ? composeValues : globalValues);

interface ContainerCommand {
  /** With `compose`, where that is a word of its own. */
  readonly program: string;
  readonly verb: Word;
  readonly args: readonly Word[];
}

/** What Docker, Podman, nerdctl and their compose are asked to do. */
export function containerCommand(program: string, args: readonly Word[]): ContainerCommand {
  const { rest } = parseOptions(args, withValues(program));
  const [first = "", ...behind] = rest;
  const isCompose = first === "compose";
  const words = isCompose ? parseOptions(behind, composeValues).rest : first === "container" ? behind : rest;
  const [verb = "", ...own] = words;
  return { program: isCompose ? `${program} compose` : program, verb, args: own };
}

export const readContainers: WrapperReader = ({ program, args, invocation }) => inContainer(containerCommand(program, args), invocation);

function inContainer({ program, verb, args }: ContainerCommand, invocation: Wrapped["invocation"]): Reading {
  if (verb !== "exec" && verb !== "run" && verb !== "create") return nothing;
  const { options, environment, rest } = containerWords(args);
  const [target = "", ...command] = rest;
  const env = withEnv(invocation, environment);
  const entry = options.get("entrypoint");
  const through = `${program} ${verb}`;
  if (entry !== undefined && entry !== "") return commandOf([entry, ...command], through, { env });
  const tool = verb === "exec" ? undefined : entryPointOf(target);
  return tool === undefined
    ? commandOf(command, through, { env })
    : joinReadings([commandOf([tool, ...command], through, { env }), commandOf(command, through, { env })]);
}

const kubectlValues =
  "n c f s v namespace container context cluster user kubeconfig filename server token image env port labels overrides pod-running-timeout restart field-manager profile target copy-to";

/** `kubectl exec POD -- COMMAND`, `kubectl run NAME --image=… -- COMMAND`, `kubectl debug`, `kubectl create job`. */
export const readKubectl: WrapperReader = ({ program, args }) => {
  const { rest } = parseOptions(args, kubectlValues);
  const [verb = "", ...words] = rest;
  const isJob = verb === "create" && /^(?:job|cronjob|cj|deployment|deploy)$/.test(words[0] ?? "");
  if (!isJob && !["exec", "run", "debug", "attach"].includes(verb)) return nothing;
  const dashes = words.indexOf("--");
  const through = `${program} ${verb}`;
  if (dashes >= 0) {
    const command = words.slice(dashes + 1);
    const image = /^--image=(?<name>[^:@]*)/.exec(words.find((word) => word.startsWith("--image=")) ?? "")?.groups?.["name"];
    const tool = entryPointOf(image ?? words[words.indexOf("--image") + 1] ?? "");
    return joinReadings([commandOf(command, through), ...(tool === undefined ? [] : [commandOf([tool, ...command], through)])]);
  }
  const { rest: afterPod } = parseOptions(parseOptions(words, kubectlValues).rest.slice(1), kubectlValues);
  return verb === "exec" ? commandOf(afterPod, through) : nothing;
};

/** Text that a terminal multiplexer types or starts. */
const typed = /^(?:Enter|C-[a-z]|M-[a-z]|Escape|Tab|Space|KPEnter)$/;

const multiplexerValues = "t c n s e F x y f L S l-none target-pane target-window p-none T";

const tmuxVerbs: ReadonlySet<string> = new Set(
  (
    "new new-session neww new-window splitw split-window respawnp respawn-pane respawnw respawn-window run run-shell if if-shell popup display-popup " +
    "pipe-pane pipep send send-keys"
  ).split(" "),
);

export const readTmux: WrapperReader = ({ program, args, invocation }) => {
  const { rest } = parseOptions(args, "L S f c T");
  const readings: Reading[] = [];
  let verb = "";
  let words: Word[] = [];
  const finish = (): void => {
    if (tmuxVerbs.has(verb)) readings.push(inPane(`${program} ${verb}`, verb, words));
    words = [];
    verb = "";
  };
  for (const word of rest) {
    if (word === ";" || word === String.raw`\;`) finish();
    else if (verb === "") verb = word;
    else words.push(word);
  }
  finish();
  return rest.length === 0 ? interactive(program, invocation) : joinReadings(readings);
};

function inPane(through: string, verb: string, words: readonly Word[]): Reading {
  const { rest } = parseOptions(words, verb.startsWith("if") || verb.startsWith("run") ? "t b-none c d" : multiplexerValues);
  if (verb.startsWith("send")) return shellOf(rest.map((word) => (typed.test(word) ? "\n" : word)).join(""), through, {});
  if (verb.startsWith("if")) return joinReadings(rest.slice(0, 1).map((text) => shellOf(text, through)));
  // One word is text for a shell, several are a command as they are.
  return rest.length > 1 ? commandOf(rest, through) : joinReadings(rest.map((text) => shellOf(text, through)));
}

export const readScreen: WrapperReader = ({ program, args, invocation }) => {
  const at = args.indexOf("-X");
  if (at >= 0) {
    const [command, ...words] = args.slice(at + 1);
    const text = words.join(" ").replaceAll(/\\n|\\015|\^M/g, "\n");
    return command === "stuff" || command === "exec" || command === "screen" ? shellOf(text, `${program} ${command}`) : nothing;
  }
  const { rest } = parseOptions(args, "S c e h p s t T r x");
  return rest.length > 0
    ? commandOf(rest, program)
    : args.some((word) => /^-(?:ls|list|wipe|v)/.test(word))
      ? nothing
      : interactive(program, invocation);
};

/** `at`, `batch` and `crontab` read what they will run from their input or a file. */
export const readAt: WrapperReader = ({ program, args, invocation }) => {
  const { options } = parseOptions(args, "f t q");
  if (["l", "d", "r", "c", "V"].some((flag) => options.has(flag))) return nothing;
  const file = options.get("f");
  if (file !== undefined) return { effects: [], nested: [{ kind: "file", path: file, as: "shell", args: [], through: program }] };
  const { stdin } = invocation;
  if (stdin === undefined) return interactive(program, invocation);
  return stdin === hole ? unread(program, "text that only running would tell", invocation) : shellOf(stdin, program);
};

export const readCrontab: WrapperReader = ({ program, args, invocation, facts }) => {
  const { options, rest } = parseOptions(args, "u");
  if (["l", "r", "e", "i"].some((flag) => options.has(flag))) return nothing;
  const [file] = rest;
  const text = file === undefined || file === "-" ? invocation.stdin : textOf(file, { invocation, facts });
  if (text === undefined) return nothing;
  if (text === hole) return unread(program, "a table that only running would tell", invocation);
  const nested = text.split("\n").flatMap((line): Nested[] => {
    const [, command] = /^\s*(?:@\w+|(?:[\d*/,A-Za-z-]+\s+){5})\s*(.+)$/.exec(line.startsWith(hole) ? line.slice(1) : line) ?? [];
    return command === undefined || /^\s*#/.test(line) ? [] : [{ kind: "shell", text: command, at: {}, through: program }];
  });
  return { effects: [], nested };
};

function textOf(file: Word, { invocation, facts }: Pick<Wrapped, "invocation" | "facts">): Word | undefined {
  const found = facts.readFile(file.startsWith("/") ? file : `${invocation.cwd}/${file}`);
  return found === undefined ? undefined : found.kind === "text" ? found.text : hole;
}

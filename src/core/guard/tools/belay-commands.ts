/** belay's own commands: those that it asks a person for, in every way of starting it. */

import { agentMarks } from "../agent-marks.ts";
import type { Reading } from "../reading.ts";
import { hole, type Word } from "../word.ts";
import { parseArguments, words, type Arguments } from "./arguments.ts";
import { effectOf, reading, type Call, type ToolReader } from "./reading-of.ts";

const guard = (call: Call, about: string): Reading =>
  reading(effectOf(call, { tool: "belay", verb: "configure", destination: { kind: "guard", about } }));

/** What belay asks a person for. It refuses most of these to an agent by itself; here they end before they start. */
const personsCommands: readonly { readonly line: RegExp; readonly unless?: RegExp }[] = [
  { line: /^approve(?: |$)/u },
  { line: /^policy approve(?: |$)/u },
  { line: /^tokens retire(?: |$)/u },
  { line: /^warn resolve(?: |$)/u },
  { line: /^uninstall(?: |$)/u, unless: /--check|--help/u },
];

const disguise = "belay with the agent's marks taken off";
const isEmpty = (word: Word): boolean => /^(?:0|false)?$/u.test(word);

function readBelay(call: Call): Reading {
  if ([...call.invocation.env].some(([name, value]) => agentMarks.has(name) && isEmpty(value))) return guard(call, disguise);
  const given = parseArguments(call.args, {
    valued: words("--site --config --by --wait --change --why --note --emergency --target --to --from --confirm --paths"),
  });
  const line = given.operands.join(" ").replaceAll(hole, "…");
  if (call.args.some((word) => word === "--help" || word === "-h")) return reading();
  const person = personsCommands.find((one) => one.line.test(line) && one.unless?.test(call.args.join(" ")) !== true);
  if (person !== undefined) return guard(call, `belay ${line.split(" ").slice(0, wordsOf(line)).join(" ")}`);
  const option = personsOption(given);
  return option === undefined ? reading() : guard(call, `belay ${option}`);
}

const wordsOf = (line: string): number => (/^(?:policy|tokens|warn)\b/u.test(line) ? 2 : 1);

function personsOption({ operands: [verb = ""], options }: Arguments): string | undefined {
  if (options.has("--emergency")) return `${verb} --emergency`;
  if (verb === "harden" && options.has("--apply")) return "harden --apply";
  if (verb === "watch" && options.has("--start")) return "watch --start";
  return verb === "verify" && options.has("--by") && options.has("--note") ? "verify --by" : undefined;
}

const startFile = /(?:^|\/)(?:@belay-site\/)?belay\/(?:dist|src)\/main\.(?:[cm]?js|ts)$|(?:^|\/)\.bin\/belay$/u;

/** `node …/belay/dist/main.js approve`. */
export function readNode(call: Call): Reading | undefined {
  const at = call.args.findIndex((word) => !word.startsWith("-") && !/^(?:run|tsx|exec)$/u.test(word));
  return at >= 0 && startFile.test(call.args[at] ?? "")
    ? readBelay({ ...call, program: "belay", args: call.args.slice(at + 1) })
    : undefined;
}

/** An approval is a signature under a name of its own; a key that signs it by itself needs no belay. */
function readSshKeygen(call: Call): Reading | undefined {
  const given = parseArguments(call.args, { valued: words("-Y -n -f -I -s -O -P -N -C -b -t -F -R") });
  const isSigning = given.options.get("-Y")?.includes("sign") === true;
  return isSigning && (given.options.get("-n") ?? []).some((name) => name.includes("belay") || name.includes(hole))
    ? guard(call, "belay approve")
    : undefined;
}

/** By base name. */
export const belayReaders: readonly (readonly [string, ToolReader])[] = [
  ["belay", readBelay],
  ["ssh-keygen", readSshKeygen],
  ...["node", "nodejs", "deno", "tsx", "ts-node"].map((name) => [name, readNode] as const),
];

/** `ansible HOSTS -m MODULE -a ARGUMENTS`. Source: the indexes of ansible.builtin, amazon.aws and community.aws. */

import type { Effect } from "../effect.ts";
import { parseArguments, valueOf, words } from "./arguments.ts";
import { effectOf, filePlace, mention, onlyKnown, reading, type Call, type ToolReader } from "./reading-of.ts";

const valued = words(
  "-m --module-name -a --args -i --inventory -l --limit -e --extra-vars -u --user -f --forks -c --connection -T --timeout -B --background -P --poll -t --tree -M --module-path --private-key --key-file --become-user --become-method --playbook-dir --vault-id --vault-password-file -o",
);

/** Modules that look, or run a text that is read elsewhere. */
const harmless =
  /(?:_info|_facts|_stat)$|^(?:ping|setup|debug|stat|slurp|find|getent|assert|shell|command|raw|script|expect|pause|wait_for)$/u;
const looks = /(?:^|[\s,{"'])(?:mode["']?\s*[=:]\s*["']?(?:get|list|geturl|getstr)\b|state["']?\s*[=:]\s*["']?(?:query|list)\b)/u;

/** What `-m` names, by the places among its arguments; on this machine the files, too. */
const readAnsible: ToolReader = (call) => {
  const given = parseArguments(call.args, { valued });
  const module = (valueOf(given, "-m", "--module-name") ?? "command").split(".").at(-1) ?? "";
  const text = valueOf(given, "-a", "--args") ?? "";
  if (given.options.has("-C") || given.options.has("--check") || harmless.test(module) || looks.test(text)) return reading();
  const isHere = /^(?:localhost|127\.0\.0\.1)\b|^all$/u.test(given.operands[0] ?? "") || valueOf(given, "-c", "--connection") === "local";
  return reading(
    effectOf(call, { tool: `ansible ${module}`, verb: "write", destination: mention(onlyKnown(text)) }),
    ...(isHere ? files(call, module, text) : []),
  );
};

const files = (call: Call, module: string, text: string): Effect[] =>
  [...text.matchAll(/(?:^|[\s,{"'])(?:dest|path|name)["']?\s*[=:]\s*["']?(?<path>[~/.][^\s"',}]*)/gu)].map((found) =>
    effectOf(call, { tool: `ansible ${module}`, verb: "write", destination: filePlace(call, found.groups?.["path"] ?? "") }),
  );

/** By base name. */
export const ansibleReaders: readonly (readonly [string, ToolReader])[] = [["ansible", readAnsible]];

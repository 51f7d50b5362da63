/** Folders of this machine that a container is given, and files that are copied out of one. Source: Docker's command reference. */

import type { Effect } from "../effect.ts";
import { guardFileAt } from "../guard-files.ts";
import type { Reading } from "../reading.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { containerCommand, containerWords } from "../wrappers/remote.ts";
import { parseArguments } from "./arguments.ts";
import { effectOf, filePlace, pathOf, reading, type Call, type ToolReader } from "./reading-of.ts";

interface Mount {
  readonly from: Word;
  readonly isReadOnly: boolean;
}

/** What stands before the image; everything behind it is the container's own. */
const mountsIn = (args: readonly Word[]): Mount[] =>
  containerWords(args).values.flatMap(([name, text]) => (/^(?:v|volume|mount)$/u.test(name) ? [mountOf(text)] : []));

function mountOf(text: Word): Mount {
  const fields = text.split(",");
  const source = fields.find((one) => /^(?:source|src)=/u.test(one));
  if (source !== undefined)
    return {
      from: source.slice(source.indexOf("=") + 1),
      isReadOnly: fields.some((one) => /^(?:readonly|ro)(?:=(?:true|1))?$/u.test(one)),
    };
  const [from = "", , options = ""] = text.split(":");
  return { from, isReadOnly: options.split(",").includes("ro") };
}

function mountEffects(call: Call, { from, isReadOnly }: Mount): Effect[] {
  // A name without a slash is a volume; credentials are handed in to be read.
  if (isReadOnly || !(/^[./~]/u.test(from) || from.startsWith(hole))) return [];
  const path = pathOf(call, from);
  if (guardFileAt(path)?.code === "credentials-touched") return [];
  // Whoever is given the root has all that is below it.
  const tool = path === "/" ? `mount by ${call.program} run` : `${call.program} run -v`;
  const itself = effectOf(call, { tool, verb: "configure", destination: { kind: "file", path } });
  const { cwd } = call.invocation;
  const isOwn =
    !isKnown(path) || cwd === path || path === "/" || cwd.startsWith(`${path}/`) || guardFileAt(path, { isTree: true }) !== undefined;
  // A folder above a guarded one takes it along; the project's own, and those above it, are mounted every day.
  return isOwn ? [itself] : [itself, effectOf(call, { tool, verb: "configure", destination: filePlace(call, `${path}/${hole}`) })];
}

function readContainer(call: Call): Reading | undefined {
  const { verb, args } = containerCommand(call.program, call.args);
  if (verb === "run" || verb === "create") return reading(...mountsIn(args).flatMap((mount) => mountEffects(call, mount)));
  if (verb !== "cp") return undefined;
  const [from, to] = parseArguments(args, {}).operands;
  if (from === undefined || to === undefined || /^[^/.]+:/u.test(to)) return undefined;
  return reading(effectOf(call, { tool: `${call.program} cp`, verb: "write", destination: filePlace(call, to) }));
}

export const containerReaders: readonly (readonly [string, ToolReader])[] = [
  "docker",
  "podman",
  "nerdctl",
  "finch",
  "docker-compose",
  "podman-compose",
].map((name) => [name, readContainer] as const);

/** Archives: where they are unpacked to, and where they are written. Sources: the manuals of tar, unzip, 7-Zip, cpio. */

import type { Effect } from "../effect.ts";
import type { Reading } from "../reading.ts";
import { hole, type Word } from "../word.ts";
import { has, parseArguments, valueOf, words } from "./arguments.ts";
import { effectOf, filePlace, reading, type Call, type ToolReader } from "./reading-of.ts";

const into = (call: Call, tool: string, folder: Word): Effect =>
  effectOf(call, { tool, verb: "write", destination: filePlace(call, `${folder}/${hole}`) });
const onto = (call: Call, tool: string, path: Word): Effect => effectOf(call, { tool, verb: "write", destination: filePlace(call, path) });

const tarValued: ReadonlySet<string> = words(
  "-f --file -C --directory -X --exclude-from -T --files-from --exclude -I --use-compress-program --transform --xform -g --listed-incremental -L --mode --owner --group --mtime --strip-components --to-command -b -H --format -K -N -V",
);

/** The first word may be a bundle of letters without a dash: `tar xzf FILE`. */
function readTar(call: Call): Reading {
  const [first = "", ...rest] = call.args;
  const args = /^[A-Za-z]+$/u.test(first) ? [...bundled(first, rest)] : call.args;
  const given = parseArguments(args, { valued: tarValued });
  const folder = valueOf(given, "-C", "--directory") ?? ".";
  if (has(given, "-x", "--extract", "--get")) {
    const names = given.operands.filter((name) => !/[*?[]/u.test(name)).map((name) => onto(call, "tar -x", `${folder}/${name}`));
    return has(given, "-O", "--to-stdout") ? reading() : reading(into(call, "tar -x", folder), ...names);
  }
  const file = valueOf(given, "-f", "--file");
  const makes = has(given, "-c", "--create", "-r", "--append", "-u", "--update", "-A", "--delete");
  return makes && file !== undefined && file !== "-" ? reading(onto(call, "tar -c", file)) : reading();
}

/** Letters that take a value take the words behind the bundle in turn. */
function bundled(letters: string, rest: readonly Word[]): Word[] {
  const values = [...rest];
  const options = letters
    .split("")
    .flatMap((letter) => (tarValued.has(`-${letter}`) && values.length > 0 ? [`-${letter}`, values.shift() ?? ""] : [`-${letter}`]));
  return [...options, ...values];
}

function readUnzip(call: Call): Reading {
  const given = parseArguments(call.args, { valued: words("-d -x -P -O -I") });
  return has(given, "-l", "-t", "-p", "-v", "-Z", "-c", "-z") ? reading() : reading(into(call, "unzip", valueOf(given, "-d") ?? "."));
}

function read7z(call: Call): Reading {
  const [command = "", archive = ""] = call.args.filter((word) => !word.startsWith("-"));
  if (command === "x" || command === "e")
    return reading(into(call, `7z ${command}`, call.args.find((word) => word.startsWith("-o"))?.slice(2) ?? "."));
  return /^[adu]$/u.test(command) ? reading(onto(call, `7z ${command}`, archive)) : reading();
}

function readCpio(call: Call): Reading {
  const given = parseArguments(call.args, { valued: words("-D --directory -F --file -O -I -E -H -C -M -R") });
  if (has(given, "-p", "--pass-through")) return reading(into(call, "cpio -p", given.operands[0] ?? "."));
  return has(given, "-i", "--extract") && !has(given, "-t")
    ? reading(into(call, "cpio -i", valueOf(given, "-D", "--directory") ?? "."))
    : reading();
}

const readZip = (call: Call): Reading => {
  const [archive] = parseArguments(call.args, { valued: words("-b -i -x -n -t -tt -P -s -O --out") }).operands;
  return archive === undefined || archive === "-" ? reading() : reading(onto(call, "zip", archive));
};

/** By base name. */
export const archiveReaders: readonly (readonly [string, ToolReader])[] = [
  ["tar", readTar],
  ["gtar", readTar],
  ["bsdtar", readTar],
  ["unzip", readUnzip],
  ["zip", readZip],
  ["7z", read7z],
  ["7za", read7z],
  ["7zz", read7z],
  ["cpio", readCpio],
  ["unrar", (call) => (/^[xe]$/u.test(call.args[0] ?? "") ? reading(into(call, "unrar", call.args.at(-1) ?? ".")) : reading())],
];

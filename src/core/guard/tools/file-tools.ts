/** Programs that write, move and delete files: `cp`, `rm`, `tee`, `rsync` and their kin. Sources: their manuals (GNU and BSD). */

import type { Effect, EffectVerb } from "../effect.ts";
import type { Reading } from "../reading.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { lastPart } from "../absolute-path.ts";
import { has, parseArguments, valueOf, valuesOf, words, type Arguments, type ArgumentStyle } from "./arguments.ts";
import { patchedPaths } from "./patched-paths.ts";
import { effectOf, filePlace, pathOf, reading, type Call, type ToolReader } from "./reading-of.ts";

interface Touch {
  readonly tool: string;
  readonly verb: EffectVerb;
  readonly path: Word;
  readonly source?: Word | undefined;
}

const fileEffect = (call: Call, { tool, verb, path, source }: Touch): Effect =>
  effectOf(call, { tool, verb, destination: filePlace(call, path), source: source === undefined ? undefined : filePlace(call, source) });

const copyValued: ReadonlySet<string> = words("-t --target-directory -S --suffix -m --mode -o --owner -g --group");

/** `SOURCE… DESTINATION`, or `-t FOLDER SOURCE…`. The destination may be a folder, so that what lands in it counts as well. */
function copies(tool: string, { takes }: { readonly takes: boolean }): ToolReader {
  return (call) => {
    const given = parseArguments(call.args, { valued: copyValued });
    if (has(given, "--help", "--version")) return reading();
    if (tool === "install" && has(given, "-d", "--directory"))
      return reading(...given.operands.map((path) => fileEffect(call, { tool, verb: "write", path })));
    const folder = valueOf(given, "-t", "--target-directory");
    const sources = folder === undefined ? given.operands.slice(0, -1) : given.operands;
    const to = folder ?? given.operands.at(-1);
    if (to === undefined || sources.length === 0) return reading();
    const isTree = has(given, "-r", "-R", "-a", "--recursive", "--archive");
    const isFolder = folder !== undefined || sources.length > 1 || mayBeFolder(call, to);
    const written = sources.flatMap((source) =>
      landings({ to, source, isTree, isFolder }).map((path) => fileEffect(call, { tool, verb: "write", path, source })),
    );
    const taken = takes ? sources.map((path) => fileEffect(call, { tool, verb: "delete", path })) : [];
    return reading(...written, ...taken);
  };
}

interface Landing {
  readonly to: Word;
  readonly source: Word;
  readonly isTree: boolean;
  readonly isFolder: boolean;
}

/** A name with an ending is a file, unless a folder of that name is there. */
function mayBeFolder(call: Call, to: Word): boolean {
  if (to.endsWith("/") || !/[^./][^/]*\.[^./]+$/u.test(lastPart(to))) return true;
  const path = pathOf(call, to);
  return isKnown(path) && call.facts.listFolder(path).length > 0;
}

/** Where a source may land: at the name given, or in the folder of that name; of a folder's content, anywhere in it. */
function landings({ to, source, isTree, isFolder }: Landing): Word[] {
  const name = lastPart(source);
  const isContent = name === "" || name === "." || name === ".." || !isFolder;
  const inside = isContent ? [] : [`${to.replace(/\/+$/u, "") || "/"}/${name}`];
  const below = isTree ? [`${to.replace(/\/+$/u, "")}/${hole}`, ...inside.map((path) => `${path}/${hole}`)] : [];
  return [...(to.endsWith("/") && inside.length > 0 ? [] : [to]), ...inside, ...below];
}

/** A link opens another way to what it leads to, and replaces what stands at its name. */
function readLn(call: Call): Reading {
  const given = parseArguments(call.args, { valued: copyValued });
  const folder = valueOf(given, "-t", "--target-directory");
  const targets = folder === undefined && given.operands.length > 1 ? given.operands.slice(0, -1) : given.operands;
  const to = folder ?? (given.operands.length > 1 ? given.operands.at(-1) : ".");
  if (to === undefined) return reading();
  const isFolder = folder !== undefined || mayBeFolder(call, to);
  const written = targets.flatMap((source) =>
    landings({ to, source, isTree: false, isFolder }).map((path) => fileEffect(call, { tool: "ln", verb: "write", path, source })),
  );
  return reading(...written, ...targets.map((path) => fileEffect(call, { tool: "ln", verb: "configure", path })));
}

/** Every operand is touched. `skip`: operands before the paths, such as a mode. */
function touches(verb: EffectVerb, { skip = 0, valued = "-s" }: { readonly skip?: number; readonly valued?: string } = {}): ToolReader {
  return (call) => {
    const given = parseArguments(call.args, { valued: words(valued) });
    if (has(given, "--help", "--version")) return reading();
    const paths = given.operands.slice(has(given, "--reference") ? 0 : skip);
    return reading(...paths.map((path) => fileEffect(call, { tool: call.program, verb, path })));
  };
}

const isMode = (word: Word): boolean => /^-[rwxXstugoa,+=-]+$/u.test(word);

/** `chmod -x FILE`: a mode may look like an option. */
function readChmod(call: Call): Reading {
  const given = parseArguments(
    call.args.filter((word) => !isMode(word)),
    { valued: words("--reference") },
  );
  const hasMode = call.args.some(isMode) || has(given, "--reference");
  return reading(...given.operands.slice(hasMode ? 0 : 1).map((path) => fileEffect(call, { tool: "chmod", verb: "configure", path })));
}

/** A time that is given is made up; now is not. */
function readTouch(call: Call): Reading {
  const given = parseArguments(call.args, { valued: words("-d --date -t -r --reference --time -A") });
  const forged =
    ["-d", "-t", "-r", "-A"].find((name) => has(given, name)) ??
    (has(given, "--date") ? "-d" : has(given, "--reference") ? "-r" : undefined);
  const when = valueOf(given, "-d", "--date");
  const isForged = forged !== undefined && when !== "now" && when !== "today";
  return reading(
    ...given.operands.flatMap((path) => [
      fileEffect(call, { tool: "touch", verb: "write", path }),
      ...(isForged ? [fileEffect(call, { tool: `touch ${forged}`, verb: "configure", path })] : []),
    ]),
  );
}

function readDd(call: Call): Reading {
  return reading(
    ...call.args.flatMap((word) =>
      word.startsWith("of=") ? [fileEffect(call, { tool: "dd", verb: "write", path: word.slice(3), source: sourceOf(call) })] : [],
    ),
  );
}

const sourceOf = (call: Call): Word | undefined => call.args.find((word) => word.startsWith("if="))?.slice(3);

const sedStyle: ArgumentStyle = { valued: words("-e --expression -f --file -l --line-length") };

/** `sed -i`: the first operand is the script, unless an option gives it. `-i SUFFIX` of BSD makes one word more. */
function readSed(call: Call): Reading | undefined {
  const inPlace =
    call.args.some((word) => /^-[a-zA-Z]*[iI]/u.test(word) && !/^-[efl]/u.test(word)) ||
    call.args.some((word) => word.startsWith("--in-place"));
  if (!inPlace) return undefined;
  const given = parseArguments(
    call.args.filter((word) => !/^-i./u.test(word)),
    sedStyle,
  );
  const hasScript = has(given, "-e", "--expression", "-f", "--file");
  return reading(...given.operands.slice(hasScript ? 0 : 1).map((path) => fileEffect(call, { tool: "sed -i", verb: "write", path })));
}

const rsyncValued: ReadonlySet<string> = words(
  "-e --rsh --rsync-path --exclude --include --exclude-from --include-from --files-from -f --filter -B --block-size --bwlimit --backup-dir --suffix --chmod --chown --compare-dest --copy-dest --link-dest --log-file --log-file-format --max-delete --max-size --min-size --modify-window -@ --out-format --partial-dir --password-file --port --sockopts -T --temp-dir --timeout --contimeout --info --debug --iconv --checksum-choice --compress-level --skip-compress -M --remote-option --stop-after --groupmap --usermap --write-batch --read-batch",
);

const isRemote = (path: Word): boolean => /^[^/]*:/u.test(path);

/** `user@localhost:/path` is a path of this machine. */
const onThisMachine = (path: Word): Word => path.replace(/^(?:[^/@:]*@)?(?:localhost|127(?:\.\d+){3}|\[::1\]|::1):{1,2}/iu, "");

function readRsync(call: Call): Reading {
  const given = parseArguments(call.args.map(onThisMachine), { valued: rsyncValued });
  if (has(given, "-n", "--dry-run", "--list-only", "--help", "--version")) return reading();
  const to = given.operands.at(-1);
  const sources = given.operands.slice(0, -1);
  const backup = valuesOf(given, "--backup-dir", "--log-file").map((path) => fileEffect(call, { tool: "rsync", verb: "write", path }));
  if (to === undefined || sources.length === 0) return reading(...backup);
  const written = isRemote(to) ? [] : sources.flatMap((source) => rsyncLandings(call, { given, to, source }));
  const taken = has(given, "--remove-source-files")
    ? sources.filter((path) => !isRemote(path)).map((path) => fileEffect(call, { tool: "rsync", verb: "delete", path }))
    : [];
  return reading(...written, ...taken, ...backup);
}

function rsyncLandings(
  call: Call,
  { given, to, source }: { readonly given: Arguments; readonly to: Word; readonly source: Word },
): Effect[] {
  const verb: EffectVerb = [...given.options.keys()].some((name) => name.startsWith("--del")) ? "delete" : "write";
  const isTree = has(given, "-r", "-a", "--recursive", "--archive");
  const from = isRemote(source) ? undefined : source;
  // With a slash at its end, a folder's content is meant and not the folder.
  const paths = landings({ to, source: source.endsWith("/") ? `${source}.` : source, isTree, isFolder: mayBeFolder(call, to) });
  return paths.map((path, at) => fileEffect(call, { tool: "rsync", verb: at === 0 ? verb : "write", path, source: from }));
}

/** `scp`, `sftp` fetch: only what lands on this machine. */
function readScp(call: Call): Reading {
  const given = parseArguments(call.args.map(onThisMachine), { valued: words("-c -D -F -i -J -l -o -P -S -X -b -R -s -B") });
  const to = given.operands.at(-1);
  const sources = given.operands.slice(0, -1);
  if (to === undefined || isRemote(to)) return reading();
  return reading(
    ...sources.flatMap((source) =>
      landings({ to, source, isTree: has(given, "-r"), isFolder: mayBeFolder(call, to) }).map((path) =>
        fileEffect(call, { tool: call.program, verb: "write", path, ...(isRemote(source) ? {} : { source }) }),
      ),
    ),
  );
}

function readPatch(call: Call): Reading {
  const given = parseArguments(call.args, { valued: words("-d --directory -i --input -o --output -p --strip -B -D -F -g -r -V -x -Y -z") });
  if (has(given, "--dry-run")) return reading();
  const folder = valueOf(given, "-d", "--directory") ?? ".";
  const [file] = given.operands;
  const output = valueOf(given, "-o", "--output");
  const input = valueOf(given, "-i", "--input");
  const text = call.invocation.stdin ?? (input === undefined ? undefined : readText(call, input));
  const named = patchedPaths(text ?? "");
  const paths = [
    ...(file === undefined ? [] : [file]),
    ...(output === undefined ? [] : [output]),
    ...named.map((path) => `${folder}/${path}`),
    `${folder}/${hole}`,
  ];
  return reading(...paths.map((path) => fileEffect(call, { tool: "patch", verb: "write", path })));
}

function readText(call: Call, path: Word): string | undefined {
  const place = filePlace(call, path);
  const file = place.kind === "file" && !place.path.includes(hole) ? call.facts.readFile(place.path) : undefined;
  return file?.kind === "text" ? file.text : undefined;
}

/** Options that name a file which is written: `sort -o`, `gcc -o`, `jq` has none. */
const outputs =
  (option: string, long: string): ToolReader =>
  (call) => {
    const given = parseArguments(call.args, { valued: words(`${option} ${long} -k -t -S -T`) });
    return reading(
      ...valuesOf(given, option, long).map((path) => fileEffect(call, { tool: `${call.program} ${option}`, verb: "write", path })),
    );
  };

/** Packers put their result beside what they are given, unless it goes to standard output. */
const packs: ToolReader = (call) => {
  const given = parseArguments(call.args, { valued: words("-o --output -S --suffix -T --threads -D -q --quality") });
  if (has(given, "-c", "--stdout", "--to-stdout", "-t", "--test", "-l", "--list", "--help", "--version")) return reading();
  const paths = [...given.operands, ...valuesOf(given, "-o", "--output")];
  return reading(...paths.map((path) => fileEffect(call, { tool: call.program, verb: "write", path })));
};

/** By base name. */
export const fileReaders: readonly (readonly [string, ToolReader])[] = [
  ["cp", copies("cp", { takes: false })],
  ["gcp", copies("cp", { takes: false })],
  ["ditto", copies("cp", { takes: false })],
  ["install", copies("install", { takes: false })],
  ["mv", copies("mv", { takes: true })],
  ["gmv", copies("mv", { takes: true })],
  ["ln", readLn],
  ["link", readLn],
  ["rm", touches("delete")],
  ["grm", touches("delete")],
  ["rmdir", touches("delete")],
  ["unlink", touches("delete")],
  ["shred", touches("delete", { valued: "-n -s --iterations --size --random-source" })],
  ["srm", touches("delete")],
  ["trash", touches("delete")],
  ["trash-put", touches("delete")],
  ["truncate", touches("write", { valued: "-s --size -r --reference" })],
  ["fallocate", touches("write", { valued: "-l -o" })],
  ["tee", touches("write")],
  ["sponge", touches("write")],
  ["mkdir", touches("write", { valued: "-m --mode" })],
  ["mkfifo", touches("write", { valued: "-m --mode" })],
  ["chmod", readChmod],
  ["chown", touches("configure", { skip: 1, valued: "--reference --from" })],
  ["chgrp", touches("configure", { skip: 1, valued: "--reference" })],
  ["chattr", touches("configure", { skip: 1, valued: "-p -v" })],
  ["chflags", touches("configure", { skip: 1 })],
  ["setfacl", touches("configure", { valued: "-m -x -M -X --modify --remove --set" })],
  ["setfattr", touches("configure", { valued: "-n -v -x --name --value --remove" })],
  ["xattr", touches("configure", { skip: 1 })],
  ["touch", readTouch],
  ["dd", readDd],
  ["sed", readSed],
  ["gsed", readSed],
  ["rsync", readRsync],
  ["scp", readScp],
  ["sftp", readScp],
  ["patch", readPatch],
  ["gzip", packs],
  ["gunzip", packs],
  ["xz", packs],
  ["unxz", packs],
  ["bzip2", packs],
  ["bunzip2", packs],
  ["zstd", packs],
  ["unzstd", packs],
  ["brotli", packs],
  ["dos2unix", touches("write")],
  ["unix2dos", touches("write")],
  ["rename", touches("delete", { skip: 1 })],
  ["sort", outputs("-o", "--output")],
];

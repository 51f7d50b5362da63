/** rclone. Source: rclone.org/commands and rclone.org/docs. */

import type { Effect, EffectVerb, Place } from "../effect.ts";
import type { Reading } from "../reading.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { isOn, parseArguments, valueOf, words, type Arguments } from "./arguments.ts";
import { areLocal, withoutServices } from "./local-endpoint.ts";
import { bucketAndKey, effectOf, filePlace, mention, onlyKnown, reading, textOf, type Call } from "./reading-of.ts";

const flags: ReadonlySet<string> = words(
  "--dry-run --interactive --progress --verbose --quiet --checksum --update --ignore-existing --ignore-times --size-only --fast-list --immutable --delete-after --delete-before --delete-during --delete-excluded --no-traverse --no-check-dest --inplace --metadata --server-side-across-configs --create-empty-src-dirs --resync --force --stats-one-line --use-json-log --ignore-size --ignore-checksum --ignore-errors --ignore-case --ignore-case-sync --links --copy-links --one-file-system --track-renames --s3-no-check-bucket --s3-env-auth --s3-no-head --s3-force-path-style --s3-use-accelerate-endpoint --rmdirs --leave-root --read-only --allow-other --allow-non-empty --daemon --auto-filename --print-filename --no-clobber --error-on-no-transfer --human-readable --no-update-modtime --use-server-modtime --download --one-way --recursive --timestamp --by-hash --no-console -P -v -vv -n -i -q -u -c -I -L -l -M -x -R",
);
const valued: ReadonlySet<string> = words(
  "--config --transfers --checkers --include --exclude --filter --include-from --exclude-from --filter-from --files-from --bwlimit --log-file --log-level --max-age --min-age --max-size --min-size --max-delete --max-transfer --retries --stats --backup-dir --suffix --compare-dest --copy-dest --cache-dir --vfs-cache-mode --header-upload --header --metadata-set --s3-acl --s3-region --s3-provider --s3-endpoint --s3-profile --s3-access-key-id --s3-secret-access-key --s3-storage-class --s3-chunk-size --s3-upload-concurrency --s3-upload-cutoff --s3-shared-credentials-file --s3-location-constraint --s3-server-side-encryption --contimeout --timeout --order-by --modify-window --conflict-resolve --addr --rc-addr --url --json --user --pass --timestamp-format --dedupe-mode -f -t -C -d",
);

/** Commands that leave a remote as it is, or have nothing to do with one. */
const reads: ReadonlySet<string> = words(
  "ls lsd lsl lsf lsjson size check cryptcheck checksum hashsum md5sum sha1sum cat tree ncdu about version help listremotes config link obscure genautocomplete completion selfupdate gendocs test convmv authorize nfsmount-help hashsum archive-list",
);

const deletes: ReadonlySet<string> = words("delete deletefile purge rmdir rmdirs cleanup");
const copies: ReadonlySet<string> = words("copy copyto sync move moveto copyurl bisync archive");

export function readRclone(call: Call): Reading {
  const given = parseArguments(call.args, { flags, valued, unknown: "flag" });
  const [command = "", ...operands] = surplusTaken(given.operands);
  if (reads.has(command) || isOn(given, "-n", "--dry-run", "-i", "--interactive", "-h", "--help")) return reading();
  const found = readCommand(call, { tool: `rclone ${isKnown(command) ? command : "…"}`, command, operands }, given);
  const isEmulated = areLocal([valueOf(given, "--s3-endpoint") ?? call.invocation.env.get("RCLONE_S3_ENDPOINT")]);
  return isEmulated ? withoutServices(found) : found;
}

function readCommand(call: Call, copying: Copying, given: Arguments): Reading {
  if (copying.command === "backend") return backendEffects(call, copying.operands, given);
  if (copying.command === "rcd") {
    const about = "a server that does what any program asks of it";
    return reading(effectOf(call, { tool: "rclone rcd", verb: "delegate", destination: { kind: "opaque", about } }));
  }
  return reading(...(copying.command === "rc" ? remoteControl(call, copying.operands, given) : commandEffects(call, copying, given)));
}

/** Paths of the remote control that leave everything as it is. */
const rcReads =
  /^(?:rc|core|cache|fscache|options|pluginsctl|debug|vfs|job)\/(?!command$)|^operations\/(?:list|stat|about|size|fsinfo|check|hashsum|hashsumfile|publiclink)$|^config\/(?:dump|get|listremotes|paths|providers)$|^mount\/(?:list|types)|^backend\/features$/u;

/** `rclone rc PATH name=value…`: what a running rclone is asked to do. Source: rclone.org/rc. */
function remoteControl(call: Call, [path = "", ...rest]: readonly Word[], given: Arguments): Effect[] {
  if (path === "" || rcReads.test(path)) return [];
  const tool = `rclone rc ${path.replaceAll(hole, "…")}`;
  const json = valueOf(given, "--json") ?? "";
  const isMove = /move|bisync/u.test(path);
  const verb: EffectVerb = /delete|purge|rmdir|cleanup/u.test(path) ? "delete" : "write";
  const places = ["dstFs", "fs", "path2", ...(isMove ? ["srcFs", "path1"] : [])].flatMap((name) => {
    const word = rest.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
    return word ?? new RegExp(`"${name}"\\s*:\\s*"([^"]*)"`, "u").exec(json)?.[1] ?? [];
  });
  const told = [...rest, json].join(" ");
  // A command line of rclone's own, in the parameters.
  if (/^(?:core\/command|mount\/mount|backend\/command|config\/)/u.test(path))
    return [effectOf(call, { tool, verb, destination: mention(onlyKnown(told)) })];
  const asked = places.length === 0 && !isKnown(told) ? [hole] : places;
  return asked.flatMap((word) => placeEffects(call, { tool, verb, word }, given));
}

const mounts: ReadonlySet<string> = words("mount nfsmount mount2 cmount serve");

function commandEffects(call: Call, copying: Copying, given: Arguments): Effect[] {
  const { tool, command, operands } = copying;
  const backup = valueOf(given, "--backup-dir");
  const kept = backup === undefined ? [] : placeEffects(call, { tool: `${tool} --backup-dir`, verb: "write", word: backup }, given);
  if (copies.has(command) || command.includes(hole)) return [...copyEffects(call, copying, given), ...kept];
  if (mounts.has(command)) {
    const word = operands[command === "serve" ? 1 : 0] ?? hole;
    return isOn(given, "--read-only") ? [] : placeEffects(call, { tool, verb: "write", word }, given);
  }
  const verb: EffectVerb = deletes.has(command) ? "delete" : "write";
  // `settier TIER REMOTE`, `dedupe [MODE] REMOTE`.
  const changed = command === "settier" || command === "dedupe" ? operands.slice(-1) : operands.slice(0, 1);
  return [...changed.flatMap((word) => placeEffects(call, { tool, verb, word }, given)), ...kept];
}

interface Touch {
  readonly tool: string;
  readonly verb: EffectVerb;
  readonly word: Word;
  readonly source?: Place | undefined;
}

/** A value of an option that is not in the tables stands before the operands, never behind them. */
function surplusTaken(operands: readonly Word[]): readonly Word[] {
  const at = operands.findIndex(
    (word) =>
      copies.has(word) || reads.has(word) || deletes.has(word) || /^(?:mkdir|rcat|touch|settier|dedupe|mount|serve|rc|rcd)$/u.test(word),
  );
  return at < 0 ? operands : operands.slice(at);
}

interface Copying {
  readonly tool: string;
  readonly command: Word;
  readonly operands: readonly Word[];
}

function copyEffects(call: Call, { tool, command, operands }: Copying, given: Arguments): Effect[] {
  // Of three words and more, one is the value of an option that no table knows: any of them may be the destination.
  const [from = hole, ...rest] = operands;
  const to = rest.length === 0 ? [hole] : rest;
  const source = placesOf(call, from, given)[0];
  const written = to.flatMap((word) => placeEffects(call, { tool, verb: "write", word, source }, given));
  const taken =
    command.startsWith("move") || command === "bisync" || command.includes(hole)
      ? placeEffects(call, { tool, verb: "delete", word: from }, given)
      : [];
  return [...written, ...taken];
}

function backendEffects(call: Call, operands: readonly Word[], given: Arguments): Reading {
  const [command = "", remote = hole] = operands;
  if (/^(?:features|help|get|versioning|list-multipart-uploads|restore-status|drives|stats)$/u.test(command)) return reading();
  return reading(...placeEffects(call, { tool: `rclone backend ${command}`, verb: "configure", word: remote }, given));
}

const placeEffects = (call: Call, { tool, verb, word, source }: Touch, given: Arguments): Effect[] =>
  placesOf(call, word, given).map((destination) => effectOf(call, { tool, verb, destination, source }));

const remotesMax = 8;

/** `remote:bucket/key`, `:s3,option=value:bucket/key`, or a path. A remote of the configuration may stand for another place. */
function placesOf(call: Call, word: Word, given: Arguments, depth = 0): Place[] {
  if (depth > remotesMax) return [{ kind: "bucket", name: hole }];
  const connection = /^:(?<backend>[\w-]+)(?:,(?:[^:"']|"[^"]*"|'[^']*')*)?:(?<path>.*)$/su.exec(word)?.groups;
  if (connection !== undefined) return connectionPlaces(call, { word, ...pathAnd(connection) }, { given, depth });
  const found = /^(?<remote>[^:/]+)(?:,[^:]*)?:(?<path>.*)$/su.exec(word)?.groups;
  if (found === undefined) return [word.startsWith(hole) ? { kind: "bucket", name: hole, mayBeLocal: true } : filePlace(call, word)];
  return remotePlaces(call, { remote: (found["remote"] ?? "").split(",")[0] ?? "", path: pathAnd(found).path }, { given, depth });
}

/** A remote of the configuration: another place, a service that is no S3, or buckets. One that is not found may be S3. */
function remotePlaces(call: Call, { remote, path }: { readonly remote: Word; readonly path: Word }, { given, depth }: Depth): Place[] {
  const { type, target, isLocal = false } = remoteOf(call, remote, given);
  if (target !== undefined) {
    const isWhole = target.endsWith(":") || path === "";
    return placesOf(call, `${target.replace(/\/+$/u, "")}${isWhole ? "" : "/"}${path}`, given, depth + 1);
  }
  if (type === "local") return [filePlace(call, `/${path}`)];
  if ((type !== undefined && type !== "s3") || isLocal) return [];
  return [path === "" ? { kind: "bucket", name: hole } : bucketAndKey(path)];
}

const pathAnd = (groups: Readonly<Record<string, string | undefined>>): { readonly backend: string; readonly path: string } => ({
  backend: groups["backend"] ?? "",
  path: (groups["path"] ?? "").replace(/^\/+/u, ""),
});

interface Depth {
  readonly given: Arguments;
  readonly depth: number;
}

/** The one of its groups that a pattern has found. */
function valueIn(pattern: RegExp, word: Word): Word | undefined {
  return pattern
    .exec(word)
    ?.slice(1)
    .find((one) => one !== undefined);
}

function connectionPlaces(
  call: Call,
  { word, backend, path }: { readonly word: Word; readonly backend: string; readonly path: string },
  { given, depth }: Depth,
): Place[] {
  const remote = valueIn(/,remote=(?:"([^"]*)"|'([^']*)'|([^,]*))/u, word);
  if (remote !== undefined) return placesOf(call, `${remote}${path === "" ? "" : `/${path}`}`, given, depth + 1);
  if (backend === "local") return [filePlace(call, path)];
  if (areLocal([valueIn(/,endpoint=(?:"([^"]*)"|'([^']*)'|([^,:]*))/u, word)])) return [];
  return [path === "" ? { kind: "bucket", name: hole } : bucketAndKey(path)];
}

interface Remote {
  readonly type?: string;
  readonly target?: Word;
  /** Whether its server is an emulator. */
  readonly isLocal?: boolean;
}

/** What the configuration says of a remote; nothing where it cannot be read or has none of that name. */
function remoteOf(call: Call, remote: Word, given: Arguments): Remote {
  const { env } = call.invocation;
  const variable = `RCLONE_CONFIG_${remote.toUpperCase().replaceAll("-", "_")}`;
  const target = env.get(`${variable}_REMOTE`);
  if (target !== undefined) return { target };
  if (areLocal([env.get(`${variable}_ENDPOINT`)])) return { isLocal: true };
  const file = valueOf(given, "--config") ?? env.get("RCLONE_CONFIG") ?? `${call.facts.homeFolder}/.config/rclone/rclone.conf`;
  const text = textOf(call, file);
  const start = isKnown(text) && isKnown(remote) ? text.indexOf(`[${remote}]`) : -1;
  if (start < 0) return {};
  const section = text.slice(start + remote.length + 2).split(/^[ \t]*\[/mu)[0] ?? "";
  const setting = (name: string): string | undefined =>
    new RegExp(`^[ \\t]*${name}[ \\t]*=[ \\t]*(\\S.*)$`, "mu").exec(section)?.[1]?.trim();
  const [type, stands] = [setting("type"), setting("remote")];
  return {
    isLocal: areLocal([setting("endpoint")]),
    ...(type === undefined ? {} : { type }),
    ...(stands === undefined ? {} : { target: stands }),
  };
}

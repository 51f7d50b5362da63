/** Other clients of S3: s3cmd, s4cmd, s5cmd, s3-cli, MinIO's mc, gsutil, `gcloud storage`. Each by the verbs of its manual. */

import type { Effect, EffectVerb, Place } from "../effect.ts";
import type { Nested } from "../invocation.ts";
import type { Reading } from "../reading.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { has, isOn, parseArguments, valueOf, words, type Arguments, type ArgumentStyle } from "./arguments.ts";
import { areLocal, endpointOf, isLocalAddress, withoutServices } from "./local-endpoint.ts";
import { bucketAndKey, effectOf, filePlace, reading, s3Place, textOf, type Call, type ToolReader } from "./reading-of.ts";

interface Client {
  readonly name: string;
  readonly style: ArgumentStyle;
  /** Verbs by what they do. What stands nowhere reads. */
  readonly copies: ReadonlySet<string>;
  readonly moves: ReadonlySet<string>;
  readonly deletes: ReadonlySet<string>;
  /** Write to every operand that is a place. */
  readonly writes: ReadonlySet<string>;
  readonly configures: ReadonlySet<string>;
  readonly dryRun: readonly string[];
  /** Where its requests go, where an option says so. */
  readonly endpoint: readonly string[];
  readonly placeOf: (call: Call, word: Word) => Place | undefined;
}

const none: ReadonlySet<string> = new Set();
const s3Only = (_: Call, word: Word): Place | undefined => s3Place(word);

const s3cmd: Client = {
  name: "s3cmd",
  style: {
    valued: words(
      "-c --config --access_key --secret_key --access_token -e-- --exclude --exclude-from --rexclude --rexclude-from --include --include-from --rinclude --rinclude-from --files-from --region --bucket-location --host --host-bucket --acl-grant --acl-revoke --add-header --remove-header --mime-type -m --storage-class --server-side-encryption-kms-id --encoding --add-encoding-exts --limit --upload-id --ws-index --ws-error --expiry-date --expiry-days --expiry-prefix --multipart-chunk-size-mb --ca-certs --max-retries --cache-file --content-disposition --content-type --limitrate --log-target-prefix --access-logging-target-prefix --restore-days --restore-priority --days --default-mime-type -D --delete-after-fetch-- --cf-comment --cf-default-root-object",
    ),
  },
  copies: words("put sync cp get modify"),
  moves: words("mv"),
  deletes: words("del rm rb abortmp"),
  writes: words("modify mb restore"),
  configures: words(
    "setacl setpolicy delpolicy setcors delcors payer accesslog ws-create ws-delete expire setlifecycle dellifecycle setnotification delnotification settagging deltagging setversioning setownership setblockpublicaccess cfcreate cfdelete cfmodify cfinval signpost-- set-obj-legal-hold set-obj-retention fixbucket",
  ),
  dryRun: ["-n", "--dry-run"],
  endpoint: ["--host"],
  placeOf: s3Only,
};

const s4cmd: Client = {
  ...s3cmd,
  name: "s4cmd",
  style: {
    valued: words(
      "-p --config --num-threads -c --endpoint-url --access-key --secret-key --ignore-empty-source-- --max-singlepart-upload-size --multipart-split-size --last-modified-before --last-modified-after -t --API-ACL --API-ContentType --API-CacheControl --API-Metadata --retry --retry-delay",
    ),
  },
  copies: words("put sync cp get dsync"),
  moves: words("mv"),
  deletes: words("del rm _totalsize--"),
  writes: words("mb"),
  configures: none,
  dryRun: ["-n", "--dry-run"],
  endpoint: ["--endpoint-url"],
};

const s5cmd: Client = {
  ...s3cmd,
  name: "s5cmd",
  style: {
    valued: words(
      "--numworkers --endpoint-url --log --retry-count --credentials-file --profile --concurrency --part-size --storage-class --acl --exclude --include --sse --sse-kms-key-id --expires --cache-control --content-type --content-encoding --content-disposition --metadata --metadata-directive --source-region --destination-region --version-id --max-delete --hash-- -c -p --use-list-objects-v1-- --request-payer",
    ),
    single: "go",
  },
  copies: words("cp sync pipe"),
  moves: words("mv"),
  deletes: words("rm rb"),
  writes: words("mb pipe"),
  configures: words("bucket-version"),
  dryRun: ["--dry-run"],
  endpoint: ["--endpoint-url"],
};

/** `MC_HOST_local=http://key:secret@localhost:9000` gives a server its name; mc's own first settings have one called local. */
function isLocalServer(call: Call, name: string): boolean {
  const address = call.invocation.env.get(`MC_HOST_${name}`);
  return address === undefined ? name === "local" : isLocalAddress(address.replace(/\/\/[^/@]*@/u, "//"));
}

const mcPlace = (call: Call, word: Word): Place | undefined => {
  // The server and the bucket may be in the hole, with the key behind it.
  if (word.startsWith(hole)) return { kind: "bucket", name: hole, ...(word.includes("/") ? { key: word } : {}), mayBeLocal: true };
  const isPath = /^(?:\.{0,2}\/|~|\.{1,2}$)/u.test(word) || !word.includes("/");
  if (isPath) return word === "" ? undefined : filePlace(call, word);
  if (isLocalServer(call, word.slice(0, word.indexOf("/")))) return { kind: "url", url: "http://localhost/" };
  const rest = word.slice(word.indexOf("/") + 1).replace(/^\/+/u, "");
  return rest === "" ? undefined : bucketAndKey(rest);
};

const mc: Client = {
  ...s3cmd,
  name: "mc",
  style: {
    valued: words(
      "-C --config-dir --attr --storage-class --older-than --newer-than --exclude --exclude-object --exclude-bucket --exclude-storageclass --rewind --version-id --vid --tags --limit-upload --limit-download --enc-c --enc-kms --enc-s3 --region --part-size --md5-- --monitoring-address --max-workers --retention-mode --retention-duration --expire-days --json-- --max-depth --name --size --regex --path --days --expire-in --content-type",
    ),
  },
  copies: words("cp mirror od"),
  moves: words("mv"),
  deletes: words("rm rb"),
  writes: words("pipe put mb restore undo"),
  configures: words("anonymous policy version versioning ilm lifecycle encrypt event retention legalhold replicate tag cors quota"),
  dryRun: ["--dry-run", "--fake"],
  endpoint: [],
  placeOf: mcPlace,
};

const gsutil: Client = {
  ...s3cmd,
  name: "gsutil",
  style: { valued: words("-o -h -x -j -i -u -s -y -l --sku"), stopsAtOperand: false },
  endpoint: [],
  copies: words("cp rsync compose"),
  moves: words("mv"),
  deletes: words("rm rb"),
  writes: words("setmeta mb rewrite"),
  configures: words(
    "acl defacl cors iam lifecycle versioning web logging notification label ubla pap retention requesterpays defstorageclass kms rpo autoclass",
  ),
  dryRun: ["--dry-run"],
};

const gcloudStorage: Client = {
  ...gsutil,
  name: "gcloud storage",
  style: {
    valued: words(
      "--project --account --configuration --cache-control --content-type --content-disposition --exclude --canned-acl --predefined-acl --storage-class --encryption-key --impersonate-service-account --format --verbosity --gzip-local -J -j -x --manifest-path -I--",
    ),
  },
  copies: words("cp rsync"),
  moves: words("mv"),
  deletes: words("rm"),
  writes: words("objects buckets restore"),
  configures: words("service-agent"),
};

const subReads: ReadonlySet<string> = words("ls list get info show describe diff export status inspect resync-status");

function readClient(client: Client, call: Call, args: readonly Word[]): Reading {
  const given = parseArguments(args, client.style);
  const [verb = "", ...operands] = given.operands;
  if (isOn(given, ...client.dryRun, "--help") || (client.name === "gsutil" && verb === "rsync" && has(given, "-n"))) return reading();
  const tool = `${client.name} ${isKnown(verb) ? verb : "…"}`;
  const touch = { client, tool, operands, given };
  const found = reading(...(verb.includes(hole) ? unknownVerb(call, touch) : knownVerb(call, verb, touch)));
  return isEmulated(call, client, given) ? withoutServices(found) : found;
}

/** Every option that names a server names this machine; s5cmd goes by the variables of AWS, too. */
const isEmulated = (call: Call, { name, endpoint }: Client, given: Arguments): boolean =>
  areLocal([
    valueOf(given, ...endpoint) ??
      (name === "s5cmd" ? (call.invocation.env.get("S3_ENDPOINT_URL") ?? endpointOf(call.invocation.env, "s3")) : undefined),
  ]);

function knownVerb(call: Call, verb: string, touch: Touch): Effect[] {
  const { client, operands } = touch;
  if (client.moves.has(verb)) return copied(call, touch, "all");
  // A download without a place to go to lands in the working folder.
  if (client.copies.has(verb) && !client.writes.has(verb)) {
    if (operands.length < 2) return [];
    return verb === "get" ? fetched(call, touch) : copied(call, touch, "last");
  }
  if (client.deletes.has(verb)) return touched(call, touch, "delete");
  if (client.writes.has(verb)) return subReads.has(operands[0] ?? "") ? [] : touched(call, touch, "write");
  return client.configures.has(verb) && !operands.some((word) => subReads.has(word)) ? touched(call, touch, "configure") : [];
}

interface Touch {
  readonly client: Client;
  readonly tool: string;
  readonly operands: readonly Word[];
  readonly given: Arguments;
}

/** The last operand is written to; of a move, the others are taken away where they are remote. */
function copied(call: Call, { client, tool, operands }: Touch, which: "all" | "last"): Effect[] {
  const places = operands.map((word) => client.placeOf(call, word));
  const last = operands.at(-1) ?? "";
  const to = places.at(-1) ?? (last === "-" || last.startsWith("gs:") ? undefined : filePlace(call, last));
  const [first = ""] = operands;
  const source = places[0] ?? (first === "-" ? undefined : filePlace(call, first));
  const written = to === undefined ? [] : [effectOf(call, { tool, verb: "write", destination: to, source })];
  const taken =
    which === "last"
      ? []
      : places
          .slice(0, -1)
          .flatMap((place) => (place?.kind === "bucket" ? [effectOf(call, { tool, verb: "delete", destination: place })] : []));
  return [...written, ...taken];
}

/** What is got lands on this machine. */
const fetched = (call: Call, { tool, operands }: Touch): Effect[] =>
  operands.slice(-1).flatMap((word) => (word === "-" ? [] : [effectOf(call, { tool, verb: "write", destination: filePlace(call, word) })]));

function touched(call: Call, { client, tool, operands }: Touch, verb: EffectVerb): Effect[] {
  return operands.flatMap((word) => {
    const place = client.placeOf(call, word);
    return place?.kind === "bucket" ? [effectOf(call, { tool, verb, destination: place })] : [];
  });
}

function unknownVerb(call: Call, touch: Touch): Effect[] {
  const places = touched(call, touch, "write");
  return places.length > 0 ? places : [effectOf(call, { tool: touch.tool, verb: "write", destination: { kind: "bucket", name: hole } })];
}

const withArgs =
  (client: Client): ToolReader =>
  (call) =>
    readClient(client, call, call.args);

/** `s5cmd run FILE`, or lines on its standard input: each line is a command of s5cmd. */
function readS5cmd(call: Call): Reading {
  const given = parseArguments(call.args, s5cmd.style);
  if (given.operands[0] !== "run") return readClient(s5cmd, call, call.args);
  if (isOn(given, "--dry-run")) return reading();
  const [, file] = given.operands;
  const text = file === undefined ? (call.invocation.stdin ?? hole) : textOf(call, file);
  const own = call.args.slice(0, call.args.indexOf("run"));
  const nested: Nested[] = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#") && isKnown(line))
    .map((line) => ({ kind: "shell", text: `s5cmd ${line}`, at: {}, through: "s5cmd run" }));
  const lost = !isKnown(text) || own.some((word) => !isKnown(word));
  const effects = lost ? [effectOf(call, { tool: "s5cmd run", verb: "write", destination: { kind: "bucket", name: hole } })] : [];
  return { effects, nested: nested.slice(0, linesMax) };
}

const linesMax = 500;

/** mc's places in `mc alias set` are servers, not buckets; `mc admin` is about servers. */
function readMc(call: Call): Reading | undefined {
  const given = parseArguments(call.args, mc.style);
  const [verb = "", second = ""] = given.operands;
  // Midnight Commander has the same name and takes folders.
  if (verb === "" || /^(?:alias|admin|config|ping|ready|update|license|support|idp|--version)$/u.test(verb)) return reading();
  if (verb === "ilm" && (second === "rule" || second === "tier") && subReads.has(given.operands[2] ?? "")) return reading();
  if (verb === "share") return second === "upload" ? readClient({ ...mc, writes: words("share") }, call, call.args) : reading();
  return readClient(mc, call, call.args);
}

function readGcloud(call: Call): Reading {
  const given = parseArguments(call.args, gcloudStorage.style);
  const at = given.operands.indexOf("storage");
  if (at < 0 || at > 2) return reading();
  const from = call.args.indexOf("storage");
  const sub = given.operands[at + 1] ?? "";
  const rest = call.args.slice(from + 1);
  const isGroup = sub === "objects" || sub === "buckets";
  if (isGroup && /^(?:list|describe|get-iam-policy)$/u.test(given.operands[at + 2] ?? "")) return reading();
  return readClient(gcloudStorage, call, rest);
}

/** By base name. */
export const s3ClientReaders: readonly (readonly [string, ToolReader])[] = [
  ["s3cmd", withArgs(s3cmd)],
  ["s4cmd", withArgs(s4cmd)],
  ["s4cmd.py", withArgs(s4cmd)],
  ["s3-cli", withArgs({ ...s3cmd, name: "s3-cli" })],
  ["s5cmd", readS5cmd],
  ["mc", readMc],
  ["mcli", readMc],
  ["gsutil", withArgs(gsutil)],
  ["gcloud", readGcloud],
];

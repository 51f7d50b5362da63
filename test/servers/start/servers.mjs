/**
 * The servers that belay is tried against: how each is found and started. What is asked of each, and what is known of it,
 * stands in ../servers.json.
 *
 * `find` answers `{ version, start }`, or `{ reason }` where the server cannot be had here. `start({ port, folder })` brings it up on
 * 127.0.0.1 and answers `{ stop }`, with `env` where its keys are not the usual ones.
 */

import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { findCeph } from "./ceph.mjs";
import { answers, isOnPath, said, start } from "./launch.mjs";
import { findMoto } from "./python.mjs";
import { findRadicale } from "./radicale.mjs";

/** Access keys that every server here is started with, or does not ask for. */
export const keys = { AWS_ACCESS_KEY_ID: "harbor-access-key", AWS_SECRET_ACCESS_KEY: "harbor-secret-access-key" };

const motoSerial = fileURLToPath(new URL("../moto-serial.py", import.meta.url));
const require = createRequire(import.meta.url);

export const servers = [
  { name: "moto-serial", find: ({ cache }) => moto(cache, ({ port }) => [motoSerial, String(port)]) },
  { name: "moto", find: ({ cache }) => moto(cache, ({ port }) => ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)]) },
  { name: "ceph", find: () => findCeph(keys) },
  { name: "versitygw", find: versitygw },
  { name: "minio", find: minio },
  { name: "s3rver", find: () => fromNpm("s3rver", s3rverCode, s3rverKeys) },
  { name: "radicale", find: ({ cache }) => radicale(cache) },
  { name: "fauxqs", find: () => fromNpm("fauxqs", fauxqsCode) },
  { name: "dynalite", find: () => fromNpm("dynalite", dynaliteCode) },
  { name: "dynamodb-local", find: dynamoDbLocal },
];

function moto(cache, argsOf) {
  const { python, version, bin, reason } = findMoto(cache);
  if (reason !== undefined) return { reason };
  return { version: `moto ${version}`, bin, start: (at) => up(python, argsOf(at), at) };
}

function radicale(cache) {
  const { python, version, reason } = findRadicale(cache);
  if (reason !== undefined) return { reason };
  return { version: `Radicale ${version}`, start: (at) => up(python, radicaleArgs(at), at, ["calendars"]) };
}

/** Whoever asks is who they say, and has a folder of their own. */
const radicaleArgs = ({ port, folder }) => {
  const calendars = join(folder, "calendars");
  const who = ["--auth-type", "none", "--rights-type", "owner_only"];
  return ["-m", "radicale", "--server-hosts", `127.0.0.1:${port}`, ...who, "--storage-filesystem-folder", calendars];
};

function versitygw() {
  if (!isOnPath("versitygw")) return { reason: "needs versitygw on the PATH" };
  const version = /\d+\.\d+\.\d+\S*/u.exec(said("versitygw", ["--version"]) ?? "")?.[0] ?? "of a version that it does not tell";
  return { version: `versitygw ${version}`, start: (at) => up("versitygw", versitygwArgs(at), at, ["versions", "objects"]) };
}

function versitygwArgs({ port, folder }) {
  const account = ["--access", keys.AWS_ACCESS_KEY_ID, "--secret", keys.AWS_SECRET_ACCESS_KEY];
  const folders = ["posix", "--versioning-dir", join(folder, "versions"), join(folder, "objects")];
  return ["--port", `127.0.0.1:${port}`, ...account, "--quiet", ...folders];
}

function minio() {
  if (!isOnPath("minio")) return { reason: "needs minio on the PATH" };
  const version = /RELEASE\.\S+/u.exec(said("minio", ["--version"]) ?? "")?.[0] ?? "of a version that it does not tell";
  const env = { MINIO_ROOT_USER: keys.AWS_ACCESS_KEY_ID, MINIO_ROOT_PASSWORD: keys.AWS_SECRET_ACCESS_KEY, MINIO_BROWSER: "off" };
  return { version: `MinIO ${version}`, start: (at) => up("minio", minioArgs(at), { ...at, env }, ["objects"]) };
}

const minioArgs = ({ port, folder }) => ["server", "--quiet", "--address", `127.0.0.1:${port}`, join(folder, "objects")];

/** A server of node's own world: run only where it is installed already, since nothing here depends on it. */
function fromNpm(name, codeOf, env = {}) {
  const folder = (require.resolve.paths(name) ?? []).map((each) => join(each, name)).find((each) => existsSync(join(each, "package.json")));
  if (folder === undefined) return { reason: `needs the npm package ${name}, which is not installed here or in NODE_PATH` };
  const { version, main } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const codeAt = (at) => codeOf(JSON.stringify(pathToFileURL(join(folder, main)).href), at);
  return {
    version: `${name} ${version}`,
    start: async (at) => ({ ...(await up(process.execPath, ["--input-type=module", "-e", codeAt(at)], at)), env }),
  };
}

/** The one account that it has. */
const s3rverKeys = { AWS_ACCESS_KEY_ID: "S3RVER", AWS_SECRET_ACCESS_KEY: "S3RVER" };
const s3rverCode = (entry, { port, folder }) =>
  `import S3rver from ${entry}; new S3rver({ port: ${port}, address: "127.0.0.1", silent: true, directory: ${JSON.stringify(folder)} }).run();`;
const fauxqsCode = (entry, { port }) =>
  `import { startFauxqs } from ${entry}; await startFauxqs({ port: ${port}, host: "127.0.0.1", logger: false });`;

const dynaliteCode = (entry, { port }) =>
  `import dynalite from ${entry}; dynalite({ createTableMs: 0, deleteTableMs: 0 }).listen(${port}, "127.0.0.1");`;

/** Any key will do, of letters and digits alone: since version 2 it takes no other. */
const dynamoDbLocalKeys = { AWS_ACCESS_KEY_ID: "belaytest", AWS_SECRET_ACCESS_KEY: "belaytest" };

/**
 * AWS's own, where its folder is named: the unpacked archive of AWS, or a folder of jars as
 * `mvn dependency:copy-dependencies` lays it for com.amazonaws:DynamoDBLocal. Nothing here downloads it.
 */
function dynamoDbLocal() {
  const folder = process.env.DYNAMODB_LOCAL;
  if (folder === undefined) return { reason: "needs the folder of DynamoDB Local's jars in the variable DYNAMODB_LOCAL" };
  const program = dynamoDbLocalProgram(folder);
  if (program === undefined)
    return { reason: `needs DynamoDBLocal.jar, or DynamoDBLocal-VERSION.jar with what it depends on, in ${folder}` };
  if (!isOnPath("java")) return { reason: "needs java on the PATH" };
  const args = ({ port }) => [...program.args, "-inMemory", "-disableTelemetry", "-port", String(port)];
  return { version: program.version, start: async (at) => ({ ...(await up("java", args(at), at)), env: dynamoDbLocalKeys }) };
}

function dynamoDbLocalProgram(folder) {
  const jars = existsSync(folder) ? readdirSync(folder) : [];
  if (jars.includes("DynamoDBLocal.jar")) {
    const args = [`-Djava.library.path=${join(folder, "DynamoDBLocal_lib")}`, "-jar", join(folder, "DynamoDBLocal.jar")];
    return { version: "DynamoDB Local", args };
  }
  const versions = jars.flatMap((name) => /^DynamoDBLocal-([\d.]+)\.jar$/.exec(name)?.[1] ?? []);
  if (versions.length === 0) return;
  const main = "com.amazonaws.services.dynamodbv2.local.main.ServerRunner";
  return { version: `DynamoDB Local ${versions[0]}`, args: [`-Djava.library.path=${folder}`, "-cp", join(folder, "*"), main] };
}

async function up(program, args, { port, folder, env = {} }, subfolders = []) {
  for (const subfolder of subfolders) mkdirSync(join(folder, subfolder), { recursive: true });
  const running = start(program, args, { folder, name: "server", env });
  try {
    await answers(`http://127.0.0.1:${port}/`, running);
  } catch (error) {
    await running.stop();
    throw error;
  }
  return { stop: running.stop };
}

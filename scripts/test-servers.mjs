/**
 * Runs belay's contracts against S3 servers that others wrote; the last line says `N passed, N failed`, and the exit code says the same.
 *
 *   node scripts/test-servers.mjs               every server that can be had here
 *   node scripts/test-servers.mjs moto ceph     those
 *   node scripts/test-servers.mjs moto -t TEXT  of it, the tests whose name holds the text
 *
 * Each server is started on a free port of 127.0.0.1 with a folder of its own and ended by its pid. One that is not here is left out,
 * with the reason. What a server does otherwise than AWS stands in test/servers/servers.json and is named in the output; a departure
 * that no test shows any more is a failure, so the list cannot grow old.
 */

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../test/servers/start/launch.mjs";
import { pathWith } from "../test/servers/start/python.mjs";
import { keys, servers } from "../test/servers/start/servers.mjs";
import { root, textOf } from "./workspace.mjs";

const cache = join(root, ".cache");
const known = JSON.parse(readFileSync(join(root, "test", "servers", "servers.json"), "utf8"));
const attemptsMax = 3;

const args = process.argv.slice(2);
const namesEnd = args.findIndex((arg) => arg.startsWith("-"));
const names = namesEnd === -1 ? args : args.slice(0, namesEnd);
const filter = namesEnd === -1 ? [] : args.slice(namesEnd);
const unknown = names.filter((name) => !servers.some((server) => server.name === name));
if (unknown.length > 0) {
  console.error(`✖ there is no server ${unknown.join(", ")}; there are ${servers.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}

mkdirSync(cache, { recursive: true });
let stopCurrent = async () => {};
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void stopCurrent().finally(() => process.exit(130)));

const results = [];
for (const server of servers.filter(({ name }) => names.length === 0 || names.includes(name))) results.push(await tryServer(server));
for (const result of results) console.log(["", ...accountOf(result)].join("\n"));
const sum = (count) => results.reduce((total, result) => total + (result[count] ?? 0), 0);
console.log(`\n${sum("passed")} passed, ${sum("failed")} failed`);
process.exitCode = sum("failed") > 0 ? 1 : 0;

async function tryServer({ name, find }) {
  const { title, parts } = known[name];
  const found = find({ cache });
  if (found.reason !== undefined) return { name, title, reason: found.reason };
  const { version, bin } = found;
  const startMs = performance.now();
  const folder = mkdtempSync(join(tmpdir(), `belay-${name}-`));
  try {
    const { endpoint, stop, env } = await startOn(found, folder);
    stopCurrent = stop;
    console.log(`\n── ${title}: ${version} on ${endpoint} ──`);
    const counts = await vitest(name, parts, { ...keys, ...env, AWS_ENDPOINT_URL: endpoint, AWS_REGION: "us-east-1", PATH: pathWith(bin) });
    return { name, title, version, seconds: (performance.now() - startMs) / 1000, ...judged(known[name], counts) };
  } catch (error) {
    return { name, title, version, passed: 0, failed: 1, notes: [`could not be tried: ${error.message}`] };
  } finally {
    await stopCurrent();
    stopCurrent = async () => {};
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Somebody else may take a free port before the server does: then it is started on another one. */
async function startOn({ start }, folder) {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      const own = join(folder, String(attempt));
      mkdirSync(own);
      return { endpoint: `http://127.0.0.1:${port}`, ...(await start({ port, folder: own })) };
    } catch (error) {
      if (attempt === attemptsMax) throw error;
    }
  }
}

function vitest(name, parts, extra) {
  const report = join(cache, `servers-${process.pid}.json`);
  const files = parts.map((part) => `test/servers/${part}.test.ts`).filter((path) => existsSync(join(root, path)));
  const flags = ["run", "--reporter=default", `--reporter=${join(root, "scripts", "test-counts.mjs")}`, ...filter];
  // Nothing of the machine's own AWS set-up, and no account of the user's, is in reach.
  const plain = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith("AWS_")));
  const env = {
    ...plain,
    ...extra,
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    BELAY_SERVER: name,
    BELAY_TEST_COUNTS: report,
  };
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join("node_modules", "vitest", "vitest.mjs"), ...flags, ...files], {
      cwd: root,
      env,
      stdio: ["ignore", "inherit", "inherit"],
    });
    const end = (code) => {
      const text = textOf(report);
      rmSync(report, { force: true });
      const counted = text === undefined ? { passed: 0, failed: 0, skipped: [] } : JSON.parse(text);
      // An error that the reporter could not see fails vitest, and so must the count.
      resolve(code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted);
    };
    child.on("error", () => end(1));
    child.on("close", (code) => end(code ?? 1));
  });
}

/** The counts, with a failure more for each departure that left out no test: it is wrong, or healed. */
function judged({ departs }, { passed, failed, skipped }) {
  const isShown = ({ test, where = "" }) => skipped.some((name) => name.includes(test) && name.includes(where));
  const idle = filter.length > 0 ? [] : departs.filter((departure) => !isShown(departure));
  const notes = idle.map(({ test }) => `no test shows this departure any more: ${test}`);
  return { passed, failed: failed + idle.length, skipped: skipped.length, notes };
}

function accountOf({ name, title, version, reason, seconds, passed, failed, skipped = 0, notes }) {
  if (reason !== undefined) return [`${title}: not run, ${reason}`];
  const { refused, departs, unclearLosers, copies } = known[name];
  const time = seconds === undefined ? "" : ` in ${seconds.toFixed(0)} s`;
  return [
    `${title}, ${version}: ${passed} passed, ${failed} failed, ${skipped} left out${time}`,
    ...Object.entries(refused).flatMap(([kind, reasons]) =>
      Object.entries(reasons).map(([operation, why]) => `  refuses  ${operation} in a ${kind} bucket: ${why}`),
    ),
    ...departs.map(({ test, where, why }) => `  departs  ${test}${where === undefined ? "" : ` (${where})`}: ${why}`),
    ...(unclearLosers === undefined ? [] : [`  departs  losers of races: ${unclearLosers}`]),
    ...(copies === undefined ? [] : [`  departs  copies between buckets: ${copies}`]),
    ...notes.map((note) => `  ✖ ${note}`),
  ];
}

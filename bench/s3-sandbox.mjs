/** The sandbox as a process of its own, so that what a server costs is not counted as a client's. Never anything but 127.0.0.1. */

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { belayMain } from "./measure.mjs";

/** What no client may take from whoever runs this: another endpoint, other credentials, a proxy, a bundle of certificates. */
const unset = [
  "AWS_CA_BUNDLE",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_DEFAULT_PROFILE",
  "AWS_ENDPOINT_URL_CLOUDFRONT",
  "AWS_ENDPOINT_URL_S3",
  "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
  "AWS_PROFILE",
  "AWS_ROLE_ARN",
  "AWS_SESSION_TOKEN",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
];
const own = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null", NO_PROXY: "127.0.0.1", no_proxy: "127.0.0.1" };

const each = (option, values) => values.flatMap((value) => [option, value]);

/**
 * Starts one with these buckets (`NAME` or `NAME:unversioned`) and distributions (`ID=BUCKET`). An invalidation is done at
 * once: how long it takes is CloudFront's affair. `faults` are as `belay sandbox --fault` takes them.
 */
export async function openSandbox({ buckets, distributions = [], faults = [] }) {
  const words = [...each("--bucket", buckets), ...each("--distribution", distributions), ...each("--fault", faults)];
  const child = spawn(process.execPath, [belayMain, "sandbox", "--port", "0", "--settle", "0", "--json", ...words], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  // A bench that fails must not leave a server behind.
  const kill = () => child.kill("SIGTERM");
  process.once("exit", kill);
  const { endpoint, env } = await told(child);
  const ask = async (method, path) => await answer(method, new URL(`/_sandbox${path}`, endpoint));
  return {
    endpoint,
    env: { ...Object.fromEntries(unset.map((name) => [name, undefined])), ...own, ...env },
    /** Requests since the last `forget`, by operation. */
    requests: async () => (await ask("GET", "/requests")).operations,
    /** The same with the bytes of bodies: `bytesIn`, `bytesOut`, and `contentBytes` by bucket. */
    counts: async () => await ask("GET", "/requests"),
    forget: async () => void (await ask("DELETE", "/requests")),
    objectsIn: async (bucket) => (await ask("GET", "")).buckets.find(({ name }) => name === bucket)?.objects,
    cpuMs: () => cpuMsOf(child.pid),
    close: () =>
      new Promise((done) => {
        process.off("exit", kill);
        child.once("close", done);
        kill();
      }),
  };
}

/** The one JSON document that the sandbox prints when it listens. */
function told(child) {
  return new Promise((resolve, reject) => {
    let text = "";
    let complaints = "";
    child.once("error", reject);
    child.once("close", (exit) => reject(new Error(`the sandbox ended with ${exit}\n${complaints}`)));
    child.stderr.setEncoding("utf8").on("data", (chunk) => (complaints += chunk));
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
      if (text.endsWith("}\n")) resolve(JSON.parse(text));
    });
  });
}

/** On a connection of its own: one that is kept may have died while a program was waited for. */
function answer(method, url) {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => (text += chunk));
      response.once("error", reject).once("end", () => resolve(JSON.parse(text)));
    });
    asked.once("error", reject).end();
  });
}

const ticksPerSecond = 100;

/** User and system time of a process that runs, from Linux' /proc; `undefined` elsewhere. */
function cpuMsOf(pid) {
  try {
    // The name before the last bracket may hold spaces; utime and stime are the 14th and 15th field (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
    return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1000;
  } catch {
    return undefined;
  }
}

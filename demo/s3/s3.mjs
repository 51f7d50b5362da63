/**
 * What everyday upload tools do, in one small file: signed requests without any condition. It stands for `aws s3 cp` and
 * `aws cloudfront create-invalidation`, so that the demo needs neither; it talks to AWS_ENDPOINT_URL and to nothing else.
 *
 *   node s3.mjs cp FILE s3://BUCKET/KEY…        one PUT for each bucket; whatever is there is gone
 *   node s3.mjs cp FOLDER s3://BUCKET…          every file of the folder
 *   node s3.mjs invalidate PATH DISTRIBUTION…   for each distribution, and waits until all are completed
 */

import { createHash, createHmac } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { request } from "node:http";
import { extname, join, relative, sep } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";

const sha256 = (data) => createHash("sha256").update(data).digest("hex");
const hmac = (key, data) => createHmac("sha256", key).update(data).digest();
const encoded = (text) => encodeURIComponent(text).replace(/[!'()*]/gu, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

/** Sends one request, signed with Signature Version 4, and gives the answer with its whole text; throws for a failure. */
export async function send({ service, method, path, headers = {}, body = "" }) {
  const { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_REGION } = process.env;
  if (!endpoint || !id || !secret) throw new Error("AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are needed.");
  const region = service === "cloudfront" ? "us-east-1" : (AWS_REGION ?? "us-east-1");
  const { host } = new URL(endpoint);
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/gu, "");
  const bodyHash = sha256(body);
  const named = { host, "x-amz-content-sha256": bodyHash, "x-amz-date": time, ...headers };
  const names = Object.keys(named).toSorted();
  const list = names.join(";");
  const canonical = [method, path, "", ...names.map((name) => `${name}:${named[name]}`), "", list, bodyHash].join("\n");
  const scope = [time.slice(0, 8), region, service, "aws4_request"];
  const key = scope.reduce(hmac, `AWS4${secret}`);
  const signature = hmac(key, ["AWS4-HMAC-SHA256", time, scope.join("/"), sha256(canonical)].join("\n")).toString("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${id}/${scope.join("/")}, SignedHeaders=${list}, Signature=${signature}`;
  const target = new URL(`${endpoint}${path}`);
  const answer = await exchange(target, { method, headers: { ...named, authorization, "content-length": Buffer.byteLength(body) } }, body);
  if (answer.status >= 300) throw Object.assign(new Error(`${method} ${path}: ${answer.status} ${answer.text}`), { status: answer.status });
  return answer;
}

const exchange = (url, options, body) =>
  new Promise((resolve, reject) => {
    const asked = request(url, options, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk)).once("error", reject);
      const { statusCode: status, headers } = response;
      response.once("end", () => resolve({ status, headers, text: Buffer.concat(chunks).toString("utf8") }));
    });
    asked.once("error", reject).end(body);
  });

const types = { ".html": "text/html", ".htm": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };

/** Writes an object over whatever is there. */
export const put = async (bucket, key, body, conditions = {}) =>
  await send({
    service: "s3",
    method: "PUT",
    path: `/${bucket}/${key.split("/").map(encoded).join("/")}`,
    headers: { "content-type": types[extname(key).toLowerCase()] ?? "application/octet-stream", ...conditions },
    body,
  });

export const get = async (bucket, key) =>
  await send({ service: "s3", method: "GET", path: `/${bucket}/${key.split("/").map(encoded).join("/")}` });

const filesOf = async (root) =>
  (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Copies a file, or every file of a folder, to each place. */
async function copy(source, places) {
  const isFolder = (await stat(source)).isDirectory();
  const files = isFolder ? await filesOf(source) : [source];
  for (const place of places) {
    const [, bucket, key] = /^s3:\/\/([^/]+)\/?(.*)$/u.exec(place) ?? [];
    if (bucket === undefined) throw new Error(`${place} is not s3://BUCKET/KEY`);
    for (const file of files) await put(bucket, isFolder ? relative(source, file).split(sep).join("/") : key, await readFile(file));
  }
}

const pathsBody = (paths, reference) =>
  `<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Paths><Quantity>${paths.length}</Quantity><Items>${paths
    .map((path) => `<Path>${path.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</Path>`)
    .join("")}</Items></Paths><CallerReference>${reference}</CallerReference></InvalidationBatch>`;

/** Begins an invalidation and gives its address below the endpoint. */
export async function beginInvalidation(distribution, paths) {
  const path = `/2020-05-31/distribution/${distribution}/invalidation`;
  const reference = `${Date.now()}-${Math.random()}`;
  const { text } = await send({ service: "cloudfront", method: "POST", path, body: pathsBody(paths, reference) });
  return `${path}/${/<Id>([^<]+)<\/Id>/u.exec(text)?.[1]}`;
}

/** Returns when the invalidation is completed. */
export async function waitForInvalidation(address) {
  for (let look = 0; look < 300; look += 1) {
    const { text } = await send({ service: "cloudfront", method: "GET", path: address });
    if (text.includes("<Status>Completed</Status>")) return;
    await pause(100);
  }
  throw new Error(`${address} was not completed in time`);
}

async function main([verb, first, ...others]) {
  if (verb === "cp" && others.length > 0) return await copy(first, others);
  if (verb !== "invalidate" || others.length === 0) throw new Error("cp FILE s3://BUCKET/KEY, or invalidate PATH DISTRIBUTION");
  const begun = [];
  for (const distribution of others) begun.push(await beginInvalidation(distribution, [first]));
  for (const address of begun) await waitForInvalidation(address);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main(process.argv.slice(2));

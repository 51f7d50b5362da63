/**
 * Stands for the aws command where a test lets an agent run one: the few forms that the incidents need, as signed requests to
 * AWS_ENDPOINT_URL and to nothing else, without any condition, as the real one sends them.
 */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { beginInvalidation, get, put, send } from "../../../../demo/s3/s3.mjs";

const placeOf = (word) => /^s3:\/\/(?<bucket>[^/]+)\/(?<key>.*)$/u.exec(word)?.groups;
const option = (words, name) => words[words.indexOf(name) + 1];

function save(file, text) {
  if (file === "-") return process.stdout.write(text);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

async function copy([from, to]) {
  const [source, destination] = [placeOf(from), placeOf(to)];
  const text = source ? (await get(source.bucket, source.key)).text : readFileSync(from === "-" ? 0 : from, "utf8");
  if (destination) await put(destination.bucket, destination.key, text);
  else save(to, text);
}

async function remove([word]) {
  const { bucket, key } = placeOf(word) ?? {};
  await send({ service: "s3", method: "DELETE", path: `/${bucket}/${key}` });
}

async function dynamodb(operation, body) {
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": `DynamoDB_20120810.${operation}` };
  const { text } = await send({ service: "dynamodb", method: "POST", path: "/", headers, body: JSON.stringify(body) });
  process.stdout.write(`${text}\n`);
}

const tableWords = (words) => ({ TableName: option(words, "--table-name"), Key: JSON.parse(option(words, "--key")) });

const verbs = {
  "s3 cp": copy,
  "s3 rm": remove,
  "cloudfront create-invalidation": async (words) => {
    await beginInvalidation(option(words, "--distribution-id"), [option(words, "--paths")]);
  },
  "dynamodb get-item": async (words) => await dynamodb("GetItem", tableWords(words)),
  "dynamodb update-item": async (words) =>
    await dynamodb("UpdateItem", {
      ...tableWords(words),
      UpdateExpression: option(words, "--update-expression"),
      ExpressionAttributeValues: JSON.parse(option(words, "--expression-attribute-values")),
    }),
};

const [service = "", verb = "", ...words] = process.argv.slice(2);
const run = verbs[`${service} ${verb}`];
if (run === undefined) {
  process.stderr.write(`aws: the stand-in knows no ${service} ${verb}\n`);
  process.exitCode = 252;
} else await run(words);

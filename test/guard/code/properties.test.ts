import { array, assert, constantFrom, integer, property, uniqueArray } from "fast-check";
import { describe, expect, test } from "vitest";

import { programVerdict } from "./code-world.ts";

const guarded = "queenofsandiego-prod";
const runs = process.env["BELAY_HUNT"] === undefined ? 60 : 3000;

/** The guarded name cut into at least two pieces. */
const pieces = uniqueArray(integer({ min: 1, max: guarded.length - 1 }), { minLength: 1, maxLength: 4 }).map((cuts) =>
  [0, ...cuts.toSorted((a, b) => a - b)].map((from, index, all) => guarded.slice(from, all[index + 1])),
);

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const quoted = (text: string): string => `'${text}'`;

const codes = Array.from(guarded, (char) => String(char.codePointAt(0))).join(", ");
const backwards = Array.from(guarded).toReversed().join("");

/** Ways to spell a name in Python: statements before, then the expression. */
const pythonSpelling = pieces.chain((parts) =>
  constantFrom<readonly [string, string]>(
    ["", parts.map(quoted).join(" + ")],
    ["", parts.map(quoted).join(" ")],
    ["", `''.join([${parts.map(quoted).join(", ")}])`],
    ["", `f"{'${parts.join("'}{'")}'}"`],
    ["", `'${"{}".repeat(parts.length)}'.format(${parts.map(quoted).join(", ")})`],
    ["", `'${"%s".repeat(parts.length)}' % (${parts.map(quoted).join(", ")},)`],
    ["import base64", `base64.b64decode('${base64(guarded)}').decode()`],
    ["import base64", parts.map((part) => `base64.b64decode(b'${base64(part)}').decode('utf-8')`).join(" + ")],
    ["", `bytes([${codes}]).decode()`],
    ["", `''.join(chr(n) for n in [${codes}])`],
    ["", `'${backwards}'[::-1]`],
    [parts.map((part, index) => `v${String(index)} = '${part}'`).join("\n"), parts.map((_, index) => `v${String(index)}`).join(" + ")],
    [
      `v = '${parts[0] ?? ""}'\n${parts
        .slice(1)
        .map((part) => `v += '${part}'`)
        .join("\n")}`,
      "v",
    ],
    [`d = {'a': {'b': ${parts.map(quoted).join(" + ")}}}`, "d['a']['b']"],
    [`def name(x='${parts[0] ?? ""}'):\n    return x + '${parts.slice(1).join("")}'`, "name()"],
    [`class C:\n    NAME = ${parts.map(quoted).join(" + ")}`, "C.NAME"],
    [`a, b = '${parts[0] ?? ""}', '${parts.slice(1).join("")}'`, "a + b"],
  ),
);

const pythonImport = constantFrom<readonly [string, string]>(
  ["import boto3", "boto3.client('s3')"],
  ["import boto3 as b3", "b3.client('s3')"],
  ["from boto3 import client as make", "make('s3')"],
  ["import boto3", "boto3.Session(region_name='us-west-2').client(service_name='s3')"],
  ["import boto3", "boto3.resource('s3').meta.client"],
  ["", "__import__('boto3').client('s3')"],
  ["import importlib", "importlib.import_module('bo' + 'to3').client('s3')"],
);

const pythonCall = constantFrom<(client: string, bucket: string) => string>(
  (client, bucket) => `${client}.put_object(Bucket=${bucket}, Key='x', Body=b'')`,
  (client, bucket) => `${client}.upload_file('x', ${bucket}, 'x')`,
  (client, bucket) => `getattr(${client}, 'delete' + '_object')(Bucket=${bucket}, Key='x')`,
  (client, bucket) => `${client}.copy({'Bucket': 'other', 'Key': 'x'}, ${bucket}, 'x')`,
  (client, bucket) => `${client}.delete_objects(**{'Bucket': ${bucket}, 'Delete': {}})`,
  (client, bucket) => `c = ${client}\nb = ${bucket}\nc.put_object(\n    Bucket=b,  # where\n    Key='x',\n)`,
  (_, bucket) => `import os\nos.system('aws s3 rm s3://' + ${bucket} + '/x')`,
  (_, bucket) => `import subprocess\nsubprocess.run(['aws', 's3', 'rm', f's3://{${bucket}}/x'], check=True)`,
);

const indented = (text: string): string => text.replaceAll(/^/gm, "    ");

/** What may stand around a statement without changing what it does. */
const pythonPlace = constantFrom<(body: string) => string>(
  (body) => body,
  (body) => `def main():\n${indented(body)}\n\nmain()`,
  (body) => `if __name__ == '__main__':\n${indented(body)}`,
  (body) => `try:\n${indented(body)}\nexcept Exception as error:\n    print(error)`,
  (body) => `for _ in range(3):\n${indented(body)}`,
  (body) => `with open('x') as f:\n${indented(body)}`,
  (body) => `"""A script: it says aws s3 ls."""\n# (unbalanced [ in a comment '\n${body}\nprint('done: "put_object"')`,
  (body) => `class Job:\n    def run(self):\n${indented(indented(body))}\n\nJob().run()`,
  (body) => `import asyncio\nasync def main():\n${indented(body)}\nasyncio.run(main())`,
  (body) => `exec(${JSON.stringify(body)})`,
  (body) => `import base64\nexec(base64.b64decode('${base64(body)}'))`,
);

const prose = array(
  constantFrom(
    "aws s3 rm s3://queenofsandiego-prod/x",
    "boto3.client('s3').put_object(Bucket='queenofsandiego-prod')",
    "os.system('aws s3 sync . s3://queenofsandiego-prod')",
    "don't",
    "DELETE FROM t;",
    "`x` ${y} #{z} {w}",
    "s3://queenofsandiego-prod",
    "new PutObjectCommand({ Bucket: 'queenofsandiego-prod' })",
    "the page is live",
    "\\",
  ),
  { minLength: 1, maxLength: 4 },
).map((words) => words.join(" "));

describe("a write stays a write", () => {
  test("however Python spells the bucket, gets its client and is laid out", () => {
    assert(
      property(pythonSpelling, pythonImport, pythonCall, pythonPlace, ([before, name], [imports, client], call, place) => {
        const text = `${imports}\n${place(`${before}\n${call(client, name)}`)}`;
        expect({ text, verdict: programVerdict("python3 -", text) }).toEqual({ text, verdict: "deny" });
      }),
      { numRuns: runs * 3 },
    );
  });

  test("however JavaScript spells the bucket and starts the program", () => {
    const spelling = pieces.chain((parts) =>
      constantFrom<readonly [string, string]>(
        ["", parts.map(quoted).join(" + ")],
        ["", `[${parts.map(quoted).join(", ")}].join('')`],
        ["", `\`\${'${parts.join("'}${'")}'}\``],
        ["", `'${parts[0] ?? ""}'.concat(${parts.slice(1).map(quoted).join(", ")})`],
        ["", `atob('${base64(guarded)}')`],
        ["", `Buffer.from('${base64(guarded)}', 'base64').toString('utf8')`],
        ["", `String.fromCharCode(${codes})`],
        ["", `'${backwards}'.split('').reverse().join('')`],
        [`const name = (x) => '${parts[0] ?? ""}' + x;`, `name('${parts.slice(1).join("")}')`],
        [`const { a, b: c } = { a: '${parts[0] ?? ""}', b: '${parts.slice(1).join("")}' };`, "a + c"],
        [
          `let v = '${parts[0] ?? ""}';\n${parts
            .slice(1)
            .map((part) => `v += '${part}';`)
            .join("\n")}`,
          "v",
        ],
      ),
    );
    const call = constantFrom<(bucket: string) => string>(
      (bucket) => `await client.send(new (require('@aws-sdk/client-s3').PutObjectCommand)({ Bucket: ${bucket}, Key: 'x' }));`,
      (bucket) => `new AWS.S3()['put' + 'Object']({ Bucket: ${bucket}, Key: 'x' }).promise();`,
      (bucket) => `require('child_process').execSync('aws s3 rm s3://' + ${bucket} + '/x');`,
      (bucket) => `const { spawn: go } = require('node:child_process'); go('aws', ['s3', 'rm', \`s3://\${${bucket}}/x\`]);`,
      (bucket) => `fetch(\`https://\${${bucket}}.s3.amazonaws.com/x\`, { method: 'PUT', body: '' });`,
    );
    const place = constantFrom<(body: string) => string>(
      (body) => body,
      (body) => `async function main() {\n${body}\n}\nmain();`,
      (body) => `(async () => { ${body} })();`,
      (body) => `try { ${body} } catch (e) { console.log(e) } finally { }`,
      (body) => `if (x) ${body} else y();`,
      (body) => `// ' ( [ {\n/* \` */ const re = /["'\`]/;\n${body}\nconsole.log("done: putObject(");`,
      (body) => `class Job { async run() { ${body} } }\nnew Job().run();`,
      (body) => `eval(${JSON.stringify(body)});`,
    );
    assert(
      property(spelling, call, place, ([before, name], make, around) => {
        const text = around(`${before}\n${make(name)}`);
        expect({ text, verdict: programVerdict("node -", text) }).toEqual({ text, verdict: "deny" });
      }),
      { numRuns: runs * 2 },
    );
  });
});

describe("prose adds no write", () => {
  const harmless = "import boto3\ndata = boto3.client('s3').get_object(Bucket='queenofsandiego-prod', Key='x')\n";

  test("in Python's strings, comments and docstrings", () => {
    const carrier = constantFrom<(text: string) => string>(
      (text) => `print(${JSON.stringify(text)})`,
      (text) => `# ${text}`,
      (text) => `"""${text.replaceAll("\\", "/")}"""`,
      (text) => `x = {'note': ${JSON.stringify(text)}, 'n': 1}`,
      (text) => `def f():\n    ${JSON.stringify(text)}\n    return 1`,
      (text) => `assert ${JSON.stringify(text)} not in open('x').read()`,
      (text) => `import logging\nlogging.warning(${JSON.stringify(text)}, 1)`,
      (text) => `raise ValueError(${JSON.stringify(text)})`,
      (text) => `open('notes.md', 'w').write(${JSON.stringify(text)})`,
    );
    assert(
      property(prose, carrier, (text, carry) => {
        expect({ text, verdict: programVerdict("python3 -", harmless + carry(text)) }).toEqual({ text, verdict: "allow" });
      }),
      { numRuns: runs },
    );
  });

  test("in JavaScript's strings and comments", () => {
    const carrier = constantFrom<(text: string) => string>(
      (text) => `console.log(${JSON.stringify(text)});`,
      (text) => `// ${text}`,
      (text) => `/* ${text} */`,
      (text) => `const note = { text: ${JSON.stringify(text)} };`,
      (text) => `throw new Error(${JSON.stringify(text)});`,
      (text) => `test(${JSON.stringify(text)}, () => {});`,
      (text) => `require('fs').writeFileSync('notes.md', ${JSON.stringify(text)});`,
    );
    assert(
      property(prose, carrier, (text, carry) => {
        expect({
          text,
          verdict: programVerdict("node -", `await s3.getObject({ Bucket: 'queenofsandiego-prod' });\n${carry(text)}`),
        }).toEqual({ text, verdict: "allow" });
      }),
      { numRuns: runs },
    );
  });
});

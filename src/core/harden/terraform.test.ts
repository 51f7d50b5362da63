/** The Terraform text, read back by a small reader of HCL: what Terraform would encode is what was meant. */

import { expect, it } from "vitest";
import { terraformText } from "./terraform.ts";

type Value = string | boolean | number | null | Value[] | { [key: string]: Value };

interface Block {
  readonly labels: readonly string[];
  readonly values: Record<string, Value>;
  readonly blocks: Block[];
}

/** HCL as far as it is written here: blocks, strings, lists, objects, `jsonencode(…)`, references. Throws at anything else. */
class Reader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    const found = text.matchAll(/"(?:[^"\\\n]|\\.)*"|[A-Za-z_][\w.-]*|-?\d+(?:\.\d+)?|[{}[\]()=,]|\n|[^\s]/gu);
    this.#tokens = [...found].map(([token]) => token);
  }

  file(): Block {
    const body = this.#body();
    if (this.#at < this.#tokens.length) throw new Error(`unexpected ${this.#tokens[this.#at] ?? ""}`);
    return { labels: [], ...body };
  }

  #body(): Pick<Block, "values" | "blocks"> {
    const values: Record<string, Value> = {};
    const blocks: Block[] = [];
    for (this.#lines(); this.#at < this.#tokens.length && this.#peek() !== "}"; this.#lines()) {
      const name = this.#next();
      if (this.#peek() === "=") {
        this.#next();
        values[name] = this.#value();
        continue;
      }
      const labels = [name];
      while (this.#peek() !== "{") labels.push(this.#string());
      this.#expect("{");
      blocks.push({ labels, ...this.#body() });
      this.#expect("}");
    }
    return { values, blocks };
  }

  #value(): Value {
    const token = this.#peek();
    if (token.startsWith('"')) return this.#string();
    if (token === "[") return this.#list();
    if (token === "{") return this.#object();
    this.#next();
    if (token === "jsonencode") {
      this.#expect("(");
      const value = this.#value();
      this.#expect(")");
      return value;
    }
    if (token === "true" || token === "false") return token === "true";
    if (token === "null") return null;
    if (/^-?\d/u.test(token)) return Number(token);
    if (/^aws_[\w.-]+$/u.test(token)) return `reference ${token}`;
    throw new Error(`no value begins with ${token}`);
  }

  #list(): Value[] {
    const items: Value[] = [];
    this.#expect("[");
    for (this.#lines(); this.#peek() !== "]"; this.#lines()) {
      items.push(this.#value());
      this.#lines();
      if (this.#peek() === ",") this.#next();
    }
    this.#expect("]");
    return items;
  }

  #object(): Value {
    const fields: Record<string, Value> = {};
    this.#expect("{");
    for (this.#lines(); this.#peek() !== "}"; this.#lines()) {
      const key = this.#peek().startsWith('"') ? this.#string() : this.#next();
      this.#expect("=");
      fields[key] = this.#value();
      this.#expect("\n");
    }
    this.#expect("}");
    return fields;
  }

  #string(): string {
    const token = this.#next();
    if (!token.startsWith('"')) throw new Error(`${token} is no string`);
    const inner = token.slice(1, -1);
    if (/(?<![$])\$\{|(?<![%])%\{/u.test(inner)) throw new Error(`${token} is a template`);
    return inner
      .replaceAll("$${", () => "${")
      .replaceAll("%%{", "%{")
      .replaceAll(/\\(u[0-9a-f]{4}|[nrt"\\])/gu, (_, code: string) =>
        code.startsWith("u") ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : ({ n: "\n", r: "\r", t: "\t" }[code] ?? code),
      );
  }

  #lines(): void {
    while (this.#peek() === "\n") this.#at += 1;
  }
  #peek(): string {
    return this.#tokens[this.#at] ?? "";
  }
  #next(): string {
    this.#at += 1;
    return this.#tokens[this.#at - 1] ?? "";
  }
  #expect(token: string): void {
    const found = this.#next();
    if (found !== token) throw new Error(`expected ${token}, found ${found} at ${this.#at}`);
  }
}

const odd = {
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "Own",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:PutObject", "s3:DeleteObject"],
      Resource: "arn:aws:s3:::pier/home/${aws:username}/*",
      Condition: {
        Null: { "s3:if-match": "true" },
        Bool: { "aws:SecureTransport": false },
        NumericLessThan: { "s3:max-keys": 10 },
        StringLike: {},
      },
    },
    { Sid: "Odd", Resource: [], Note: 'a "quote", a \\ backslash,\n\ttwo lines, 100%{x} and a bell \u0007', null: null },
  ],
};
const role = (name: string) =>
  ({ Version: "2012-10-17", Statement: [{ Sid: name, Effect: "Allow", Action: "s3:ListBucket", Resource: "*" }] }) as const;
const roles = { agent: role("Agent"), publisher: role("Publisher"), person: role("Person"), trust: role("Trust") };
const bucket = {
  bucket: "pier-site.example",
  hasPolicy: true,
  policy: odd,
  blocksPublicAccess: true,
  logging: { bucket: "pier-logs", prefix: "a/" },
};

const find = (file: Block, ...labels: readonly string[]): Block["values"] | undefined =>
  file.blocks.find((block) => block.labels.join(" ") === labels.join(" "))?.values;

it("every document comes back as it went in, whatever others' statements hold", () => {
  const file = new Reader(terraformText({ buckets: [bucket], roles })).file();
  const label = "belay_pier_site-example";
  expect(find(file, "resource", "aws_s3_bucket_policy", label)).toEqual({ bucket: "pier-site.example", policy: odd });
  expect(find(file, "import")).toEqual({ to: `reference aws_s3_bucket_policy.${label}`, id: "pier-site.example" });
  expect(find(file, "resource", "aws_iam_policy", "belay_agent")).toEqual({ name: "belay-agent", policy: roles.agent });
  expect(find(file, "resource", "aws_iam_role", "belay_publisher")).toEqual({ name: "belay-publisher", assume_role_policy: roles.trust });
  expect(find(file, "resource", "aws_s3_bucket_logging", label)).toEqual({
    bucket: "pier-site.example",
    target_bucket: "pier-logs",
    target_prefix: "a/",
  });
  expect(find(file, "resource", "aws_s3_bucket_public_access_block", label)).toMatchObject({ restrict_public_buckets: true });
  const versioning = file.blocks.find(({ labels }) => labels[1] === "aws_s3_bucket_versioning");
  expect(versioning?.blocks).toEqual([{ labels: ["versioning_configuration"], values: { status: "Enabled" }, blocks: [] }]);
});

it("says nothing of what is left as it is", () => {
  const file = new Reader(
    terraformText({ buckets: [{ ...bucket, hasPolicy: false, blocksPublicAccess: false, logging: undefined }], roles }),
  ).file();
  const kinds = file.blocks.map(({ labels }) => labels[1] ?? labels[0]);
  expect(kinds).not.toContain("import");
  expect(kinds).not.toContain("aws_s3_bucket_logging");
  expect(kinds).not.toContain("aws_s3_bucket_public_access_block");
});

it("two buckets are never called alike", () => {
  const names = ["a-b.c", "a.b-c", "a-b-c", "9ab"];
  const file = new Reader(terraformText({ buckets: names.map((name) => ({ ...bucket, bucket: name })), roles })).file();
  const labels = file.blocks.flatMap((block) => (block.labels[1] === "aws_s3_bucket_policy" ? [block.labels[2]] : []));
  expect(new Set(labels).size).toBe(names.length);
});

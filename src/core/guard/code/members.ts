/** Members of values, and the environment. */

import { hole } from "../word.ts";
import type { CodeStart } from "./code-start.ts";
import { text, thing, unknownValues } from "./value.ts";
import { own } from "./own.ts";
import type { ThingType, Value, Values } from "./value.ts";

const environments = new Set(["os.environ", "process.env", "ENV", "_ENV", "_SERVER", "Deno.env", "Bun.env", "import.meta.env", "environ"]);

export const isEnvironment = (value: Value): boolean => value.kind === "symbol" && environments.has(value.path);

/** A variable that the command itself sets has its value, any other is open. */
export const envValue = (start: CodeStart, name: string): Value => text(start.env.get(name) ?? hole);

const handedOut = new Set(["get", "toObject", "to_h"]);

/** `value.name`, for reading or for calling. */
export function membersOf(value: Value, name: string): Values {
  switch (value.kind) {
    case "symbol":
      return [{ kind: "symbol", path: modulePath(`${value.path}.${name}`) }];
    case "dict": {
      const found = value.entries.get(name);
      if (found !== undefined) return found;
      return value.isOpen && !handedOut.has(name)
        ? [...unknownValues, { kind: "member", of: value, name }]
        : [{ kind: "member", of: value, name }];
    }
    case "thing":
      return [thingMember(value, name)];
    case "text":
    case "list":
    case "number":
    case "member":
    case "function":
    case "unknown":
      return [{ kind: "member", of: value, name }];
  }
}

/** `fs.default`, `cp.promises` and the like name the module itself. */
const modulePath = (path: string): string => path.replace(/\.(?:default|promises)(?=\.|$)/, "");

function thingMember(value: Extract<Value, { kind: "thing" }>, name: string): Value {
  const { type, at } = value;
  const word = own(words[type] ?? {}, name);
  if (word !== undefined) return text(at[word] ?? hole);
  const handed = own(things[type] ?? {}, name);
  if (handed === undefined) return { kind: "member", of: value, name };
  return handed === "itself" ? value : thing(handed, at);
}

/** Members that are texts, by the name that the text has in `at`. */
const words: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  bucket: { name: "bucket" },
  object: { key: "key", bucket_name: "bucket", bucketName: "bucket" },
};

/** Members that are things again, with the same names. */
const things: Readonly<Record<string, Readonly<Record<string, ThingType | "itself">>>> = {
  bucket: { objects: "objects", object_versions: "objects" },
  object: { bucket: "bucket" },
  resource: { meta: "itself", client: "client" },
  client: { client: "client" },
};

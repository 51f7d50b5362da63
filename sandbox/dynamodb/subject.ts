/** What a request to DynamoDB is about, put where other services have it: in the path. Faults and denials by key then strike it too. */

import type { SandboxHandler, SandboxRequest } from "../wire.ts";

/** The handler, with `/TABLE/KEY` as the path: the values of the key, parted by slashes, each percent-encoded. Belongs behind the check of signatures. */
export function withSubject(handler: SandboxHandler): SandboxHandler {
  return async (request) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request.body()) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const body = async function* body(): AsyncGenerator<Uint8Array> {
      yield bytes;
    };
    return await handler({ ...request, path: subjectOf(bytes, request), body });
  };
}

function subjectOf(bytes: Buffer, { path }: SandboxRequest): string {
  const parameters = membersOf(jsonIn(bytes));
  const table = parameters.get("TableName");
  if (typeof table !== "string") return path;
  // Which attributes of a whole item are its key, only the table knows: all that are plain texts stand for it.
  const values = [...membersOf(parameters.get("Key") ?? parameters.get("Item")).values()].flatMap((value) => {
    const [text] = membersOf(value).values();
    return typeof text === "string" ? [encodeURIComponent(text)] : [];
  });
  return `/${encodeURIComponent(table)}/${values.join("/")}`;
}

function jsonIn(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const membersOf = (value: unknown): ReadonlyMap<string, unknown> =>
  new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);

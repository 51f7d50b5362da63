/** A door for tests and people in another process: what was asked, what shall fail, what is there. Unsigned JSON, for this machine only. */

import * as v from "valibot";
import type { Faults } from "./faults.ts";
import type { RequestLog } from "./request-log.ts";
import type { SandboxHandler, SandboxRequest, SandboxResponse } from "./wire.ts";

/** What a sandbox holds, as `GET /_sandbox` says it. */
export interface SandboxSummary {
  readonly region: string;
  readonly buckets: readonly { readonly name: string; readonly objects: number }[];
  readonly distributions: readonly {
    readonly id: string;
    readonly bucket: string;
    readonly originPath: string;
    readonly aliases: readonly string[];
    readonly url: string;
    readonly invalidations: number;
  }[];
  readonly tables: readonly { readonly name: string; readonly items: number }[];
}

export interface ControlOptions {
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly summary: () => Promise<SandboxSummary>;
}

const ruleSizeBytesMax = 64 * 1024;

const text = v.pipe(v.string(), v.minLength(1));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const actionSchema = v.variant("kind", [
  v.strictObject({
    kind: v.literal("status"),
    status: v.pipe(v.number(), v.safeInteger(), v.minValue(400), v.maxValue(599)),
    code: v.exactOptional(text),
    message: v.exactOptional(text),
  }),
  v.strictObject({ kind: v.literal("lose-reply") }),
  v.strictObject({ kind: v.literal("lose-request"), isSent: v.exactOptional(v.boolean()) }),
  v.strictObject({ kind: v.literal("break-body") }),
  v.strictObject({ kind: v.literal("drop-listing") }),
  v.strictObject({ kind: v.literal("delay"), ms: v.pipe(v.number(), v.minValue(0), v.maxValue(600_000)) }),
  v.strictObject({ kind: v.literal("ignore-preconditions") }),
]);
const ruleSchema = v.strictObject({
  operation: v.exactOptional(v.union([text, v.pipe(v.array(text), v.minLength(1))])),
  key: v.exactOptional(v.string()),
  chance: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  times: v.exactOptional(count),
  action: actionSchema,
});

const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): SandboxResponse => ({
  status,
  headers: { ...headers, "content-type": "application/json", "cache-control": "no-store" },
  body: Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`),
});
const refused = (status: number, error: string): SandboxResponse => json(status, { error });

/** Whether a request is meant for the door: no bucket's name begins with an underscore. */
export const isControl = (request: SandboxRequest): boolean => /^\/_sandbox(?:\/|$)/u.test(request.path) && isLocalName(request);

/** A virtual host such as `bucket.localhost` is a bucket's, and a name that only leads here is nobody's. */
const isLocalName = ({ headers }: SandboxRequest): boolean => /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/iu.test(headers["host"] ?? "");

/** Whether a browser says that a page of another origin is behind the request. */
function isForeign({ headers }: SandboxRequest): boolean {
  const { origin, "sec-fetch-site": site } = headers;
  if (origin !== undefined && origin !== `http://${headers["host"] ?? ""}`) return true;
  return site !== undefined && site !== "same-origin" && site !== "none";
}

async function textOf(request: SandboxRequest): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of request.body()) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > ruleSizeBytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function addRule(request: SandboxRequest, faults: Faults): Promise<SandboxResponse> {
  const body = await textOf(request);
  if (body === undefined) return refused(413, `A rule has at most ${ruleSizeBytesMax} bytes.`);
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return refused(400, "The body is no JSON.");
  }
  const result = v.safeParse(ruleSchema, value);
  if (!result.success) {
    const [issue] = result.issues;
    return refused(400, `${v.getDotPath(issue) ?? "The rule"}: ${issue.message}`);
  }
  faults.add(result.output);
  return json(201, { rules: faults.rules() });
}

type Methods = Readonly<Record<string, (request: SandboxRequest) => SandboxResponse | Promise<SandboxResponse>>>;

/** The door itself. Call it for requests that `isControl` names. A wrong request is answered with a 4xx and `{"error": …}`. */
export function controlDoor({ log, faults, summary }: ControlOptions): SandboxHandler {
  const doors: Readonly<Record<string, Methods>> = {
    "/_sandbox": { GET: async () => json(200, await summary()) },
    "/_sandbox/requests": {
      GET: () => json(200, log.snapshot()),
      DELETE: () => {
        log.reset();
        return json(200, log.snapshot());
      },
    },
    "/_sandbox/faults": {
      GET: () => json(200, { rules: faults.rules() }),
      POST: (request) => addRule(request, faults),
      DELETE: () => {
        faults.clear();
        return json(200, { rules: faults.rules() });
      },
    },
  };
  return async (request) => {
    if (isForeign(request)) return refused(403, "A page of another site must not drive the sandbox.");
    const path = request.path.replace(/\/$/u, "");
    const methods = Object.hasOwn(doors, path) ? doors[path] : undefined;
    if (!methods) return refused(404, `There is no ${path} here, only ${Object.keys(doors).join(", ")}.`);
    const allow = Object.keys(methods).join(", ");
    const answer = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined;
    return answer ? answer(request) : json(405, { error: `${path} takes ${allow}.` }, { allow });
  };
}

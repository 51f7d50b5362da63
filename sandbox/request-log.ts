import { operationOf } from "./s3/operation-of.ts";
import { targetOf } from "./s3/s3-operation.ts";
import type { SandboxHandler, SandboxRequest, SandboxResponse } from "./wire.ts";

export interface RequestCounts {
  /** Requests by the name of their operation. */
  readonly operations: Readonly<Record<string, number>>;
  /** Bytes of bodies that were read by the service, as they came. */
  readonly bytesIn: number;
  /** Bytes of bodies that were handed out. */
  readonly bytesOut: number;
  /** Of these, the bytes of objects, by bucket: sent with PutObject and UploadPart, or handed out by GetObject. Copies have none. */
  readonly contentBytes: Readonly<Record<string, number>>;
}

const withContent = new Set(["GetObject", "PutObject", "UploadPart"]);

export interface RequestLog {
  snapshot(): RequestCounts;
  reset(): void;
  /** The handler, counted: a request when it arrives, bytes when they pass. */
  counted(handler: SandboxHandler): SandboxHandler;
}

/** An empty count of what is asked of one or more services. */
export function openRequestLog(): RequestLog {
  let operations = new Map<string, number>();
  let bytesIn = 0;
  let bytesOut = 0;
  let content = new Map<string, number>();

  const contentOf = (request: SandboxRequest): ((bytes: number) => void) => {
    if (!withContent.has(operationOf(request))) return () => undefined;
    const { bucket } = targetOf(request);
    return (bytes) => void content.set(bucket, (content.get(bucket) ?? 0) + bytes);
  };

  const countedRequest = (request: SandboxRequest, note: (bytes: number) => void): SandboxRequest => ({
    ...request,
    body: async function* body() {
      for await (const chunk of request.body()) {
        bytesIn += chunk.byteLength;
        note(chunk.byteLength);
        yield chunk;
      }
    },
  });

  const countedResponse = (response: SandboxResponse, note: (bytes: number) => void): SandboxResponse => {
    const { body } = response;
    if (body === undefined) return response;
    // What an answer says of a failure is no content.
    const isContent = response.status < 300;
    if (body instanceof Uint8Array) {
      bytesOut += body.byteLength;
      if (isContent) note(body.byteLength);
      return response;
    }
    return {
      ...response,
      body: async function* counted() {
        for await (const chunk of body()) {
          bytesOut += chunk.byteLength;
          if (isContent) note(chunk.byteLength);
          yield chunk;
        }
      },
    };
  };

  return {
    snapshot: () => ({
      operations: Object.fromEntries([...operations].toSorted(([left], [right]) => (left < right ? -1 : 1))),
      bytesIn,
      bytesOut,
      contentBytes: Object.fromEntries([...content].toSorted(([left], [right]) => (left < right ? -1 : 1))),
    }),
    reset: () => {
      operations = new Map();
      bytesIn = 0;
      bytesOut = 0;
      content = new Map();
    },
    counted: (handler) => async (request) => {
      const operation = operationOf(request);
      operations.set(operation, (operations.get(operation) ?? 0) + 1);
      const note = contentOf(request);
      return countedResponse(await handler(countedRequest(request, note)), note);
    },
  };
}

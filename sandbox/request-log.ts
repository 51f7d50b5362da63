import { operationOf } from "./s3/operation-of.ts";
import type { SandboxHandler, SandboxRequest, SandboxResponse } from "./wire.ts";

export interface RequestCounts {
  /** Requests by the name of their operation. */
  readonly operations: Readonly<Record<string, number>>;
  /** Bytes of bodies that were read by the service, as they came. */
  readonly bytesIn: number;
  /** Bytes of bodies that were handed out. */
  readonly bytesOut: number;
}

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

  const countedRequest = (request: SandboxRequest): SandboxRequest => ({
    ...request,
    body: async function* body() {
      for await (const chunk of request.body()) {
        bytesIn += chunk.byteLength;
        yield chunk;
      }
    },
  });

  const countedResponse = (response: SandboxResponse): SandboxResponse => {
    const { body } = response;
    if (body === undefined) return response;
    if (body instanceof Uint8Array) {
      bytesOut += body.byteLength;
      return response;
    }
    return {
      ...response,
      body: async function* counted() {
        for await (const chunk of body()) {
          bytesOut += chunk.byteLength;
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
    }),
    reset: () => {
      operations = new Map();
      bytesIn = 0;
      bytesOut = 0;
    },
    counted: (handler) => async (request) => {
      const operation = operationOf(request);
      operations.set(operation, (operations.get(operation) ?? 0) + 1);
      return countedResponse(await handler(countedRequest(request)));
    },
  };
}

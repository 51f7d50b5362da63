/** What every part of the sandbox speaks: requests and responses without a socket, so that a simulation can call the handlers itself. */

export interface SandboxRequest {
  readonly method: string;
  /** Percent-encoded, as it came, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: () => AsyncIterable<Uint8Array>;
}

export interface SandboxResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | (() => AsyncIterable<Uint8Array>);
}

export type SandboxHandler = (request: SandboxRequest) => Promise<SandboxResponse>;

/** The one clock of a sandbox. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

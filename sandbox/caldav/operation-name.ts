import type { SandboxRequest } from "../wire.ts";

/** No bucket's name begins with an underscore, so calendars have this path for themselves. */
export const calDavRoot = "/_caldav/";

/** Whether a request is for the calendars: by its path, the address for newcomers (RFC 6764) included. */
export const isForCalDav = ({ path }: SandboxRequest): boolean => path.startsWith(calDavRoot) || path === "/.well-known/caldav";

/** The name of a CalDAV operation, for faults and counts: `CalDAV PUT`, `CalDAV PROPFIND`. */
export const calDavOperationOf = ({ method }: SandboxRequest): string => `CalDAV ${method}`;

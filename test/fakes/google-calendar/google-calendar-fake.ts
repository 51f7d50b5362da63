/**
 * Google Calendar on a loopback port, for tests, written from the published description of the API (calendar v3) and its guides:
 * events with ETags and If-Match, ids that stay taken, sync tokens, pages, the token endpoint, and faults.
 */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { deletedAlready, isObject, notFound, refusal, stale, type EventFields, type GoogleAnswer } from "./google-answer.ts";
import { HeldEvents, merged, timeOf } from "./held-events.ts";
import { instancesAnswer, listAnswer } from "./list-answer.ts";
import { openTokenEndpoint, type TokenEndpoint } from "./token-endpoint.ts";

export type CalendarMethod = "list" | "instances" | "get" | "insert" | "patch" | "update" | "delete" | "token";

export interface CalendarFault {
  readonly method: CalendarMethod;
  /** How often; once unless given. */
  readonly times?: number;
  /** Lets so many through before it strikes. */
  readonly after?: number;
  readonly action:
    | { readonly kind: "answer"; readonly answer: GoogleAnswer }
    /** The operation is done, and the connection cut. */
    | { readonly kind: "lose-reply" }
    /** Nothing is done, and the connection cut. */
    | { readonly kind: "lose-request" }
    /** The answer's JSON is changed on its way. */
    | { readonly kind: "alter"; readonly change: (body: EventFields) => unknown };
}

export interface CalendarRequest {
  readonly method: CalendarMethod;
  readonly eventId: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

export interface CalendarFake {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  readonly calendarId: string;
  readonly tokens: TokenEndpoint;
  readonly events: HeldEvents;
  readonly requests: CalendarRequest[];
  /** Of writes, whom Google would have told. */
  readonly told: { readonly method: CalendarMethod; readonly eventId: string; readonly sendUpdates: string }[];
  fail(fault: CalendarFault): void;
  /** No sync token that was given out is good any more. */
  expireSyncTokens(): void;
  /** Google "cannot guarantee that ID collisions will be detected": from now on they are not, and a twin is made. */
  missCollisions(): void;
  setPageSize(eventsMax: number): void;
  close(): Promise<void>;
}

const idPattern = /^[a-v0-9]{5,1024}$/u;
const writeScope = "https://www.googleapis.com/auth/calendar.events";
const methods: Readonly<Record<string, CalendarMethod>> = { GET: "get", PATCH: "patch", PUT: "update", DELETE: "delete" };

export async function startCalendarFake(
  options: { readonly calendarId?: string; readonly nowMs?: () => number } = {},
): Promise<CalendarFake> {
  const { calendarId = "charters@group.calendar.example.com", nowMs = Date.now } = options;
  const served = new ServedCalendar(calendarId, nowMs);
  const server = createServer((request, response) => void served.serve(request, response).catch(() => response.destroy()));
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calendarId,
    tokens: served.tokens,
    events: served.events,
    requests: served.requests,
    told: served.told,
    fail: (fault) => void served.faults.push({ fault, left: fault.times ?? 1, passing: fault.after ?? 0 }),
    expireSyncTokens: () => void (served.epoch += 1),
    missCollisions: () => void (served.missesCollisions = true),
    setPageSize: (eventsMax) => void (served.pageSizeMax = eventsMax),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

class ServedCalendar {
  readonly tokens: TokenEndpoint;
  readonly events: HeldEvents;
  readonly requests: CalendarRequest[] = [];
  readonly told: { method: CalendarMethod; eventId: string; sendUpdates: string }[] = [];
  readonly faults: { fault: CalendarFault; left: number; passing: number }[] = [];
  readonly #calendarId: string;
  epoch = 1;
  missesCollisions = false;
  pageSizeMax = 2_500;
  #twins = 0;

  constructor(calendarId: string, nowMs: () => number) {
    this.#calendarId = calendarId;
    this.tokens = openTokenEndpoint(nowMs);
    this.events = new HeldEvents(nowMs, calendarId);
  }

  async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await textOf(incoming);
    const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
    const route = routeOf(incoming.method ?? "GET", url);
    if (!route) return send(response, notFound);
    const fault = this.#strike(route.method);
    if (fault?.kind === "lose-request") return void response.destroy();
    const answer = fault?.kind === "answer" ? fault.answer : this.#answer(route, { url, incoming, text });
    if (fault?.kind === "lose-reply") return void response.destroy();
    const altered = fault?.kind === "alter" && isObject(answer.body) ? { ...answer, body: fault.change(answer.body) } : answer;
    send(response, altered);
  }

  #strike(method: CalendarMethod): CalendarFault["action"] | undefined {
    const found = this.faults.find(({ fault, left }) => fault.method === method && left > 0);
    if (!found) return undefined;
    if (found.passing > 0) found.passing -= 1;
    else {
      found.left -= 1;
      return found.fault.action;
    }
    return undefined;
  }

  #answer(route: Route, { url, incoming, text }: Came): GoogleAnswer {
    if (route.method === "token") {
      this.requests.push({ method: "token", eventId: "", query: url.searchParams, headers: incoming.headers, body: text });
      return this.tokens.grant(new URLSearchParams(text));
    }
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    this.requests.push({ method: route.method, eventId: route.eventId, query: url.searchParams, headers: incoming.headers, body });
    const scope = this.tokens.scopeOf(incoming.headers.authorization);
    if (scope === undefined) return refusal(401, "authError", "Invalid Credentials", { locationType: "header", location: "Authorization" });
    const isWrite = ["insert", "patch", "update", "delete"].includes(route.method);
    if (isWrite && !scope.split(" ").includes(writeScope))
      return refusal(403, "insufficientPermissions", "Request had insufficient authentication scopes.");
    if (route.calendarId !== this.#calendarId) return notFound;
    const answer = this.#perform(route, url.searchParams, { body, ifMatch: incoming.headers["if-match"] });
    if (isWrite && answer.status < 300) {
      const sendUpdates = url.searchParams.get("sendUpdates") ?? "none";
      this.told.push({ method: route.method, eventId: route.eventId, sendUpdates });
    }
    return answer;
  }

  #perform(
    { method, eventId }: Route,
    query: URLSearchParams,
    { body, ifMatch }: { readonly body: unknown; readonly ifMatch: string | undefined },
  ): GoogleAnswer {
    if (method === "list") return listAnswer(this.events, query, { epoch: this.epoch, pageSizeMax: this.pageSizeMax });
    if (method === "insert") return isObject(body) ? this.#insert(body) : refusal(400, "parseError", "Parse Error");
    const held = this.events.get(eventId);
    if (!held) return notFound;
    if (method === "instances") return instancesAnswer(this.events, eventId, query);
    if (method === "get") return { status: 200, body: held, headers: { etag: String(held["etag"]) } };
    if (ifMatch !== undefined && ifMatch !== "*" && ifMatch !== held["etag"]) return stale;
    return this.#change(method, held, body);
  }

  #change(method: CalendarMethod, held: EventFields, body: unknown): GoogleAnswer {
    const eventId = String(held["id"]);
    if (method === "delete") {
      if (held["status"] === "cancelled") return deletedAlready;
      this.events.remove(eventId);
      return { status: 204 };
    }
    if (!isObject(body)) return refusal(400, "parseError", "Parse Error");
    const next = method === "patch" ? merged(held, body) : body;
    return (
      timeProblem(next) ?? { status: 200, body: method === "patch" ? this.events.patch(eventId, body) : this.events.update(eventId, body) }
    );
  }

  #insert(body: EventFields): GoogleAnswer {
    const id = typeof body["id"] === "string" ? body["id"] : `made${this.events.changeCount}`;
    if (!idPattern.test(id)) return refusal(400, "invalid", "Invalid resource id value.");
    const problem = timeProblem(body);
    if (problem) return problem;
    if (!this.events.get(id)) return { status: 200, body: this.events.insert(id, body) };
    if (!this.missesCollisions) return refusal(409, "duplicate", "The requested identifier already exists.");
    this.#twins += 1;
    this.events.insert(`twin${this.#twins}`, body, `${id}@google.com`);
    return { status: 200, body: this.events.get(id) };
  }
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) if (chunk instanceof Buffer) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

interface Came {
  readonly url: URL;
  readonly incoming: IncomingMessage;
  readonly text: string;
}

interface Route {
  readonly method: CalendarMethod;
  readonly calendarId: string;
  readonly eventId: string;
}

function routeOf(verb: string, { pathname }: URL): Route | undefined {
  if (verb === "POST" && pathname === "/token") return { method: "token", calendarId: "", eventId: "" };
  const [, calendar, event, instances] = /^\/calendar\/v3\/calendars\/([^/]+)\/events(?:\/([^/]+))?(\/instances)?$/u.exec(pathname) ?? [];
  if (calendar === undefined) return undefined;
  const calendarId = decodeURIComponent(calendar);
  if (event === undefined) {
    const method = verb === "GET" ? "list" : verb === "POST" ? "insert" : undefined;
    return method && { method, calendarId, eventId: "" };
  }
  const method = instances === undefined ? methods[verb] : verb === "GET" ? "instances" : undefined;
  return method && { method, calendarId, eventId: decodeURIComponent(event) };
}

function timeProblem(event: EventFields): GoogleAnswer | undefined {
  const [start, end] = [timeOf(event["start"]), timeOf(event["end"])];
  if (Number.isNaN(start)) return refusal(400, "required", "Missing start time.");
  if (Number.isNaN(end)) return refusal(400, "required", "Missing end time.");
  for (const name of ["start", "end"])
    if (!namesZone(event[name])) return refusal(400, "required", `Missing time zone definition for ${name} time.`);
  // The end of a day's event is the day after: one that ends on the day on which it begins takes no day.
  const isEmpty = isObject(event["end"]) && typeof event["end"]["date"] === "string" ? end <= start : end < start;
  return isEmpty ? refusal(400, "timeRangeEmpty", "The specified time range is empty.") : undefined;
}

/** "A time zone offset is required unless a time zone is explicitly specified in timeZone." */
const namesZone = (when: unknown): boolean =>
  !isObject(when) ||
  typeof when["dateTime"] !== "string" ||
  /(?:Z|[+-]\d\d:\d\d)$/iu.test(when["dateTime"]) ||
  typeof when["timeZone"] === "string";

function send(response: ServerResponse, { status, body, headers = {} }: GoogleAnswer): void {
  const text = body === undefined ? "" : JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json; charset=UTF-8", "content-length": Buffer.byteLength(text), ...headers });
  response.end(text);
}

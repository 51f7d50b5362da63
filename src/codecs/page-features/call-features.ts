/** What one call of a script does, by what is called and what it is given. */

import type { AnyNode, Expression, Super } from "acorn";
import { addressPattern, hostOf, isTokenName, serviceOf, unknownPart } from "./address-pattern.ts";
import { isNew } from "./callee-path.ts";
import type { FeatureBook } from "./feature-book.ts";
import { keyName, memberName, resolved, type TextFolder } from "./fold-text.ts";
import type { Scope, Visit } from "./script-scopes.ts";

export interface Call {
  readonly callee: Expression | Super;
  /** What is called, see `calleePath`. */
  readonly path: string;
  readonly given: readonly AnyNode[];
  readonly scope: Scope;
}

export interface Noting {
  readonly book: FeatureBook;
  readonly folder: TextFolder;
  readonly evidence: string;
}

/** Events that every page has. */
const commonEvents = new Set(["load", "DOMContentLoaded", "readystatechange", "error", "beforeunload", "pagehide", "pageshow"]);

const uses: readonly (readonly [RegExp, string])[] = [
  [/^navigator\.share$/u, "shares by the device"],
  [/^navigator\.clipboard\./u, "copies to the clipboard"],
  [/^navigator\.geolocation\./u, "asks for the position"],
  [/^navigator\.serviceWorker\.register$/u, "works offline"],
  [/^navigator\.mediaDevices\.getUserMedia$/u, "uses camera or microphone"],
  [/^Notification\.requestPermission$/u, "asks to notify"],
  [/^print$/u, "prints"],
];

/** The first of several readings that says anything. */
const textsAt = ({ given, scope }: Call, at: number, { folder }: Noting): readonly string[] => {
  const node = given[at];
  return node ? folder.texts({ node, scope }) : [];
};

export function noteCall(call: Call, noting: Noting): void {
  const { path } = call;
  const { book, evidence } = noting;
  noteRequest(call, noting);
  noteStorage(call, noting);
  noteChecks(call, noting);
  const last = path.slice(path.lastIndexOf(".") + 1);
  const isHandled = call.given[1] !== undefined;
  if ((last === "addEventListener" || (last === "on" && path !== "on")) && isHandled) {
    for (const event of textsAt(call, 0, noting)) noteListener(event, noting);
  }
  if (/(?:^|\.)location\.(?:assign|replace)$/u.test(path) || path === "open") {
    for (const address of textsAt(call, 0, noting)) noteNavigation(address, noting);
  }
  for (const [pattern, name] of uses) if (pattern.test(path)) book.add("script", name, evidence);
  if (/(?:^|\.)(?:toBlob|toDataURL|createImageBitmap)$/u.test(path)) book.add("upload", "redraws pictures before they are sent", evidence);
  if (path.startsWith("instgrm.")) book.add("embed", "instagram", evidence);
}

export function noteListener(event: string, { book, evidence }: Noting): void {
  for (const name of event.split(/\s+/u)) {
    if (name === "" || name === unknownPart || commonEvents.has(name)) continue;
    book.add("listener", name.replace(/\..*$/u, ""), evidence);
    if (name === "drop") book.add("upload", "takes files that are dropped on it", evidence);
  }
}

export function noteNavigation(address: string, { book, evidence }: Noting): void {
  const pattern = addressPattern(address);
  if (pattern !== "") book.add("navigation", `goes to ${pattern}`, evidence);
}

/** An address that a script or form sends to or reads from. */
export function noteEndpoint(method: string, address: string, { book, evidence }: Omit<Noting, "folder">): void {
  const pattern = addressPattern(address);
  if (pattern === "") return;
  book.add("endpoint", `${method} ${pattern}`, evidence);
  const service = serviceOf(address) ?? (/instagram/iu.test(pattern) ? "instagram" : undefined);
  if (service !== undefined) book.add("embed", service, evidence, hostOf(address));
  for (const name of (pattern.split("?")[1] ?? "").split("&"))
    if (name !== "" && isTokenName(name)) book.add("token", `sends ${name}`, evidence);
}

const methods = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/u;

/** Calls whose first argument is an address, by what is called. */
const direct: Readonly<Record<string, string>> = {
  "navigator.sendBeacon": "POST",
  WebSocket: "WEBSOCKET",
  EventSource: "EVENTS",
  "$.getJSON": "GET",
  "$.get": "GET",
  "$.post": "POST",
  "jQuery.getJSON": "GET",
  "jQuery.get": "GET",
  "jQuery.post": "POST",
  "axios.get": "GET",
  "axios.post": "POST",
  "axios.put": "PUT",
  "axios.patch": "PATCH",
  "axios.delete": "DELETE",
};

function noteRequest(call: Call, noting: Noting): void {
  const { methods: asked, addresses } = requestOf(call, noting);
  for (const method of asked) for (const address of addresses) noteEndpoint(method.toUpperCase(), address, noting);
}

interface Request {
  readonly methods: readonly string[];
  readonly addresses: readonly string[];
}

function requestOf(call: Call, noting: Noting): Request {
  const { path } = call;
  const first = textsAt(call, 0, noting);
  if (Object.hasOwn(direct, path)) return { methods: [direct[path] ?? ""], addresses: first };
  if (path === "fetch") return { methods: orGet(optionOf(call, 1, "method", noting)), addresses: first };
  if (path === "axios" || path === "$.ajax" || path === "jQuery.ajax") {
    const asked = [...optionOf(call, 0, "method", noting), ...optionOf(call, 0, "type", noting)];
    return { methods: orGet(asked), addresses: optionOf(call, 0, "url", noting) };
  }
  const isOpened = path.endsWith(".open");
  return {
    methods: isOpened ? first.filter((name) => methods.test(name.toUpperCase())) : [],
    addresses: isOpened ? textsAt(call, 1, noting) : [],
  };
}

const orGet = (asked: readonly string[]): readonly string[] => (asked.length > 0 ? asked : ["GET"]);

/** Texts of one property of an argument that is written out. */
function optionOf({ given, scope }: Call, at: number, key: string, { folder }: Noting): readonly string[] {
  const node = given[at];
  const held = node && resolved({ node, scope });
  if (held?.node.type !== "ObjectExpression") return [];
  const property = held.node.properties.find((each) => keyName(each) === key);
  return property?.type === "Property" ? folder.texts({ node: property.value, scope: held.scope }) : [];
}

function noteStorage(call: Call, noting: Noting): void {
  const { path } = call;
  const { book, evidence } = noting;
  const store = /^(localStorage|sessionStorage)\.(?:get|set|remove)Item$/u.exec(path)?.[1];
  const keys = store === undefined ? [] : textsAt(call, 0, noting);
  for (const key of keys) book.add(isTokenName(key) ? "token" : "storage", `${store ?? ""} ${key}`, evidence);
  if (path === "JSON.stringify") noteKeys(call, noting);
  if (call.callee.type === "MemberExpression") noteFields(call, { node: call.callee.object, scope: call.scope }, noting);
}

/** What is read from the page's address, and what is put beside a request. */
function noteFields(call: Call, object: Visit, noting: Noting): void {
  const { path } = call;
  const { book, evidence } = noting;
  if (path.endsWith(".get") && isQuery(object)) {
    for (const name of textsAt(call, 0, noting)) book.add(isTokenName(name) ? "token" : "script", `reads ?${name}`, evidence);
  }
  const isBody = /\.(?:append|set)$/u.test(path) && (isNew(object, "FormData") || isNew(object, "URLSearchParams"));
  if (!isBody && !path.endsWith(".setRequestHeader")) return;
  for (const name of textsAt(call, 0, noting)) if (isCredential(name)) book.add("token", `sends ${name}`, evidence);
}

export const isCredential = (name: string): boolean => /^authorization$/iu.test(name) || isTokenName(name);

function noteKeys({ given: [node], scope }: Call, { book, evidence }: Noting): void {
  const held = node && resolved({ node, scope });
  if (held?.node.type !== "ObjectExpression") return;
  for (const key of held.node.properties.map(keyName))
    if (key !== undefined && isTokenName(key)) book.add("token", `sends ${key}`, evidence);
}

/** `new URLSearchParams(…)`, `new URL(…).searchParams`. */
function isQuery(visit: Visit): boolean {
  if (isNew(visit, "URLSearchParams")) return true;
  const held = resolved(visit);
  return held !== undefined && memberName(held.node) === "searchParams";
}

function noteChecks(call: Call, noting: Noting): void {
  const { path, callee, scope } = call;
  const { book, evidence } = noting;
  if (/\.(?:checkValidity|reportValidity|setCustomValidity)$/u.test(path)) book.add("validation", "checks its form by script", evidence);
  if (/^(?:grecaptcha|hcaptcha|turnstile)\./u.test(path))
    book.add("spam-guard", path.startsWith("grecaptcha") ? "recaptcha" : (path.split(".")[0] ?? path), evidence);
  if (callee.type !== "MemberExpression") return;
  const checked = memberName(callee) === "test" ? resolved({ node: callee.object, scope })?.node : undefined;
  if (checked?.type === "Literal" && checked.regex) book.add("validation", `checks /${checked.regex.pattern}/`, evidence);
  const isTypeCheck = /^(?:startsWith|includes|indexOf|match)$/u.test(memberName(callee) ?? "");
  if (isTypeCheck && textsAt(call, 0, noting).some((text) => /^(?:image|video|audio|application)\//u.test(text)))
    book.add("validation", "checks the type of files", evidence);
}

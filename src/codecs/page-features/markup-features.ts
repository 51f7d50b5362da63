/** What a page's elements do by themselves. */

import { addressPattern, hostOf, isGuard, isPlayer, isTokenName, serviceOf, sourcePattern } from "./address-pattern.ts";
import { noteEndpoint } from "./call-features.ts";
import type { FeatureBook } from "./feature-book.ts";

export interface Element {
  /** In lower case. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** An element around it, or it, is kept out of sight. */
  readonly isHidden: boolean;
  readonly evidence: string;
}

type Note = (element: Element, book: FeatureBook) => void;

const has = ({ attributes }: Element, name: string): boolean => Object.hasOwn(attributes, name);
const said = ({ attributes }: Element, name: string): string => (Object.hasOwn(attributes, name) ? (attributes[name] ?? "").trim() : "");

/** By means that pages hide traps with. */
export function isHiding(attributes: Readonly<Record<string, string>>): boolean {
  const style = attributes["style"] ?? "";
  if (Object.hasOwn(attributes, "hidden") || attributes["aria-hidden"] === "true") return true;
  if (/display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d])|(?:left|top|text-indent)\s*:\s*-\d{3,}/iu.test(style))
    return true;
  return /(?:^|[\s_-])(?:hp|honey(?:pot)?|visually-hidden|sr-only|offscreen)(?:$|[\s_-])/iu.test(attributes["class"] ?? "");
}

const form: Note = (element, book) => {
  const method = (said(element, "method") || "get").toUpperCase();
  const action = addressPattern(said(element, "action"));
  book.add("form", `${method} ${action || "this page"}`, element.evidence);
  if (action !== "") noteEndpoint(method, said(element, "action"), { book, evidence: element.evidence });
  if (has(element, "netlify-honeypot")) book.add("spam-guard", "honeypot field", element.evidence, said(element, "netlify-honeypot"));
};

const trapName =
  /^(?:_?gotcha|hp|hp[_-].*|.*honey.*|.*honeypot.*|bot[_-]?(?:field|trap)|trap|url2?|website2?|homepage|fax|nickname|leave[_-]?(?:this[_-]?)?(?:blank|empty))$/iu;

/** A field that people cannot see, and that machines fill in. */
function isTrap(element: Element, type: string): boolean {
  if (type === "hidden" || type === "file" || type === "submit" || !element.isHidden) return false;
  return trapName.test(said(element, "name")) || said(element, "tabindex") === "-1" || said(element, "autocomplete") === "off";
}

const nameOf = (element: Element): string => said(element, "name") || said(element, "id") || "unnamed";

const field: Note = (element, book) => {
  const { evidence } = element;
  const type = element.name === "input" ? said(element, "type").toLowerCase() || "text" : element.name;
  if (/^(?:submit|button|reset|image)$/u.test(type)) return;
  const name = nameOf(element);
  if (isTrap(element, type)) {
    book.add("spam-guard", "honeypot field", evidence, name);
    return;
  }
  if (type === "hidden" && isTokenName(name)) book.add("token", `hidden field ${name}`, evidence);
  else book.add("field", `${name} (${type})`, evidence);
  if (type === "file") book.add("upload", "chooses files", evidence, uploadLimits(element));
  for (const rule of ["required", "pattern", "minlength", "maxlength", "min", "max"]) {
    if (has(element, rule)) book.add("validation", `${name} ${rule}`, evidence, said(element, rule));
  }
  if (/^(?:email|url|number|date|time|datetime-local)$/u.test(type)) book.add("validation", `${name} is ${type}`, evidence);
};

const uploadLimits = (element: Element): string =>
  [said(element, "accept"), has(element, "multiple") ? "several at once" : "", has(element, "capture") ? "from the camera" : ""]
    .filter((limit) => limit !== "")
    .join(", ");

const frame: Note = (element, book) => {
  const source = said(element, "src") || said(element, "data-src") || said(element, "data");
  if (source === "") return;
  const service = serviceOf(source);
  const pattern = sourcePattern(source);
  if (service === undefined) book.add("embed", hostOf(source) || pattern, element.evidence, pattern);
  else if (isGuard(service)) book.add("spam-guard", service, element.evidence);
  else book.add(isPlayer(service) ? "player" : "embed", service, element.evidence, pattern);
};

const media: Note = (element, book) => book.add("player", element.name, element.evidence, sourcePattern(said(element, "src")));

const script: Note = (element, book) => {
  const source = said(element, "src");
  if (source === "") return;
  const service = serviceOf(source);
  if (service === undefined) book.add("script", sourcePattern(source), element.evidence);
  else book.add(isGuard(service) ? "spam-guard" : "embed", service, element.evidence, sourcePattern(source));
};

const link: Note = (element, book) => {
  const scheme = /^(mailto|tel|sms|whatsapp|geo):/iu.exec(said(element, "href"))?.[1]?.toLowerCase();
  if (scheme !== undefined) book.add("navigation", `${scheme} link`, element.evidence);
};

const notes: Readonly<Record<string, Note>> = {
  form,
  input: field,
  select: field,
  textarea: field,
  iframe: frame,
  embed: frame,
  object: frame,
  video: media,
  audio: media,
  script,
  a: link,
  meta: (element, book) => {
    const address = /url\s*=\s*["']?(.+?)["']?$/iu.exec(said(element, "content"))?.[1] ?? "";
    if (said(element, "http-equiv").toLowerCase() === "refresh")
      book.add("navigation", `goes to ${addressPattern(address) || "itself"}`, element.evidence);
  },
  link: (element, book) => {
    if (said(element, "rel").toLowerCase() === "manifest") book.add("script", "installs as an app", element.evidence);
  },
};

const guardClasses: Readonly<Record<string, string>> = { "g-recaptcha": "recaptcha", "h-captcha": "hcaptcha", "cf-turnstile": "turnstile" };

/** Adds what one element does. */
export function noteElement(element: Element, book: FeatureBook): void {
  if (Object.hasOwn(notes, element.name)) notes[element.name]?.(element, book);
  for (const name of said(element, "class").split(/\s+/u)) {
    if (Object.hasOwn(guardClasses, name)) book.add("spam-guard", guardClasses[name] ?? name, element.evidence);
    if (name === "instagram-media") book.add("embed", "instagram", element.evidence);
  }
}

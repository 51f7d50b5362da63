/** What addresses have in common across pages of the same behaviour: values become `{}`, versions and hashes `*`. */

/** Stands for a part of a text that only running the page could tell. */
export const unknownPart = "{}";

/** `https://host/path?names`, without a scheme's `www.` and values of queries. Empty where nothing of it is known. */
export function addressPattern(address: string): string {
  const [beforeHash = ""] = address.trim().split("#");
  const [path = "", query] = beforeHash.split("?");
  const known = path.replaceAll(/\{\}(?:\{\})+/gu, unknownPart).replace(/^(?:https?:)?\/\/(?:www\.)?/u, "//");
  if (known === "" || known === unknownPart) return "";
  const names = (query ?? "")
    .split("&")
    .map((pair) => pair.split("=")[0] ?? "")
    .filter((name) => name !== "" && name !== unknownPart && !/^(?:v|ver|version|t|ts|_|cb|cachebust)$/u.test(name))
    .toSorted();
  return names.length === 0 ? known : `${known}?${names.join("&")}`;
}

/** Where a script or frame comes from, without what changes with every build. */
export function sourcePattern(address: string): string {
  const pattern = (addressPattern(address).split("?")[0] ?? "")
    .replaceAll(/([.\-_])[0-9a-f]{6,64}(?=[.\-_]|$)/gu, "$1*")
    .replaceAll(/@?\d+\.\d+(?:\.\d+)?(?:-[\w.]+)?/gu, "*");
  return pattern;
}

/** The host of an absolute address, without `www.`; empty for one on the page's own site. */
export const hostOf = (address: string): string => /^(?:https?:)?\/\/(?:www\.)?([^/?#:]+)/iu.exec(address.trim())?.[1]?.toLowerCase() ?? "";

/** Words in the names of what lets somebody in. */
export const isTokenName = (name: string): boolean =>
  /token|auth|jwt|secret|session|passcode|api[-_]?key|csrf|signature|^(?:t|k|key|code|pin|sig)$|_code$|code$/iu.test(name);

/** Known services by host: their pages and scripts change, what they are for does not. */
const services: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\.)(?:instagram\.com|cdninstagram\.com)$/u, "instagram"],
  [/(?:^|\.)(?:youtube(?:-nocookie)?\.com|youtu\.be)$/u, "youtube"],
  [/(?:^|\.)vimeo\.com$/u, "vimeo"],
  [/(?:^|\.)(?:facebook\.com|facebook\.net)$/u, "facebook"],
  [/(?:^|\.)(?:tiktok\.com)$/u, "tiktok"],
  [/(?:^|\.)(?:spotify\.com)$/u, "spotify"],
  [/^(?:maps\.google\.|maps\.googleapis\.com)/u, "google maps"],
  [/(?:^|\.)(?:stripe\.com)$/u, "stripe"],
  [/(?:^|\.)(?:hcaptcha\.com)$/u, "hcaptcha"],
  [/(?:^|\.)(?:recaptcha\.net)$/u, "recaptcha"],
  [/^challenges\.cloudflare\.com$/u, "turnstile"],
];

export function serviceOf(address: string): string | undefined {
  if (/\/recaptcha\//u.test(address)) return "recaptcha";
  const host = hostOf(address);
  return services.find(([pattern]) => pattern.test(host))?.[1];
}

const guards = new Set(["hcaptcha", "recaptcha", "turnstile"]);
export const isGuard = (service: string): boolean => guards.has(service);
const players = new Set(["youtube", "vimeo", "spotify"]);
export const isPlayer = (service: string): boolean => players.has(service);

/** Hosts of addresses, without URL parsers: core has none. The addresses were checked when belay.yaml was read. */

/** In lower case, without a port; `undefined` where there is no address. */
export const hostOf = (url: string | undefined): string | undefined =>
  /^https?:\/\/(?:[^/?#]*@)?(\[[^\]]+\]|[^/:?#]+)/iu.exec(url ?? "")?.[1]?.toLowerCase();

/** A name that the name servers of the internet can know: neither an address nor a name of this machine. */
export const isDomain = (host: string): boolean =>
  !/^(?:\d{1,3}\.){3}\d{1,3}$|^\[/u.test(host) && host.includes(".") && !/(?:^|\.)localhost$/u.test(host);

/** The port that an address is asked at. */
export function portOf(url: string): number {
  const given = /^https?:\/\/(?:[^/?#]*@)?(?:\[[^\]]+\]|[^/:?#]+):(\d+)/iu.exec(url)?.[1];
  if (given !== undefined) return Number(given);
  return url.toLowerCase().startsWith("https:") ? 443 : 80;
}

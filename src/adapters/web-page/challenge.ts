/** Pages that stand in for the one that was asked for: bot checks, login forms, consent walls. */

/** Words of headers and of the body's beginning, in lower case, that such pages carry. Source: what the services document of themselves. */
const headerSigns: readonly (readonly [name: string, sign: RegExp, what: string])[] = [
  // Cloudflare marks every challenge it answers with.
  ["cf-mitigated", /challenge/u, "a bot check"],
  // AWS WAF does the same for its challenge and its CAPTCHA.
  ["x-amzn-waf-action", /challenge|captcha/u, "a bot check"],
];

/** Strong signs only: many honest pages carry a captcha beside a form, a login in their header, or a guard's script. */
const bodySigns: readonly (readonly [signs: readonly RegExp[], what: string])[] = [
  [[/<title>\s*just a moment\.\.\.\s*<\/title>/u], "a bot check"],
  [[/window\._cf_chl_opt/u], "a bot check"],
  [[/geo\.captcha-delivery\.com|id=["']?px-captcha|incapsula incident id/u], "a bot check"],
  [[/<title>[^<]{0,80}(?:attention required|access denied|pardon our interruption|are you (?:a )?(?:human|robot))/u], "a bot check"],
  [[/<input[^>]{1,300}type=["']?password/u, /<title>[^<]{0,80}(?:log ?in|sign ?in|anmeld|connexion|iniciar sesi)/u], "a login form"],
];

/** As much of a page as is looked at. */
const looked = 200_000;

/** What a page is instead of itself, as a noun with its article; `undefined` for an honest page. */
export function standsInFor(headers: Readonly<Record<string, string>>, body: Uint8Array): string | undefined {
  for (const [name, sign, what] of headerSigns) if (sign.test((headers[name] ?? "").toLowerCase())) return what;
  const text = new TextDecoder().decode(body.subarray(0, looked)).toLowerCase();
  return bodySigns.find(([signs]) => signs.every((sign) => sign.test(text)))?.[1];
}

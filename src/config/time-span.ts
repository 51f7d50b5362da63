/** Lengths of time as belay.yaml spells them: `30s`, `15m`, `2h`, `1d`, `1d2h`. A day has 24 hours here. */

/** Without flags, since it stands in the JSON Schema too. */
export const timeSpanPattern: RegExp = /^(?=[0-9])(?:[0-9]{1,4}d)?(?:[0-9]{1,4}h)?(?:[0-9]{1,5}m)?(?:[0-9]{1,6}s)?$/;
export const timeSpanWords = "a length of time such as 30s, 15m, 2h, 1d or 1d2h";

const unitMs = [86_400_000, 3_600_000, 60_000, 1000] as const;

/** Milliseconds; `undefined` where the text is no length of time. */
export function parseTimeSpan(spelling: string): number | undefined {
  if (!timeSpanPattern.test(spelling)) return undefined;
  const [, ...amounts] = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/u.exec(spelling) ?? [];
  return unitMs.reduce((sum, ms, at) => sum + Number(amounts[at] ?? 0) * ms, 0);
}

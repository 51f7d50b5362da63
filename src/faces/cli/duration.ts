import { BelayError } from "../../core/belay-error.ts";
import { approvalHours } from "../../operations/approve/approve.ts";
import { textOf, type Words } from "./words.ts";

const hourMs = 3_600_000;
const unitsMs: ReadonlyMap<string, number> = new Map([
  ["m", 60_000],
  ["h", hourMs],
  ["d", 24 * hourMs],
]);

/** `--expires 90m`, `4h` or `2d` in milliseconds; a day where it is not given. Throws `usage`. */
export function validityFrom(words: Words): number {
  const text = textOf(words, "expires");
  if (text === undefined) return approvalHours.usual * hourMs;
  const { count, unit } = /^(?<count>\d{1,4})(?<unit>[mhd])$/u.exec(text)?.groups ?? {};
  const ms = Number(count) * (unitsMs.get(unit ?? "") ?? Number.NaN);
  if (ms > 0 && ms <= approvalHours.max * hourMs) return ms;
  throw new BelayError(
    "usage",
    `--expires takes minutes, hours or days, ${approvalHours.max / 24} days at most.`,
    "For example: --expires 4h",
  );
}

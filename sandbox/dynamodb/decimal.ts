/** DynamoDB's numbers: up to 38 significant digits, magnitudes from 1E-130 to just below 1E+126, zeros at the ends trimmed. */

import { invalid } from "./dynamo-error.ts";

/** `units` times ten to the power of `scale`; no trailing zeros in `units`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const shape = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/u;

/** Throws a ValidationException for what is no number, too long or out of range. */
export function parseDecimal(text: string): Decimal {
  const parts = shape.exec(text);
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = parts ?? [];
  if (!parts || whole + fraction === "") throw invalid(`The parameter cannot be converted to a numeric value: ${text}`);
  return checked(trimmed(BigInt(`${sign === "-" ? "-" : ""}${whole}${fraction}`), Number(exponent) - fraction.length));
}

function trimmed(units: bigint, scale: number): Decimal {
  if (units === 0n) return { units, scale: 0 };
  let [left, power] = [units, scale];
  while (left % 10n === 0n) [left, power] = [left / 10n, power + 1];
  return { units: left, scale: power };
}

function checked(decimal: Decimal): Decimal {
  const digits = digitsOf(decimal).length;
  if (digits > 38) throw invalid("Attempting to store more than 38 significant digits in a Number");
  const magnitude = digits + decimal.scale - 1;
  if (decimal.units !== 0n && magnitude > 125)
    throw invalid("Number overflow. Attempting to store a number with magnitude larger than supported range");
  if (decimal.units !== 0n && magnitude < -130)
    throw invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range");
  return decimal;
}

const digitsOf = ({ units }: Decimal): string => String(units < 0n ? -units : units);

/** Plain digits, as the service gives numbers back. */
export function spellDecimal(decimal: Decimal): string {
  const sign = decimal.units < 0n ? "-" : "";
  const digits = digitsOf(decimal);
  if (decimal.scale >= 0) return sign + digits + "0".repeat(decimal.scale);
  const padded = digits.padStart(1 - decimal.scale, "0");
  return `${sign}${padded.slice(0, decimal.scale)}.${padded.slice(decimal.scale)}`;
}

export function compareDecimals(one: Decimal, other: Decimal): number {
  const [left, right] = aligned(one, other);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Throws where the sum has more digits than a number may have. */
export function addDecimals(one: Decimal, other: Decimal): Decimal {
  const [left, right] = aligned(one, other);
  return checked(trimmed(left + right, Math.min(one.scale, other.scale)));
}

export const negated = ({ units, scale }: Decimal): Decimal => ({ units: -units, scale });

function aligned(one: Decimal, other: Decimal): readonly [bigint, bigint] {
  const scale = Math.min(one.scale, other.scale);
  return [one.units * 10n ** BigInt(one.scale - scale), other.units * 10n ** BigInt(other.scale - scale)];
}

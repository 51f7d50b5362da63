import { closestMatch } from "leven";

/** The known name that a mistyped one most likely stands for; `undefined` where none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const distanceMax = Math.max(2, Math.floor(name.length / 3));
  const lower = name.toLowerCase();
  return known.find((one) => one.toLowerCase() === lower) ?? closestMatch(name, [...known], { maxDistance: distanceMax });
}

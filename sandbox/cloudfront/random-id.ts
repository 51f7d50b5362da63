const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** `length` upper-case letters and digits, drawn from `random` (0 inclusive to 1 exclusive), as CloudFront's identifiers look. */
export function randomId(length: number, random: () => number): string {
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)] ?? "A").join("");
}

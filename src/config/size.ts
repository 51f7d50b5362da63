const unitBytes: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

/** Bytes of a size such as `500MB` (thousands) or `2GiB` (1024s), rounded down; `undefined` where it is none, less than one byte or past counting. */
export function parseSize(size: number | string): number | undefined {
  const [, amount = "", unit = ""] = /^([0-9.]+) ?([A-Za-z]+)$/u.exec(String(size)) ?? [];
  const bytes = typeof size === "number" ? size : Math.floor(Number(amount) * (unitBytes[unit] ?? Number.NaN));
  return Number.isSafeInteger(bytes) && bytes >= 1 ? bytes : undefined;
}

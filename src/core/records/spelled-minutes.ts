/** The shortest spelling of whole minutes, from 0 on, as belay.yaml takes it: `90` is `1h30m`, `0` is `0m`. */
export function spelledMinutes(minutes: number): string {
  const parts = [
    [Math.floor(minutes / 1440), "d"],
    [Math.floor((minutes % 1440) / 60), "h"],
    [minutes % 60, "m"],
  ] as const;
  const spelled = parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount}${unit}`);
  return spelled.join("") || "0m";
}

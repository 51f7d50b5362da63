/** How long ago something was, in words that fit into a line. */

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** `20 min ago`, `3 h ago`, `2 days ago`; a time that has not come yet is `just now`. */
export function since(atMs: number, nowMs: number): string {
  const ms = nowMs - atMs;
  if (ms < 2 * minuteMs) return "just now";
  if (ms < 2 * hourMs) return `${Math.floor(ms / minuteMs)} min ago`;
  if (ms < 2 * dayMs) return `${Math.floor(ms / hourMs)} h ago`;
  return `${Math.floor(ms / dayMs)} days ago`;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** `20 Nov 2026`, in UTC. */
export function dayOf(atMs: number): string {
  const date = new Date(atMs);
  return Number.isNaN(date.getTime()) ? "an unknown day" : `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

import type { Notice } from "../../ports/notifier.ts";

/** What a webhook is posted and a command reads: one JSON document, as docs/formats.md has it. Fields are added, never renamed. */
export function noticeDocument({ about, ...notice }: Notice): Readonly<Record<string, unknown>> {
  const { reason, site, target, subject, lines, paths, proof, plan, run, at, by } = notice;
  return { format: 1, kind: "belay-notice", id: about, reason, site, target, subject, lines, paths, proof, plan, run, by, at };
}

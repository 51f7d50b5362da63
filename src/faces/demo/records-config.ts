/** belay.yaml of incident 2, and the names of its systems. */

import type { Sandbox } from "../../../sandbox/start-sandbox.ts";
import type { RecordsCase } from "./records-case.ts";

/** As they are called in the sandbox. */
export const recordsNames = {
  bucket: "example-guests",
  distribution: "EGUESTS",
  table: "crew-dispatch",
  calendar: "charters",
} as const;

/** belay.yaml of the incident: less than 40 lines. */
export function recordsConfig({ sandbox, story }: { readonly sandbox: Sandbox; readonly story: RecordsCase }): string {
  const { bucket, distribution, table, calendar } = recordsNames;
  const market = sandbox.marketplace?.url ?? "";
  const lines = [
    "version: 1",
    "state: s3://example-state",
    "site:",
    "  root: public",
    "  targets:",
    "    production:",
    `      store: s3://${bucket}`,
    `      cdn: cloudfront:${distribution}`,
    `      url: ${sandbox.edges.get(distribution)?.url ?? ""}`,
    "records:",
    "  booking:",
    "    zone: America/Los_Angeles",
    "    fields:",
    "      start: datetime",
    "      end: start + 3h",
    "      arrival: { derive: start - 30m, words: [arrive] }",
    "      cutoff: { moves-with: start, words: [until] }",
    "      guest: person",
    "      code: key",
    "    identity: { keys: [code], match: [guest], one-to-one: [record, calendar, listing] }",
    "    systems:",
    "      record:",
    `        store: dynamodb:${table}`,
    "        key: guest_code",
    "        fields: { code: guest_code, start: { date: charter_date, time: start_time }, guest: guest_name }",
    "      pages:",
    "        target: production",
    '        match: "g/*.html"',
    '        templates: ["g/_*.html"]',
    '        paths: ["/g/{name}", "/g/{code}"]',
    "        fields: { cutoff: script:CUTOFF_UTC }",
    `      calendar: { store: "caldav:${sandbox.endpoint}/_caldav/home/${calendar}/", user: ${sandbox.accessKeyId}, password: env:CALENDAR_PASSWORD }`,
    "      listing:",
    `        store: "web:${market}/listings/${story.code}"`,
    `        manual: { link: "${market}/staff/{code}", due: 1d }`,
    "    pointers: [record.page_slug -> pages]",
  ];
  return `${lines.join("\n")}\n`;
}

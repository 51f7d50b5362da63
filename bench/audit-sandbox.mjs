/**
 * A sandbox that holds a harbour's bookings before anybody asks: seeded in its own process, past HTTP and signatures.
 *
 *   node bench/audit-sandbox.mjs BOOKINGS PAGES-OF-BOOKINGS OTHER-PAGES
 *
 * Prints one JSON document when it listens. A line on stdin, `{"put":{…item}}`, writes an item as a stranger would.
 */

import { createInterface } from "node:readline";
import { bookingKey, bookingPage, itemOf, otherKey, otherPage } from "./audit-content.mjs";
import { bundled } from "./bundle.mjs";

const [bookings, pagesOfBookings, others] = process.argv.slice(2).map(Number);
const { startSandbox } = await bundled("sandbox/start-sandbox.ts");
const sandbox = await startSandbox({
  buckets: [{ name: "harbour", versioning: false }],
  tables: [{ name: "dispatch", key: ["guest_code"] }],
  settleMs: 0,
});
// What was written within the last seconds may change again unseen: sightings of such objects are not kept for the next look.
const put = async (key, text) => {
  const bytes = Buffer.from(text);
  const { status } = await sandbox.s3.handle({
    method: "PUT",
    path: `/harbour/${key}`,
    query: new URLSearchParams(),
    headers: { "content-length": String(bytes.byteLength), "content-type": "text/html" },
    body: async function* body() {
      yield bytes;
    },
  });
  if (status !== 200) throw new Error(`the sandbox answered ${status} to a page`);
};
for (let at = 0; at < bookings; at += 1) sandbox.dynamodb.put("dispatch", itemOf(at));
for (let at = 0; at < pagesOfBookings; at += 1) await put(bookingKey(at), bookingPage(at));
for (let at = 0; at < others; at += 1) await put(otherKey(at), otherPage(at));
console.log(JSON.stringify({ endpoint: sandbox.endpoint, env: sandbox.env }));
for await (const line of createInterface({ input: process.stdin })) {
  sandbox.dynamodb.put("dispatch", JSON.parse(line).put);
  console.log("{}");
}
await sandbox.close();

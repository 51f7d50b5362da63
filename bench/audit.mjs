/** A whole kind looked at: 20,000 pages in a bucket and 20,000 items in a table, the first time and when nothing has changed. Requests and bytes first, then time. */

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parse } from "parse5";
import { belayYaml, bookingKey, bookingPage, itemOf, otherPage } from "./audit-content.mjs";
import { bundled } from "./bundle.mjs";
import { belay, ratio, root, shownMs } from "./measure.mjs";
import { openGround, put } from "./site.mjs";
import { runUsing } from "./usage.mjs";

export const auditColumns = ["what", "requests", "bytes received", "time", "peak memory", ""];

/** Of a hundred pages of a site so many are of bookings; the others are what a site consists of besides. */
const shareOfBookings = 0.1;

export async function wholeKind({ auditCount }) {
  const ofBookings = Math.round(auditCount * shareOfBookings);
  const sandbox = await openHarbour(auditCount, ofBookings, auditCount - ofBookings);
  const ground = openGround();
  try {
    const copy = join(ground.folder, "harbour");
    mkdirSync(join(copy, "public"), { recursive: true });
    put(join(copy, "belay.yaml"), belayYaml({ bucket: "harbour", table: "dispatch" }));
    const look = async (name, note) => {
      await sandbox.forget();
      const ran = runUsing(belay(name, ["audit", "booking", "--json"], { cwd: copy, env: sandbox.env }));
      const { operations, bytesOut } = await sandbox.counts();
      const { systems } = JSON.parse(ran.stdout);
      const read = systems.map(({ system, read: count, objects }) => `${system}: ${count} of ${objects} read`).join(", ");
      return [
        name,
        shownRequests(operations),
        shownBytes(bytesOut),
        shownMs(ran.ms),
        shownBytes(ran.peakBytes),
        [read, note].filter(Boolean).join("; "),
      ];
    };
    const rows = [await look(`the first look at ${auditCount} pages and ${auditCount} items`)];
    // A page that was written within the last seconds is not believed to stay as it is, as S3's times are whole seconds.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2500);
    rows.push(await look("nothing has changed"));
    await sandbox.tell({ put: itemOf(7, { guest: "Wilma Zander" }) });
    rows.push(await look("one booking has another guest", `its page is ${bookingKey(7)}`));
    return [...rows, ...(await readingSpeeds())];
  } finally {
    ground.remove();
    await sandbox.close();
  }
}

const shownRequests = (operations) =>
  Object.entries(operations)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");
const shownBytes = (bytes) => (bytes === undefined ? "" : `${(bytes / 1024 / 1024).toFixed(1)} MiB`);

const bytesOf = (texts) => texts.map((text) => new TextEncoder().encode(text));

/** What is made of the bytes of pages, in this process, beside a whole tree of each with positions. */
async function readingSpeeds() {
  const { pageReader } = await bundled("bench/page-reader.ts");
  const other = bytesOf(Array.from({ length: 270 }, (_, at) => otherPage(at)));
  const bookings = bytesOf(Array.from({ length: 270 }, (_, at) => bookingPage(at)));
  const sets = [
    ["pages of bookings", bookings],
    ["other pages of the site", other],
    ["one page of a booking to nine others", [...other.slice(0, 243), ...bookings.slice(0, 27)]],
    ["real pages (readability)", realPages()],
  ];
  const read = pageReader();
  const decoder = new TextDecoder();
  return sets.flatMap(([name, pages]) => {
    if (pages.length === 0) return [[name, "", "", "", "", "not here: ../shared/data/html"]];
    const ours = perSecond(pages, read);
    const tree = perSecond(pages, (bytes) => parse(decoder.decode(bytes), { sourceCodeLocationInfo: true }));
    return [
      [
        `${name}: read for claims`,
        "",
        "",
        `${ours.toFixed(0)} pages/s`,
        "",
        `${ratio(ours, tree)} of parse5 with positions, ${tree.toFixed(0)} pages/s`,
      ],
    ];
  });
}

function realPages() {
  const folder = join(root, "..", "shared", "data", "html", "readability-pages");
  try {
    return readdirSync(folder, { recursive: true })
      .filter((name) => name.endsWith("source.html"))
      .map((name) => readFileSync(join(folder, name)));
  } catch {
    return [];
  }
}

/** The best of three rounds: other work on the machine only ever slows a round down. */
function perSecond(pages, work) {
  const rounds = Array.from({ length: 3 }, () => {
    const startMs = performance.now();
    for (const page of pages) work(page);
    return (pages.length / (performance.now() - startMs)) * 1000;
  });
  return Math.max(...rounds);
}

async function openHarbour(...counts) {
  const child = spawn(process.execPath, [fileURLToPath(new URL("audit-sandbox.mjs", import.meta.url)), ...counts.map(String)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const kill = () => child.kill("SIGTERM");
  process.once("exit", kill);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("the sandbox ended");
    return JSON.parse(value);
  };
  const { endpoint, env } = await said();
  const ask = (method, path) =>
    new Promise((resolve, reject) => {
      const asked = request(new URL(`/_sandbox${path}`, endpoint), { method, agent: false }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk) => (text += chunk));
        response.once("error", reject).once("end", () => resolve(JSON.parse(text)));
      });
      asked.once("error", reject).end();
    });
  return {
    env: { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null", NO_PROXY: "127.0.0.1", no_proxy: "127.0.0.1", ...env },
    counts: async () => await ask("GET", "/requests"),
    forget: async () => void (await ask("DELETE", "/requests")),
    tell: async (line) => {
      child.stdin.write(`${JSON.stringify(line)}\n`);
      await said();
    },
    close: () =>
      new Promise((done) => {
        process.off("exit", kill);
        child.once("close", done);
        child.stdin.end();
      }),
  };
}

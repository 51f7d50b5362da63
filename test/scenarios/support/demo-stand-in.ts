/** A command line for the demo's own tests: it shows that the demo notices what it should, whatever belay would do. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";

const diff3: string = import.meta.resolve("node-diff3");

/**
 * Keeps belay's promises in the simplest way, on folders and, where the demo's script for S3 lies beside the working
 * copy, on buckets; unless `--fault=NAME` tells it to break one.
 */
const script = `
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { mergeDiff3 } from ${JSON.stringify(diff3)};
const words = process.argv.slice(2);
const fault = words[0]?.startsWith("--fault=") ? words.shift().slice(8) : "";
const [verb, target] = words;
if (fault === "dies") process.exit(1);
const s3 = existsSync("../s3.mjs") ? await import(pathToFileURL(resolve("../s3.mjs")).href) : undefined;
const named = words.slice(2).find((word) => !word.startsWith("--"));
const page = named ?? /file: "([^"]+)"/u.exec(readFileSync("belay.yaml", "utf8"))?.[1] ?? "index.html";
const srv = (name) => join("..", "srv", name);
const read = (path) => (existsSync(path) ? readFileSync(path, "utf8") : undefined);
const put = (path, text) => { mkdirSync(dirname(path), { recursive: true }); writeFileSync(path, text); };
if (fault === "shows-aws") for (const [name, value] of Object.entries(process.env)) if (name.startsWith("AWS_")) console.log(name + "=" + value);
if (fault.startsWith("touches ")) put(join(fault.slice(8), "new.html"), "x");
const isPerson = process.stdin.isTTY === true && process.env.AI_AGENT === undefined;
const sha = (text) => createHash("sha256").update(text ?? "").digest("hex");
const logPath = join("..", "state", "log.txt");
const note = (text) => put(logPath, (read(logPath) ?? "") + text + "\\n");
const seen = s3 && target && (await s3.get("example-" + target, page).catch(() => undefined));
const [local, base, live] = [read(join("public", page)), read(join(".belay", "base")), s3 ? seen?.text : target && read(join(srv(target), page))];
const all = (from, to) => { mkdirSync(to, { recursive: true }); cpSync(from, to, { recursive: true }); };
if (verb === "deploy" && target === "production") {
  console.error((fault === "no-rule" ? "no" : "refused D8 ") + page + "\\nlive is " + (fault === "miscounts" ? 1 : 2) + " versions ahead" + "\\nnext: belay pull production " + page);
  if (["overwrites", "writes-anyway"].includes(fault)) await (s3 ? s3.put("example-production", page, local) : put(join(srv(target), page), local));
  if (s3 && fault === "purges-refused") await s3.beginInvalidation("EPRODUCTION", ["/*"]);
  process.exit(fault === "overwrites" ? 0 : 8);
}
if (verb === "deploy") {
  if (live !== undefined && base !== undefined && live !== base) { console.error("refused D1"); process.exit(3); }
  if (s3) await publish();
  console.log(fault === "no-proof" ? "applied" : ["local hash " + sha(local), "live hash " + sha(live), "applied"].join("\\n"));
  if (!s3 && (fault !== "forgets" || named === undefined)) all("public", srv(target));
  put(join(".belay", "base"), local);
  note("deploy " + target);
}
async function publish() {
  const send = () => s3.put("example-staging", page, local, fault === "blind" ? {} : { "if-match": seen.headers.etag });
  try {
    await send();
  } catch (error) {
    if (error.status === 412) { console.error("conflict"); process.exit(fault === "hides-conflict" ? 0 : 4); }
    if (fault === "gives-up") process.exit(5);
    if (fault === "sends-again") await send().catch(() => undefined);
    if ((await s3.get("example-staging", page)).text !== local) process.exit(5);
  }
  if (fault === "writes-production") await s3.put("example-production", page, local);
  if (fault === "rewrites-production") await s3.put("example-production", page, (await s3.get("example-production", page)).text);
  const own = "/" + page.split("/").map(encodeURIComponent).join("/");
  const paths = fault === "purges-all" ? ["/*"] : own.endsWith("/index.html") ? [own, own.slice(0, -10)] : [own];
  const ids = fault === "purges-other" ? ["EPRODUCTION"] : fault === "purges-both" ? ["ESTAGING", "EPRODUCTION"] : ["ESTAGING"];
  for (const id of fault === "no-purge" ? [] : ids) {
    const begun = await s3.beginInvalidation(id, paths);
    if (fault !== "no-wait") await s3.waitForInvalidation(begun);
  }
}
if (verb === "pull") {
  if (fault === "pulls-nothing" && isPerson) process.exit(0);
  if (local === undefined) s3 ? put(join("public", page), live) : all(srv(target), "public");
  else if (fault === "drops-edit" || local === base) put(join("public", page), live);
  else if (live !== base) {
    const merged = mergeDiff3(local.split("\\n"), base.split("\\n"), live.split("\\n"), { label: { a: "yours", o: "base", b: "live" } });
    put(join("public", page), merged.result.join("\\n"));
    if (merged.conflict) process.exitCode = 8;
  }
  put(join(".belay", "base"), live);
}
if (verb === "diff") {
  const [mine, theirs] = [local.split("\\n"), live.split("\\n")];
  for (const line of theirs) if (!mine.includes(line)) console.log("-" + line);
  for (const line of mine) if (!theirs.includes(line)) console.log("+" + line);
}
const [approvedPath, beforePath, releasedPath] = ["approved", "before", "released"].map((name) => join("..", "state", name));
const livePath = join(srv("production"), page);
const release = () => {
  const text = read(fault === "promotes-old" ? livePath : join(srv("staging"), page)) + (fault === "adds-a-mark" ? "<!-- released -->" : "");
  put(beforePath, read(livePath));
  put(releasedPath, text);
  put(livePath, text);
};
if (verb === "verify") console.log(fault === "looks-away" ? "fine" : sha(live).slice(0, 12));
if (verb === "promote") {
  const asksNobody = isPerson && !readFileSync("belay.yaml", "utf8").includes("approvals:");
  if (asksNobody || fault === "self-serve") { release(); process.exit(0); }
  if (fault === "writes-on-request") put(livePath, "x");
  console.error(fault === "names-no-plan" ? "refused" : "refused D8: belay approve ab12ab12ab12");
  process.exit(8);
}
if (verb === "approve") {
  if (!isPerson && fault !== "trusts-agents") process.exit(8);
  put(approvedPath, target);
  if (fault === "signs-and-writes") release();
}
if (verb === "apply") {
  if (read(approvedPath) !== target) process.exit(8);
  release();
}
if (verb === "status") {
  if (read(livePath) !== read(releasedPath) && fault !== "overlooks") console.log(page + " written by another hand");
  if (fault === "cleans-up") put(livePath, read(releasedPath));
}
if (verb === "blame") console.log(fault === "blames-nobody" ? "r9" : "promoted from r8 of staging: by laptop");
if (verb === "rollback") {
  if (live !== read(releasedPath) && base !== live && fault !== "rolls-over") {
    if (fault === "rolls-quietly") put(livePath, read(beforePath));
    process.exit(fault === "rolls-nothing" ? 0 : 8);
  }
  if (fault !== "keeps-nothing") put(join(".belay", "snapshots", "production", "now", page), live);
  if (fault !== "rolls-nowhere") put(livePath, read(beforePath));
}
if (verb === "log") {
  const chain = fault === "rewritten-log" ? { brokenAt: 2 } : "intact";
  console.log(words.includes("--json") ? JSON.stringify({ format: 1, entries: [], chain }) : read(logPath) + (fault === "silent-log" ? "" : "another hand"));
}
`;

/** Writes the stand-in into a folder and gives what starts it. */
export async function standIn(folder: string, fault?: string): Promise<string[]> {
  const path = join(folder, "belay.mjs");
  await writeFile(path, script);
  return [process.execPath, path, ...(fault === undefined ? [] : [`--fault=${fault}`])];
}

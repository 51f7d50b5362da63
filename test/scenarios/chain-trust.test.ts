/** What somebody edits by hand opens nothing in production: belay.yaml, a base, the record, an approval. */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { approvalMessage } from "../../src/core/approval/approval-message.ts";
import { asDigest } from "../../src/core/brand.ts";
import { hasSshKeygen, softwareKey, type SigningHow } from "../support/software-key.ts";
import { openChain, type ChainGround, type ChainOptions } from "./support/chain-ground.ts";
import { sha256, treeOf } from "./support/ground.ts";

const page = (text: string): string => `<!doctype html>\n<title>Larkmoor</title>\n<h1>${text}</h1>\n<p data-tides>Tides</p>\n`;
const [first, second, theirs] = [page("First"), page("Second"), page("By another hand")];
const tokenLines = ["  tokens:", '    TIDES: { file: index.html, contains: "data-tides" }'];
const sign = { answer: "y\ny\n" };

let ground: ChainGround;
afterEach(async () => {
  if (hasSshKeygen) await ground.close();
});

const production = async (): Promise<string> => await ground.text("production", "index.html");
const flat = ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): string =>
  `${stdout}\n${stderr}`.replaceAll(/\s+/gu, " ");

/** The first page is live and recorded, the second waits on staging. */
async function released(options: ChainOptions = {}): Promise<void> {
  ground = await openChain(options);
  await ground.stage({ "index.html": first }, "First");
  await ground.expect(0, ["promote", "production"], sign);
  await ground.stage({ "index.html": second }, "Second");
}

const ledgerFolder = (): string => join(ground.world.root, "state", "ledger");
/** Newest first, as the record's names sort. */
const entryFiles = (): string[] =>
  readdirSync(ledgerFolder())
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => join(ledgerFolder(), name));

/** Puts an entry at the head by hand, as whoever may write the folder can. */
function appendByHand(fields: Readonly<Record<string, unknown>>): void {
  const [head = ""] = entryFiles();
  const prior = readFileSync(head, "utf8");
  const { seq = 0 } = /"seq":(?<seq>\d+)/u.exec(prior)?.groups ?? {};
  const next = Number(seq) + 1;
  const actor = { kind: "person", name: "Wren", from: "--by", proof: "claimed" };
  const entry = { format: 1, at: new Date().toISOString(), nonce: "0123456789abcdef", prev: sha256(prior), seq: next, actor, ...fields };
  writeFileSync(join(ledgerFolder(), `${999_999_999_999 - next}.json`), JSON.stringify(sorted(entry)));
}

const sorted = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .toSorted(([one], [other]) => (one < other ? -1 : 1))
          .map(([name, part]) => [name, sorted(part)]),
      )
    : value;

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: a belay.yaml that was changed by hand", () => {
  test.each([
    ["asks for no approval", ", approvals: 1", "", "approvals of production 1 → 0"],
    ["asks for nothing to be staged first", ", after: staging", "", "production comes after no other target"],
    ["lets whoever asks approve", ", approvers: others", "", "is not the policy that binds production"],
    ["knows a promised feature no more", tokenLines.join("\n"), "", "TIDES"],
    ["promises another feature", "data-tides", "data", "TIDES"],
    ["points production elsewhere", "dir:../srv/production", "dir:../srv/elsewhere", "is not the policy that binds production"],
  ])("so that it %s: refuses production until a signer approves it", async (_, from, to, told) => {
    await released({ production: ", keys: any, approvers: others", site: tokenLines });
    await ground.edit("belay.yaml", from, to);
    const { exit, stdout, stderr } = await ground.run(["promote", "production"], sign);
    expect([2, 3, 8]).toContain(exit);
    expect(flat({ stdout, stderr })).toContain(told);
    expect(flat(await ground.expect(8, ["deploy", "production", "--yes"], sign))).toContain("is not the policy that binds production");
    expect(await production()).toBe(first);
    expect(await ground.world.read("srv/elsewhere/index.html").catch(() => "nothing")).toBe("nothing");
    await ground.world.write("studio/belay.yaml", await ground.world.read("laptop/belay.yaml"));
    await ground.expect(0, ["promote", "production"], sign);
    expect(await production()).toBe(second);
  });

  test("to lower the approvals is let in by a signer so far, and by nobody else", async () => {
    await released();
    await ground.edit("belay.yaml", ", approvals: 1", "");
    await ground.expect(8, ["policy", "approve", "--why", "it is only me"], { ...sign, env: { CLAUDECODE: "1" } });
    await ground.expect(8, ["promote", "production"], sign);
    expect(flat(await ground.expect(0, ["policy", "approve", "--why", "it is only me"], sign))).toContain("signed by wren@example.com");
    await ground.expect(0, ["promote", "production"], sign);
    expect(await production()).toBe(second);
  });
});

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: a record that was edited by hand", () => {
  test("a base that claims to have seen a stranger's bytes decides nothing", async () => {
    await released();
    await ground.stranger("production", "index.html", theirs);
    const folder = join(ground.world.root, "studio", ".belay", "base");
    let edited = 0;
    for (const path of treeOf(folder).keys()) {
      const text = readFileSync(join(folder, path), "utf8");
      if (!path.includes("production") || !text.includes(sha256(first))) continue;
      writeFileSync(join(folder, path), text.replaceAll(sha256(first), sha256(theirs)));
      edited += 1;
    }
    expect(edited).toBe(1);
    expect(flat(await ground.expect(8, ["promote", "production"], sign))).toContain("D8");
    expect(await production()).toBe(theirs);
  });

  test("an entry that was rewritten breaks the chain, which the log says, and nothing is promoted on it", async () => {
    await released();
    await ground.stranger("production", "index.html", theirs);
    const file = entryFiles().find((path) => readFileSync(path, "utf8").includes('"productionInvalidation":"none (no CDN)"')) ?? "";
    writeFileSync(file, readFileSync(file, "utf8").replaceAll(sha256(first), sha256(theirs)));
    for (const copy of ["studio", "laptop"]) {
      expect((await ground.run(["promote", "production"], { ...sign, copy })).exit).not.toBe(0);
      expect(await production()).toBe(theirs);
    }
    const { stdout } = await ground.run(["log", "--json"], { copy: "laptop" });
    expect(JSON.parse(stdout)).toMatchObject({ chain: { brokenAt: expect.any(Number) } });
  });
});

/** A page waits for an approval by a security key; one is put into the record without belay. */
async function forged(how: SigningHow, about: { readonly isOther?: boolean; readonly ledger?: string } = {}): Promise<string> {
  const key = softwareKey();
  ground = await openChain({ production: "", signers: () => key.line("wren@example.com") });
  await ground.stage({ "index.html": first }, "First");
  await ground.expect(8, ["promote", "production"]);
  const { id } = JSON.parse((await ground.expect(8, ["promote", "production", "--json"])).stdout);
  const message = {
    plan: asDigest(String(id)),
    ledger: about.ledger ?? sha256(readFileSync(entryFiles().at(-1) ?? "", "utf8")),
    site: "default",
    target: "production",
    expires: new Date(Date.now() + 3_600_000).toISOString(),
  };
  const signer = about.isOther === true ? softwareKey() : key;
  const signature = signer.sign(approvalMessage({ ...message, store: "dir:../srv/production" }), how);
  const { ledger: _ledger, ...named } = message;
  appendByHand({ kind: "approved", ...named, signer: "wren@example.com", key: key.fingerprint, signature });
  return String(id);
}

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: an approval that was written into the record by hand", () => {
  test("counts where a signer's security key was touched for exactly this plan: no other door is needed", async () => {
    const id = await forged({ flags: 0x01 });
    await ground.expect(0, ["apply", id]);
    expect(await production()).toBe(first);
    expect(flat(await ground.expect(4, ["apply", id]))).toContain("after plan");
  });

  test.each<[string, SigningHow, { isOther?: boolean; ledger?: string }, string]>([
    ["its key was not touched", { flags: 0x00 }, {}, "was not touched"],
    ["it only says that the key was touched", { flags: 0x00, claimedFlags: 0x01 }, {}, "does not fit"],
    ["its key is nobody's", { flags: 0x01 }, { isOther: true }, "no key of a current signer"],
    ["it was given in another record", { flags: 0x01 }, { ledger: "e".repeat(64) }, "does not fit"],
    ["it was signed for another purpose", { flags: 0x01, namespace: "git" }, {}, "approv"],
  ])("counts for nothing where %s", async (_, how, about, told) => {
    const id = await forged(how, about);
    expect(flat(await ground.expect(8, ["apply", id], {}))).toContain(told);
    expect(await production()).toBe("");
  });
});

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: where somebody else has to look", () => {
  test("whoever brought the change cannot approve it", async () => {
    ground = await openChain({
      production: ", keys: any, approvers: others",
      signers: (line) => line.replace("wren@example.com", "wren@example.com,Wren"),
    });
    await ground.stage({ "index.html": first }, "First");
    const id = await ground.asked();
    expect(flat(await ground.run(["approve", id], sign))).toMatch(/somebody else has to approve/u);
    await ground.expect(8, ["apply", id]);
    expect(await production()).toBe("");
  });
});

import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasSshKeygen, softwareKey } from "../../../test/support/software-key.ts";
import type { Verdict } from "../../ports/signer.ts";
import { openSshSigner } from "./ssh-signer.ts";

const options = { signal: new AbortController().signal };
const message = new TextEncoder().encode('{"plan":"0011"}');
const at = "2031-05-20T14:02:00.000Z";
const env = { PATH: process.env["PATH"] };
const signer = openSshSigner({ folder: tmpdir(), signers: undefined, env });
const verify = (signature: string, signers: string, about: Partial<{ message: Uint8Array; at: string }> = {}): Promise<Verdict> =>
  signer.verify({ message, signature, signers, at, ...about }, options);
const why = (verdict: Verdict): string => (verdict.kind === "bad" ? verdict.why : "it was good");

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: a signature", () => {
  const key = softwareKey();
  const other = softwareKey();
  const signers = key.line("ines@example.com") + other.line("ole@example.com");

  test("of a security key that was touched is good, and says whose it is", async () => {
    const { fingerprint, keyType } = key;
    const by = { principal: "ines@example.com", key: fingerprint, keyType, wasTouched: true };
    expect(await verify(key.sign(message), signers)).toEqual({ kind: "good", by });
  });

  test("of a security key that nobody touched is good and says so", async () => {
    const verdict = await verify(key.sign(message, { flags: 0x00 }), signers);
    expect(verdict).toMatchObject({ kind: "good", by: { wasTouched: false } });
  });

  test("that claims a touch which the key did not sign is bad", async () => {
    expect((await verify(key.sign(message, { flags: 0x00, claimedFlags: 0x01 }), signers)).kind).toBe("bad");
  });

  test("of an ordinary key counts as untouched", async () => {
    const plain = softwareKey("ordinary");
    expect(await verify(plain.sign(message), plain.line("ines@example.com"))).toMatchObject({
      kind: "good",
      by: { keyType: "ssh-ed25519", wasTouched: false },
    });
  });

  test("of other bytes, for another purpose or by a stranger is bad", async () => {
    expect(why(await verify(key.sign(new TextEncoder().encode("else")), signers))).toContain("does not fit");
    expect(why(await verify(key.sign(message, { namespace: "file" }), signers))).toContain("something else");
    expect(why(await verify(softwareKey().sign(message), signers))).toContain("no key of a current signer");
  });

  test("with anything behind its end, or none at all, is bad", async () => {
    expect(why(await verify(key.sign(message, { tail: "more" }), signers))).toContain("behind its end");
    expect(why(await verify("yes", signers))).toContain("no armored SSH signature");
    expect(why(await verify(key.sign(message).replace("AAAA", "!!!!"), signers))).toContain("damaged");
  });

  test("counts only while its signer's line is valid, and only for the purposes that the line names", async () => {
    const until = key.line("ines@example.com", 'valid-before="20310520"');
    expect((await verify(key.sign(message), until, { at: "2031-05-19T23:59:00.000Z" })).kind).toBe("good");
    expect((await verify(key.sign(message), until, { at: "2031-05-20T00:01:00.000Z" })).kind).toBe("bad");
    const elsewhere = await verify(key.sign(message), key.line("ines@example.com", 'namespaces="git"'));
    expect(why(elsewhere)).toContain('needs namespaces="belay-approval"');
  });

  test("tells every name that the file has for its key", async () => {
    const verdict = await verify(key.sign(message), key.line("ines@example.com,Ines"));
    expect(verdict).toMatchObject({ kind: "good", by: { principal: "ines@example.com", alsoKnownAs: ["Ines"] } });
  });
});

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: signing", () => {
  let home = "";
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "belay-signer-"));
    await mkdir(join(home, ".ssh"));
    for (const name of ["id_ines", "id_other"]) {
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "harbour", "-f", join(home, ".ssh", name)]);
    }
  });
  afterAll(async () => await rm(home, { recursive: true, force: true }));

  const lineOf = async (name: string): Promise<string> => `ines@example.com ${await readFile(join(home, ".ssh", `${name}.pub`), "utf8")}`;
  const signWith = async (signers: string, key?: string): Promise<string> =>
    await openSshSigner({
      folder: home,
      signers,
      env: { ...env, HOME: home, GIT_CONFIG_NOSYSTEM: "1", GIT_CEILING_DIRECTORIES: tmpdir() },
    }).sign({ message, ...(key === undefined ? {} : { key }) }, options);

  test("takes the key that is named", async () => {
    expect((await verify(await signWith("", "~/.ssh/id_other"), await lineOf("id_other"))).kind).toBe("good");
  });

  test("takes the only key of the person's that is a signer's", async () => {
    const signers = await lineOf("id_ines");
    expect((await verify(await signWith(signers), signers)).kind).toBe("good");
  });

  test("takes the key that git signs with", async () => {
    await writeFile(join(home, ".gitconfig"), "[gpg]\n  format = ssh\n[user]\n  signingkey = ~/.ssh/id_other.pub\n");
    expect((await verify(await signWith(await lineOf("id_ines")), await lineOf("id_other"))).kind).toBe("good");
    await rm(join(home, ".gitconfig"));
  });

  test("says what to pass where no key, or more than one, is a signer's", async () => {
    await expect(signWith("")).rejects.toMatchObject({ code: "signing-failed", remedy: expect.stringContaining("--key") });
    await expect(signWith((await lineOf("id_ines")) + (await lineOf("id_other")))).rejects.toMatchObject({
      message: expect.stringContaining("Several keys"),
    });
  });

  test("without a program to sign with says what to install", async () => {
    const bare = openSshSigner({ folder: home, signers: undefined, env: { PATH: home } });
    await expect(bare.sign({ message, key: "id_ines" }, options)).rejects.toMatchObject({ code: "not-supported" });
    await expect(bare.verify({ message, signature: softwareKey().sign(message), signers: "", at }, options)).rejects.toMatchObject({
      code: "not-supported",
    });
  });
});

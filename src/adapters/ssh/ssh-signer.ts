/** SSH signatures by OpenSSH's own ssh-keygen. */

import { BelayError } from "../../core/belay-error.ts";
import type { SignRequest, Signer } from "../../ports/signer.ts";
import type { CallOptions } from "../../ports/store.ts";
import { chooseKey, pathFor, type ChosenKey, type KeyPlaces } from "./choose-key.ts";
import { runSshKeygen, withPrivateFiles } from "./run-ssh-keygen.ts";
import { ended, namespace, verifySignature } from "./verify-signature.ts";

/** Nothing is run before the first call. */
export const openSshSigner = (places: KeyPlaces): Signer => ({
  sign: async (request, options) => await sign(request, places, options),
  verify: async (about, options) => await verifySignature(about, places.env, options),
});

/** The terminal is the person's: ssh-keygen asks them there for a passphrase, a PIN or a touch. */
async function sign({ message, key }: SignRequest, places: KeyPlaces, options: CallOptions): Promise<string> {
  const chosen: ChosenKey = key === undefined ? await chooseKey(places) : { path: pathFor(key, places) };
  const files: Record<string, string> = "publicKey" in chosen ? { "key.pub": `${chosen.publicKey}\n` } : {};
  return await withPrivateFiles(files, async (pathOf) => {
    const path = "path" in chosen ? chosen.path : pathOf("key.pub");
    const args = ["-Y", "sign", "-n", namespace, "-f", path];
    const { exit, stdout } = ended(await runSshKeygen({ args, stdin: message, env: places.env, isAtTerminal: true }, options));
    if (exit === 0 && stdout.includes("BEGIN SSH SIGNATURE")) return stdout;
    throw new BelayError(
      "signing-failed",
      `ssh-keygen gave no signature with ${"path" in chosen ? chosen.path : "the key that git names"}.`,
      "See what it said above; name another key with --key FILE, or touch the security key in time.",
    );
  });
}

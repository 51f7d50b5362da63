import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Config } from "../config/config.ts";
import { normalSigners } from "../core/approval/policy-document.ts";
import { BelayError } from "../core/belay-error.ts";
import type { Signer } from "../ports/signer.ts";

/** What runs ssh-keygen is loaded with the first signature. */
export function lazySigner({ folder }: Config, signers: string | undefined, env: NodeJS.ProcessEnv): Signer {
  let opening: Promise<Signer> | undefined;
  const open = (): Promise<Signer> =>
    (opening ??= import("../adapters/ssh/ssh-signer.ts").then(({ openSshSigner }) => openSshSigner({ folder, signers, env })));
  return {
    sign: async (request, options) => await (await open()).sign(request, options),
    verify: async (about, options) => await (await open()).verify(about, options),
  };
}

/** Text of the allowed_signers file that belay.yaml names, without comments; `undefined` where it names nobody. */
export async function readSigners({ signers, folder }: Config): Promise<string | undefined> {
  if (signers === undefined) return undefined;
  const file = resolve(folder, signers);
  try {
    const text = normalSigners(await readFile(file, "utf8"));
    return text === "" ? undefined : text;
  } catch (cause) {
    throw new BelayError(
      "config-invalid",
      `The file of signers that belay.yaml names, ${signers}, cannot be read.`,
      "Bring it back from version control, or write one: see docs/approvals.md",
      { cause },
    );
  }
}

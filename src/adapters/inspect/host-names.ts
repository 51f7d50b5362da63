/** Where a host leads, by the name servers that visitors would ask: not by this machine's hosts file. */

import { Resolver } from "node:dns/promises";
import { BelayError } from "../../core/belay-error.ts";
import type { HostNames } from "../../core/doctor/edge-facts.ts";
import type { CallOptions } from "../../ports/store.ts";
import { plainText } from "../shared/aws/plain-text.ts";

export interface NamesSetup {
  /** `ADDRESS:PORT` of name servers to ask in place of the machine's own. */
  readonly servers?: readonly string[];
}

const tryMs = 2_000;
const tries = 2;
/** Longer chains are a mistake, or a circle. */
const chainMax = 8;

/** Follows canonical names and gives the addresses at their end. `undefined` where there is no such host. Throws `store-unreachable` where no server answers. */
export async function hostNames(host: string, { servers }: NamesSetup, { signal }: CallOptions): Promise<HostNames | undefined> {
  const resolver = new Resolver({ timeout: tryMs, tries });
  if (servers) resolver.setServers(servers);
  const cancel = (): void => resolver.cancel();
  signal.addEventListener("abort", cancel);
  try {
    const [chain, first, second] = await Promise.all([
      chainFrom(host, resolver),
      found(async () => await resolver.resolve4(host)),
      found(async () => await resolver.resolve6(host)),
    ]);
    if (chain.length === 0 && first === undefined && second === undefined) return undefined;
    return { chain, addresses: [...(first ?? []), ...(second ?? [])].toSorted() };
  } catch (error) {
    signal.throwIfAborted();
    const code = codeOf(error);
    throw new BelayError(
      "store-unreachable",
      `the name servers gave no answer for ${plainText(host)}${code === "" ? "" : ` (${code})`}`,
      `dig ${host}`,
      { cause: error },
    );
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

async function chainFrom(host: string, resolver: Resolver): Promise<string[]> {
  const chain: string[] = [];
  for (let name = host; chain.length < chainMax;) {
    const [next] = (await found(async () => await resolver.resolveCname(name))) ?? [];
    if (next === undefined || chain.includes(next)) break;
    name = next.toLowerCase().replace(/\.$/u, "");
    chain.push(name);
  }
  return chain;
}

/** `undefined` where there is no such name; an empty list where there is one without records of that kind. */
async function found(look: () => Promise<readonly string[]>): Promise<readonly string[] | undefined> {
  try {
    return await look();
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOTFOUND") return undefined;
    if (code === "ENODATA") return [];
    throw error;
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "");

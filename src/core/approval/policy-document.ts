/** What binds a site (decision 18), read back from the document that its digest names. */

export interface PolicyTarget {
  /** As every machine spells it. */
  readonly store: string;
  readonly isProduction: boolean;
  /** Everything that belay.yaml says of it, as canonical as it was digested. */
  readonly settings: ReadonlyMap<string, unknown>;
}

export interface Policy {
  readonly site: string;
  /** Text of the allowed_signers file, without comments; `undefined` where nobody is named. */
  readonly signers: string | undefined;
  readonly targets: ReadonlyMap<string, PolicyTarget>;
  /** Feature tokens by name, each as one line for people. */
  readonly tokens: ReadonlyMap<string, string>;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** `undefined` where the bytes are no policy of this format: nothing may be read into them. */
export function parsePolicy(bytes: Uint8Array): Policy | undefined {
  const value = entriesOf(jsonOf(bytes));
  if (value?.get("format") !== 1) return undefined;
  const site = value.get("site");
  const targets = entriesOf(value.get("targets"));
  const tokens = entriesOf(value.get("tokens"));
  if (typeof site !== "string" || !targets || !tokens) return undefined;
  const signers = value.get("signersText");
  const read = new Map<string, PolicyTarget>();
  for (const [name, held] of targets) {
    const target = targetOf(name, held);
    if (!target) return undefined;
    read.set(name, target);
  }
  return {
    site,
    // Signers that are nobody could never sign: nobody is named then.
    signers: typeof signers === "string" && signers !== "" ? signers : undefined,
    targets: read,
    tokens: new Map([...tokens].map(([name, held]) => [name, wordsOf(held)])),
  };
}

function targetOf(name: string, held: unknown): PolicyTarget | undefined {
  const settings = entriesOf(held);
  const store = settings?.get("store");
  if (!settings || typeof store !== "string") return undefined;
  return { store, isProduction: typeof settings.get("after") === "string" || name.startsWith("prod"), settings };
}

function wordsOf(token: unknown): string {
  const held = entriesOf(token);
  return ["file", "rule", "text"].map((key) => JSON.stringify(held?.get(key) ?? null)).join(" ");
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}

/** A target or a token may be called `constructor`: maps, not objects. */
const entriesOf = (value: unknown): ReadonlyMap<string, unknown> | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? new Map(Object.entries(value)) : undefined;

/**
 * Allowed signers without comments, empty lines and trailing white space, so that the policy changes only where the
 * signers do. What is left is what signatures are checked against.
 */
export const normalSigners = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => `${line}\n`)
    .join("");

/** Whether a policy has this place as production: the same store, one inside the other, or the same distribution. */
export function governs(policy: Policy, place: PolicyTarget): boolean {
  return [...policy.targets.values()].some(
    (target) => target.isProduction && (overlap(target.store, place.store) || isSameCdn(target, place)),
  );
}

const overlap = (one: string, other: string): boolean => `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);

function isSameCdn(one: PolicyTarget, other: PolicyTarget): boolean {
  const cdn = one.settings.get("cdn");
  return cdn !== undefined && cdn === other.settings.get("cdn");
}

/** Which keys may approve another policy: no weaker ones than may approve what goes to production under this one. */
export function keysToApprove({ targets }: Policy): "security-key" | "any" {
  return [...targets.values()].some(asksForSecurityKeys) ? "security-key" : "any";
}

const asksForSecurityKeys = ({ isProduction, settings }: PolicyTarget): boolean =>
  isProduction && settings.get("keys") !== "any" && Number(settings.get("approvals")) > 0;

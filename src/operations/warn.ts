/** `belay warn`: hand-off warnings that block (D4), and merges that wait for a person's look. */

import { quoted } from "../core/deploy/rules/d1-seen.ts";
import { emergencyPrefix } from "../core/deploy/rules/d4-warnings.ts";
import { BelayError } from "../core/belay-error.ts";
import type { UnseenMerge, Warning } from "../core/ledger/fold.ts";
import { appendAlways } from "./append-always.ts";
import type { Context, Workbench } from "./workbench.ts";

export interface OpenWarnings {
  readonly warnings: readonly Warning[];
  readonly unseenMerges: readonly UnseenMerge[];
}

export async function listWarnings(bench: Workbench, context: Context): Promise<OpenWarnings> {
  const { warnings, unseenMerges } = await bench.ledger.state(context);
  return {
    warnings: warnings.filter(({ site }) => site === bench.site.name),
    unseenMerges: unseenMerges.filter(({ site }) => site === bench.site.name),
  };
}

export interface NewWarning {
  /** Keys, or folders by a trailing slash. */
  readonly paths: readonly string[];
  readonly text: string;
  /** The target that it is about; absent where it is about every target. */
  readonly target?: string;
  /** About what was taken there in an emergency: it does not block the way back. */
  readonly isOfEmergency?: boolean;
}

/** Anybody may warn. */
export async function addWarning(
  bench: Workbench,
  { paths, text, target, isOfEmergency = false }: NewWarning,
  context: Context,
): Promise<Warning> {
  if (text.trim() === "")
    throw new BelayError("usage", "A warning needs a text.", 'belay warn add index.html --note "why nobody should overwrite it"');
  const id = `${isOfEmergency ? emergencyPrefix : "w"}${bench.runtime.nonce().slice(0, 6)}`;
  const about = { site: bench.site.name, ...(target === undefined ? {} : { target }), paths, text: text.trim() };
  const entry = await appendAlways(bench, { kind: "warned", actor: bench.actor, warning: id, ...about }, context);
  return { id, ...about, openedAt: entry.at, by: bench.actor };
}

/** A person's word that a warning is settled. Agents resolve by evidence only: a pull of the paths. */
export async function resolveWarning(
  bench: Workbench,
  { id, why }: { readonly id: string; readonly why: string },
  context: Context,
): Promise<void> {
  const { warnings, unseenMerges } = await listWarnings(bench, context);
  const found = warnings.find((warning) => warning.id === id) ?? unseenMerges.find((merge) => merge.id === id);
  if (!found) throw new BelayError("usage", `No warning ${id} is open.`, "belay warn list");
  if (!context.isAttended || bench.actor.kind === "agent") {
    throw new BelayError(
      "person-needed",
      `Warning ${id} is cleared by a pull of its paths, or by a person at a terminal.`,
      `belay pull ${("target" in found ? found.target : bench.site.targets[0]?.name) ?? "TARGET"} ${found.paths.slice(0, 4).map(quoted).join(" ")}`,
    );
  }
  if (why.trim() === "") throw new BelayError("usage", "Say why it is settled.", `belay warn resolve ${id} --why "…"`);
  await appendAlways(
    bench,
    { kind: "resolved", actor: bench.actor, site: bench.site.name, warning: id, paths: found.paths, how: "person", why: why.trim() },
    context,
  );
}

/**
 * Faults that somebody could make in belay, each as one small change of one source file. For every one of them a test has to
 * break: the simulation (within so many schedules) or a test file. `scripts/faults.mjs` plants them one at a time.
 *
 * `find` stands exactly once in `file`. `caughtBy` is what the broken promise, or the title of the broken test, has to say.
 */

import { agentsFaults } from "./agents-faults.mjs";
import { promotionFaults } from "./promotion-faults.mjs";
import { recordsFaults } from "./records-faults.mjs";
import { s3Faults } from "./s3-faults.mjs";

/** Schedules for a fault that needs a rare meeting of events, and for one that does not. */
const many = 8000;
const few = 3000;

const coreFaults = [
  {
    name: "expectation from a look at write time",
    rule: "A write expects the revision whose bytes were seen, never that of a fresh look.",
    file: "src/operations/apply/settle.ts",
    find: "    { key, expect: change.expect, body,",
    replace:
      '    { key, expect: await store.read(key, context).then((now) => (now ? { kind: "unchanged" as const, revision: now.observed.revision } : { kind: "absent" as const })), body,',
    simulate: few,
    caughtBy: /lost .* at/u,
  },
  {
    name: "a retry without the expectation",
    rule: "A retry is held to the same expectation as the first attempt.",
    file: "src/operations/apply/settle.ts",
    find: '    if (fate.kind !== "not-done") return fate;',
    replace: `    if (fate.kind === "conflict" && fate.found && writing.change.kind === "replace") {
      writing = { ...writing, change: { ...writing.change, expect: { kind: "unchanged", revision: fate.found.revision } } };
      continue;
    }
    if (fate.kind !== "not-done") return fate;`,
    simulate: few,
    caughtBy: /lost .* at/u,
  },
  {
    name: "a conflict taken for success",
    rule: "A conflict means that nothing was written.",
    file: "src/operations/apply/settle.ts",
    find: '    if (outcome.kind === "adopted") return outcome;',
    replace: `    if (outcome.kind === "adopted") return outcome;
    if (outcome.kind === "conflict") return { kind: "done", revision: outcome.found?.revision };`,
    simulate: few,
    caughtBy: /called applied what never landed/u,
  },
  {
    name: "a conflict believed without looking",
    rule: "A conflict is believed only after a look: it may be a lost reply of our own, or none at all.",
    file: "src/operations/apply/settle.ts",
    find: '    if (outcome.kind === "adopted") return outcome;',
    replace: `    if (outcome.kind === "adopted") return outcome;
    if (outcome.kind === "conflict") return outcome;`,
    simulate: few,
    caughtBy: /answered conflict at .* where nobody else had written/u,
  },
  {
    name: "what is replaced is never kept",
    rule: "What is to be replaced is in the vault before the first write (D5).",
    file: "src/operations/apply/keep-prior.ts",
    find: "  await bench.vault.keep(body, context);\n",
    replace: "",
    simulate: few,
    caughtBy: /replaced .* without keeping/u,
  },
  {
    name: "what is replaced is kept while it is being replaced",
    rule: "What is to be replaced is in the vault before the first write (D5).",
    file: "src/operations/apply/run-waves.ts",
    find: `  const stopped = await forEachStep(stage, steps, "keeping", keepStep);
  if (stopped) return stopped;
`,
    replace: `  void forEachStep(stage, steps, "keeping", keepStep).catch(() => undefined);
`,
    simulate: few,
    caughtBy: /replaced .* without keeping/u,
  },
  {
    name: "the vault calls kept what it does not know",
    rule: "A vault says kept only of what is durable.",
    file: "src/adapters/state/store-vault.ts",
    find: '    if (outcome.kind === "unknown") doubt = outcome.cause;',
    replace: '    if (outcome.kind === "unknown") return;',
    simulate: few,
    caughtBy: /without keeping|that nobody keeps/u,
  },
  {
    name: "ledger entries are overwritten",
    rule: "Entry N+1 is created if absent: of two racing appends one is told that the head moved.",
    file: "src/adapters/state/store-ledger.ts",
    find: '      const outcome = await store.write({ key, expect: { kind: "absent" }, body: bodyOf(bytes, hash), headers: {} }, options);',
    replace: `      const there = await store.read(key, options);
      const expect = there ? ({ kind: "unchanged", revision: there.observed.revision } as const) : ({ kind: "absent" } as const);
      const outcome = await store.write({ key, expect, body: bodyOf(bytes, hash), headers: {} }, options);`,
    simulate: few,
    caughtBy: /changed a ledger entry that stood/u,
  },
  {
    name: "an own append is not recognised after a lost reply",
    rule: "The nonce tells our own entry, whose reply was lost, from a stranger's.",
    file: "src/adapters/state/store-ledger.ts",
    find: "      if (found) return { isOurs: runtime.sha256(await bytesOf(found.body)) === hash, revision: found.observed.revision };",
    replace: "      if (found) return { isOurs: false };",
    simulate: few,
    caughtBy: /answered .* although/u,
  },
  {
    name: "any entry at the place is taken for our own",
    rule: "The nonce tells our own entry, whose reply was lost, from a stranger's.",
    file: "src/adapters/state/store-ledger.ts",
    find: "      if (found) return { isOurs: runtime.sha256(await bytesOf(found.body)) === hash, revision: found.observed.revision };",
    replace: "      if (found) return { isOurs: true, revision: found.observed.revision };",
    simulate: few,
    caughtBy: /without a plan that has started|did not own|although its plan/u,
  },
  {
    name: "a plan starts beside another one",
    rule: "A plan starts only where no other one is open.",
    file: "src/operations/apply/apply.ts",
    find: "  return open === null && basis?.seq === plan.basis?.seq && basis?.hash === plan.basis?.hash;",
    replace: "  return true;",
    simulate: few,
    caughtBy: /started a plan (?:while another one was open|that was made before entry)/u,
  },
  {
    name: "a plan starts on any basis",
    rule: "A plan starts only on the ledger entry that it was made on.",
    file: "src/operations/apply/apply.ts",
    find: "  return open === null && basis?.seq === plan.basis?.seq && basis?.hash === plan.basis?.hash;",
    replace: "  return open === null;",
    simulate: few,
    caughtBy: /started a plan that was made before entry/u,
  },
  {
    name: "a base is recorded for a folder of unknown descent",
    rule: "A base is recorded only where descent is proven (decision 1).",
    file: "src/operations/compare/compare.ts",
    find: '    const isProven = lineage.kind === "same" ||',
    replace: '    const isProven = lineage.kind === "same" || lineage.kind === "unknown" ||',
    simulate: few,
    caughtBy: /lost .* at/u,
  },
  {
    name: "a base is moved under a folder that diverged",
    rule: "A base is recorded only where descent is proven (decision 1).",
    file: "src/operations/compare/compare.ts",
    find: '    const isProven = lineage.kind === "same" ||',
    replace: '    const isProven = lineage.kind === "same" || lineage.kind === "diverged" ||',
    simulate: few,
    caughtBy: /lost .* at/u,
  },
  {
    name: "bytes that were live before pass for new",
    rule: "Bytes that a release has replaced are behind, even with a fresh base.",
    file: "src/operations/compare/compare.ts",
    find: "    wasLive: new Set([...opened.replaced(sighting.path, judging.observation.target.name).keys(), ...(live ? [] : digestsOf(past))]),\n    brought: opened.brought(sighting.path, judging.observation.target.name),",
    replace: "    wasLive: new Set(live ? [] : digestsOf(past).slice(0, 0)),\n    brought: new Set(),",
    simulate: many,
    caughtBy: /brought back at .* what a release had replaced/u,
  },
  {
    name: "older bytes pass for a change",
    rule: "Bytes that a release has replaced are behind, even with a fresh base.",
    file: "src/core/lineage/judge-lineage.ts",
    find: "  return judgeStaleness(facts, local, live) ?? judgeDescent(facts, live);",
    replace: "  return judgeDescent(facts, live);",
    simulate: few,
    caughtBy: /brought back at .* what a release had replaced|lost .* at/u,
  },
  {
    name: "a file that was never here counts as deleted here",
    rule: "Only what was seen here is deleted there.",
    file: "src/core/lineage/judge-lineage.ts",
    find: `  return base === undefined ? { kind: "behind", proof: "none" } : { kind: "diverged", proof: "base" };`,
    replace: `  return base === undefined ? { kind: "removed", proof: "none" } : { kind: "diverged", proof: "base" };`,
    simulate: few,
    caughtBy: /lost .* at/u,
  },
  {
    name: "a file that changed on live is deleted all the same",
    rule: "Only what was seen here is deleted there.",
    file: "src/core/lineage/judge-lineage.ts",
    find: `  return base === undefined ? { kind: "behind", proof: "none" } : { kind: "diverged", proof: "base" };`,
    replace: `  return base === undefined ? { kind: "behind", proof: "none" } : { kind: "removed", proof: "base" };`,
    simulate: many,
    caughtBy: /lost .* at/u,
  },
  {
    name: "conflict markers are published",
    rule: "Conflict markers refuse (decision 1).",
    file: "src/core/deploy/rules/d1-seen.ts",
    find: "  if (marked.length === 0) return [];",
    replace: "  if (marked.length >= 0) return [];",
    simulate: few,
    caughtBy: /published conflict markers/u,
  },
  {
    name: "a restore takes a stranger's write away",
    rule: "A restore takes back what belay has left, and nothing else.",
    file: "src/core/deploy/plan-restore.ts",
    find: "  ![left, ...remains].some((content) => sameContent(live, content));",
    replace: "  live === undefined && ![left, ...remains].some((content) => sameContent(live, content));",
    simulate: many,
    caughtBy: /restored over what belay has not left/u,
  },
  {
    name: "the way back goes over a stranger's write",
    rule: "Only what this plan provably wrote is put back (decision 11).",
    file: "src/operations/apply/put-back.ts",
    find: "  hasArrived(change, found) && (found === undefined || found.provenance?.plan === identified.id);",
    replace: '  identified.id !== "" && (hasArrived(change, found) || found !== undefined);',
    simulate: few,
    caughtBy: /what its plan does not show|lost .* at/u,
  },
  {
    name: "an undo that puts nothing back",
    rule: "What is called undone or stopped is not live any more, but for the exceptions it lists.",
    file: "src/operations/apply/put-back.ts",
    find: "  if (!inverse) return undefined;",
    replace: "  if (inverse) return undefined;",
    simulate: few,
    caughtBy: /called (?:undone|stopped) what it left live/u,
  },
  {
    name: "a stopped wave ends as applied",
    rule: "A release is called applied only when every step of it has landed.",
    file: "src/operations/apply/run-waves.ts",
    find: "    if (stop) return stop;",
    replace: '    if (stop && stop.kind !== "conflict") return stop;',
    simulate: few,
    caughtBy: /called applied what never landed/u,
  },
  {
    name: "an unsettled write ends as applied",
    rule: "A release is called applied only when every step of it has landed.",
    file: "src/operations/apply/run-waves.ts",
    find: `    case "unsettled":
      return {
        kind: "unsettled",
        paths: [path],
        cause: fate.cause instanceof Error`,
    replace: `    case "unsettled":
      if (path !== "") return undefined;
      return {
        kind: "unsettled",
        paths: [path],
        cause: fate.cause instanceof Error`,
    simulate: many,
    caughtBy: /called applied what never landed/u,
  },
  {
    name: "resume writes over whatever is live",
    rule: "Resume holds every step to the expectation of the plan.",
    file: "src/operations/apply/run-waves.ts",
    find: '    if (fate.kind !== "not-done") return noteFate(stage, step, fate);',
    replace: `    if (fate.kind === "conflict" && fate.found && change.kind === "replace")
      return writeStep({ ...stage, run: { ...run, isFresh: true } }, { ...step, change: { ...change, expect: { kind: "unchanged", revision: fate.found.revision } } });
    if (fate.kind !== "not-done") return noteFate(stage, step, fate);`,
    simulate: many,
    caughtBy: /lost .* at/u,
  },
  {
    name: "an owner never asks whether it still owns its plan",
    rule: "A slow owner stops once its plan was adopted (decision 12).",
    file: "src/operations/apply/tenure.ts",
    find: "        await confirm(options);\n      }\n      return false;",
    replace: "        return !hasLost;\n      }\n      return false;",
    simulate: many,
    caughtBy: /for a plan that (?:had ended|was being put back)/u,
  },
  {
    name: "tenure counted from the reply",
    rule: "An owner's time counts from when it asked, not from when it was answered.",
    file: "src/operations/apply/tenure.ts",
    find: "  let confirmedAtMs = owned.ownedAtMs;",
    replace: "  let confirmedAtMs = bench.runtime.now();",
    test: "test/scenarios/operations/tenure.test.ts",
    caughtBy: /counts from when it asked/u,
  },
  {
    name: "a takeover without the wait",
    rule: "Whoever adopts a plan waits until the last request of its owner has landed or died (decision 12).",
    file: "src/operations/apply/resume.ts",
    find: "  if (quietInMs > 0) {",
    replace: "  if (quietInMs > 0 && way === undefined) {",
    simulate: many,
    caughtBy: /for a plan that (?:had ended|was being put back)/u,
  },
  {
    name: "whoever ends a plan need not own it",
    rule: "Only the owner of a plan records what became of it.",
    file: "src/operations/apply/append-owned.ts",
    find: "  open !== null && open.plan === plan && open.ownedSince === ownedSince;",
    replace: "  open !== null && open.plan === plan;",
    simulate: many,
    caughtBy: /about a plan that it did not own/u,
  },
  {
    name: "pull writes over what was typed meanwhile",
    rule: "Pull replaces only the local bytes that it has compared.",
    file: "src/operations/pull.ts",
    find: "  return here?.body.digest === local?.digest ? here : undefined;",
    replace: "  return here?.body.digest === local?.digest ? here : here;",
    simulate: many,
    caughtBy: /took .* out of the local/u,
  },
  {
    name: "pull keeps nothing of what it replaces here",
    rule: "Local bytes that pull replaces stay on this machine.",
    file: "src/operations/pull.ts",
    find: "  await bench.vault.keep(here.body, context);\n  const expect =",
    replace: "  const expect =",
    simulate: few,
    caughtBy: /replaced the local .* without keeping/u,
  },
  {
    name: "pull fast-forwards what diverged",
    rule: "Pull merges what was changed on both sides.",
    file: "src/operations/pull.ts",
    find: '  if (kind === "behind" || request.take === "live") return await overwrite(pulling, live);',
    replace: '  if (kind === "behind" || kind === "diverged" || request.take === "live") return await overwrite(pulling, live);',
    simulate: few,
    caughtBy: /took .* out of the local/u,
  },
  {
    name: "a merge takes live for the ancestor",
    rule: "A merge starts from what both sides were made from.",
    file: "src/operations/compare/merge-sides.ts",
    find: "  if (base) return findBytes(bench, base.digest, [], context);",
    replace: "  if (base && live) return findBytes(bench, live.digest, [{ store: comparison.observation.store, path }], context);",
    simulate: few,
    caughtBy: /lost .* at/u,
  },
  {
    name: "a merge takes local for the ancestor",
    rule: "A merge starts from what both sides were made from.",
    file: "src/operations/compare/merge-sides.ts",
    find: "  const ancestor = await findAncestor(bench, comparison, compared, context);",
    replace: "  const ancestor = await findAncestor(bench, comparison, compared, context).then((found) => found && mine);",
    simulate: few,
    caughtBy: /took .* out of the local/u,
  },
  {
    name: "a base for bytes that only the merge has seen",
    rule: "A merge without a known ancestor shows both sides.",
    file: "src/operations/compare/merge-sides.ts",
    find: "  if (!ancestor) return twoWayConflict(",
    replace: '  if (!ancestor) return { kind: "merged", bytes: localBytes };\n  if (!ancestor) return twoWayConflict(',
    simulate: few,
    caughtBy: /lost .* at/u,
  },
  {
    name: "a base-book save that forgets its neighbours",
    rule: "A save leaves the entries of other paths alone, also under racing writers.",
    file: "src/adapters/state/store-base-book.ts",
    find: "    const next = new Map(entries);",
    replace: "    const next = new Map(entries.size > 1 ? [] : entries);",
    test: "test/contract/base-book-contract.test.ts",
    caughtBy: /neighbours|sixteen|comes back/u,
  },
  {
    name: "a lease is taken from a living owner",
    rule: "A lease holds others off while its owner lives and its time runs.",
    file: "src/adapters/state/store-leaser.ts",
    find: "  if (leftMs <= 0 || leftMs > found.ttlMs + skewMaxMs)",
    replace: "  if (leftMs <= found.ttlMs || leftMs > found.ttlMs + skewMaxMs)",
    test: "test/contract/leaser-contract.test.ts",
    caughtBy: /comes second|16 who ask|renewed/u,
  },
  {
    name: "a takeover that is not told",
    rule: "Whoever takes an expired lease over is told that its owner may still be at it.",
    file: "src/adapters/state/store-leaser.ts",
    find: '{ expect, generation, predecessor: "unknown" };\n  return { kind: "held"',
    replace: '{ expect, generation, predecessor: "dead" };\n  return { kind: "held"',
    test: "test/contract/leaser-contract.test.ts",
    caughtBy: /may still be at it/u,
  },
  {
    name: "a folder lock is broken while its owner lives",
    rule: "A folder's lock is broken only when its owner is provably dead (decision 13).",
    file: "src/adapters/disk/folder-lock.ts",
    find: "depth < breakDepthMax && (await isProvablyDead(owner))",
    replace: "depth < breakDepthMax && ((await isProvablyDead(owner)) || depth === 0)",
    test: "src/adapters/disk/folder-lock.test.ts",
    caughtBy: /whose owner lives is never broken|one at a time/u,
  },
  {
    name: "a folder's writers are not kept apart",
    rule: "Of racing replaces through belay exactly one wins.",
    file: "src/adapters/disk/disk-writer.ts",
    find: '      if (looked?.observed.revision !== (expect.kind === "absent" ? undefined : expect.revision)) return conflict(looked);',
    replace: '      if (expect.kind === "absent" && looked) return conflict(looked);',
    test: "test/contract/disk-store.test.ts",
    caughtBy: /16 replaces|stranger's write since the look|lands, once/u,
  },
  {
    name: "a file is created over one that has just appeared",
    rule: "A create is atomic against everyone.",
    file: "src/adapters/disk/replace-file.ts",
    find: `    linkSync(temp, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;`,
    replace: `    renameSync(temp, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;`,
    test: "test/contract/disk-store.test.ts",
    caughtBy: /appears while it is being created|16 creates/u,
  },
];

export const faults = [...coreFaults, ...promotionFaults, ...s3Faults, ...recordsFaults, ...agentsFaults];

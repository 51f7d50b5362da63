/** Faults on the way from staging to production and back. The same shape as in `faults.mjs`. */

/** Schedules of the world that has a production. */
const many = 2500;
const few = 800;
const world = "promotions";

export const promotionFaults = [
  {
    name: "a missing approval holds nobody up",
    rule: "A plan for production starts only with the approvals that it needs (decision 17).",
    file: "src/operations/approve/approvals.ts",
    find: "    refusals: refuseUnapproved({ id: asked.id, target, needs, judged, hasSigners: bench.signers !== undefined }),",
    replace: "    refusals: refuseUnapproved({ id: asked.id, target, needs, judged, hasSigners: bench.signers !== undefined }).slice(1),",
    simulate: few,
    world,
    caughtBy: /that nobody had approved/u,
  },
  {
    name: "an approval of another plan counts",
    rule: "An approval is for exactly one plan.",
    file: "src/operations/approve/approvals.ts",
    find: "  for (const approval of ofTarget.filter((one) => one.plan === id)) {",
    replace: "  for (const approval of ofTarget) {",
    simulate: many,
    world,
    caughtBy: /which is for another plan|which nobody has signed/u,
  },
  {
    name: "an expired approval counts",
    rule: "An approval counts until it expires, and not a moment longer.",
    file: "src/core/approval/judge-approvals.ts",
    find: "  if (!(Date.parse(approval.expires) > nowMs)) return `expired at ${approval.expires}`;",
    replace: "  if (!(Date.parse(approval.expires) > 0)) return `expired at ${approval.expires} by ${nowMs}`;",
    simulate: many,
    world,
    caughtBy: /which had expired/u,
  },
  {
    name: "a signature is believed without a look",
    rule: "Whoever can write to the ledger cannot approve: signatures are checked wherever they count.",
    file: "src/operations/approve/approvals.ts",
    find: "  known.set(name, verdict);\n  return verdict;",
    replace: `  if (verdict.kind === "bad")
    return { kind: "good", by: { principal: approval.signer, key: approval.key, keyType: "sk-ssh-ed25519@openssh.com", wasTouched: true } };
  return verdict;`,
    simulate: many,
    world,
    caughtBy: /which nobody has signed/u,
  },
  {
    name: "a key that nobody touches approves",
    rule: "Where security keys approve, a loaded key signs for whoever asks and counts for nothing.",
    file: "src/core/approval/judge-approvals.ts",
    find: '  if (keys === "any" || wasTouched) return undefined;',
    replace: '  if (keys === "any" || wasTouched || keyType !== "") return undefined;',
    simulate: many,
    world,
    caughtBy: /whose key nobody has touched/u,
  },
  {
    name: "whoever brought a change approves it",
    rule: "Where others approve, nobody approves what they brought or take there.",
    file: "src/core/approval/judge-approvals.ts",
    find: '  if (needs.approvers === "others" && involved.some(',
    replace: '  if (needs.approvers === "others" && involved.every(',
    simulate: many,
    world,
    caughtBy: /by whoever brought the change or took it there/u,
  },
  {
    name: "an emergency needs nobody",
    rule: "In an emergency one signature stands for all others, and never none (decision 21).",
    file: "src/core/approval/approval-needs.ts",
    find: "  if (target.approvals === 0) return undefined;",
    replace: "  if (target.approvals === 0 || emergency !== undefined) return undefined;",
    simulate: many,
    world,
    caughtBy: /that nobody had approved/u,
  },
  {
    name: "a run without a terminal passes for a person",
    rule: "Only a person at a terminal goes back without an approval (decision 21).",
    file: "src/operations/approve/approvals.ts",
    find: '  isAttended && actor.kind !== "agent" && actor.kind !== "ci";',
    replace: '  (isAttended || actor.kind === "unknown") && actor.kind !== "agent" && actor.kind !== "ci";',
    simulate: many,
    world,
    caughtBy: /that nobody had approved/u,
  },
  {
    name: "belay.yaml lowers approvals by itself",
    rule: "Production is bound by the policy that was approved, whatever belay.yaml says since (decision 18).",
    file: "src/operations/approve/policy.ts",
    find: "    if (inForce.digest === bench.policy || !binds({ policy, ...inForce }, bench, target)) continue;",
    replace: "    if (inForce.digest !== noHash || !binds({ policy, ...inForce }, bench, target)) continue;",
    simulate: many,
    world,
    caughtBy: /under a policy that nobody has approved|that nobody had approved/u,
  },
  {
    name: "a promotion takes the working folder's bytes",
    rule: "Promote takes exactly the verified bytes of the stage, never the working folder's (D2).",
    file: "src/operations/apply/content-source.ts",
    find: "  if (from) return await openSource(bench, { from, at, content }, context);",
    replace: `  const mine = from && (await bench.folder.read(at.key, context));
  if (mine) return mine.body;
  if (from) return await openSource(bench, { from, at, content }, context);`,
    simulate: few,
    world,
    caughtBy: /at .* what (?:its plan does not show|was never verified on staging)/u,
  },
  {
    name: "a promotion takes whatever staging holds by now",
    rule: "What was verified is bound to its bytes: what staging holds since then is not taken.",
    file: "src/operations/apply/content-source.ts",
    find: `  const remembered = await openRemembered(bench.seenBytes, content.digest, context);
  if (remembered) return remembered;
  const source = await bench.storeOf(from.store);
  const reading = await source.read(from.key, context);
  if (reading?.body.digest === content.digest) return reading.body;`,
    replace: `  const source = await bench.storeOf(from.store);
  const reading = await source.read(from.key, context);
  if (reading) return reading.body;`,
    simulate: many,
    world,
    caughtBy: /at .* what (?:its plan does not show|was never verified on staging)/u,
  },
  {
    name: "the stage is not compared with its record",
    rule: "Promotion is refused when staging changed by one byte after it was verified (D2).",
    file: "src/operations/promote/promotion.ts",
    find: `    if (!sameContent(held, content)) changedOnStage.push(path);
    else if (held && content) staged.set(path, { content, revision: held.revision });`,
    replace: "    if (held && content) staged.set(path, { content, revision: held.revision });",
    test: "test/scenarios/operations/promote.test.ts",
    caughtBy: /changed by one byte after it was verified/u,
  },
  {
    name: "nobody looks at the stage before an approved plan starts",
    rule: "A verification ends when staging changes, also while a plan waits for its approval.",
    file: "src/operations/promote/look-at-sources.ts",
    find: '  if (outcome === "good") return undefined;',
    replace: '  if (outcome === "good" || files.length > 0) return undefined;',
    simulate: many,
    world,
    caughtBy: /what staging did not hold any more/u,
  },
  {
    name: "a stopped release counts as verified",
    rule: "What a release holds is verified where it was applied, and nowhere else.",
    file: "src/operations/history/applied-releases.ts",
    find: '  for (const release of releases) if (release.as === "applied") yield release;',
    replace: '  for (const release of releases) if (release.as !== "undone") yield release;',
    simulate: many,
    world,
    caughtBy: /what was never verified on staging|lost .* at|what belay has not left|never on production/u,
  },
  {
    name: "whatever production holds counts as seen",
    rule: "Expectations for production come from its record: what another hand wrote is not gone over.",
    file: "src/operations/promote/promotion.ts",
    find: "isKnown: sides.known.has(path), ancestors: pending.ancestors };",
    replace: "isKnown: true, ancestors: new Set([...pending.ancestors, ...(live ? [live.digest] : [])]) };",
    simulate: few,
    world,
    caughtBy: /lost .* at .* of production/u,
  },
  {
    name: "a working copy's memory decides about production",
    rule: "Forgeable things decide nothing in production: a base of this machine is no proof (decision 19).",
    file: "src/operations/promote/promotion.ts",
    find: "  const judging: Judging = { bench: view, sides, store, context };\n",
    replace: `  const mine = await bench.base.load(target.name, chosen.paths.map(({ path }) => path), context);
  const trusted = chosen.paths.map((one) => ({ ...one, ancestors: new Set([...one.ancestors, ...[...(mine.get(one.path) ? [mine.get(one.path)!.digest] : [])]]) }));
  Object.assign(chosen, { paths: trusted });
  const judging: Judging = { bench: view, sides: { ...sides, known: new Set([...sides.known, ...mine.keys()]) }, store, context };
`,
    simulate: many,
    world,
    caughtBy: /lost .* at .* of production/u,
  },
  {
    name: "what was rolled back may come back",
    rule: "What a rollback took off stays off until somebody brings it back on purpose.",
    file: "src/core/deploy/plan-promote.ts",
    find: "        ...refuseTombstoned(facts, steps),\n",
    replace: "",
    simulate: many,
    world,
    caughtBy: /what was rolled back/u,
  },
  {
    name: "a deploy goes to production past staging",
    rule: "Production takes only what was verified on staging (D2).",
    file: "src/core/deploy/rules/d2-staging-first.ts",
    find: "  if (target.after === undefined) return [];",
    replace: "  if (target.after === undefined || steps.length > 0) return [];",
    simulate: few,
    world,
    caughtBy: /deployed to production past staging/u,
  },
];

/** What can be read by address: plans, proofs, reports, open warnings, the policy in force. Lists are short; older ones are read by id. */

import {
  ResourceTemplate,
  ResourceNotFoundError,
  type McpServer,
  type ReadResourceResult,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { BelayError } from "../../core/belay-error.ts";
import { bytesOf } from "../../core/body.ts";
import type { LedgerState, Release } from "../../core/ledger/fold.ts";
import { recordsOf } from "../../core/ledger/fold-records.ts";
import { findPlan } from "../../operations/plan-shelf.ts";
import type { Context, Workbench } from "../../operations/workbench.ts";
import { planFields } from "../cli/plan-json.ts";
import { plain } from "../cli/plain-text.ts";
import { runPolicyShow } from "../cli/verbs/policy-show.ts";
import { runWarnList } from "../cli/verbs/warn-list.ts";
import { fitDocument } from "./fit-document.ts";
import { openCall, type ToolCall } from "./tool-call.ts";
import type { ToolHost } from "./tool.ts";

/** A reader of resources asked for the whole, so it gets more than a tool's answer; a larger one is cut and says so. */
const resourceMax = 200_000;
const listedMax = 40;
const mimeType = "application/json";

type Fields = Readonly<Record<string, unknown>>;

interface Listed {
  readonly id: string;
  readonly title: string;
}

interface Family {
  readonly name: "plans" | "proofs" | "reports";
  readonly title: string;
  readonly description: string;
  readonly list: (state: LedgerState, bench: Workbench) => readonly Listed[];
  readonly read: (at: Opened, id: string) => Promise<Fields>;
}

interface Opened {
  readonly call: ToolCall;
  readonly bench: Workbench;
  readonly context: Context;
}

export function registerResources(server: McpServer, host: ToolHost): void {
  const single = (
    name: string,
    about: { readonly title: string; readonly description: string },
    read: (at: Opened) => Promise<Fields>,
  ): void => {
    server.registerResource(name, `belay://${name}`, { ...about, mimeType }, async (uri, context) =>
      contentsOf(uri, await reading(host, context, read)),
    );
  };
  single(
    "warnings",
    { title: "Open warnings", description: "What binds until it is settled." },
    async ({ call }) => (await call.answer(runWarnList, { verb: "warn list", operands: [] })).fields,
  );
  single(
    "policy",
    { title: "The policy in force", description: "Who may sign, what production asks for, and how belay.yaml differs." },
    async ({ call, bench }) => ({
      ...(await call.answer(runPolicyShow, { verb: "policy show", operands: [] })).fields,
      document: JSON.parse(new TextDecoder().decode(bench.policyDocument)),
    }),
  );
  for (const family of families) registerFamily(server, host, family);
}

function registerFamily(server: McpServer, host: ToolHost, { name, title, description, list, read }: Family): void {
  const template = new ResourceTemplate(`belay://${name}/{id}`, {
    list: async (context) => ({
      resources: await reading(host, context, async ({ bench, context: about }) =>
        list(await bench.ledger.state(about), bench)
          .slice(0, listedMax)
          .map((one) => ({ uri: `belay://${name}/${one.id}`, name: one.id, title: plain(one.title).slice(0, 200), mimeType })),
      ).catch(noneIfUnconfigured),
    }),
  });
  server.registerResource(name, template, { title, description, mimeType }, async (uri, { id }, context) => {
    if (typeof id !== "string" || !/^[0-9a-z-]{2,64}$/u.test(id)) throw new ResourceNotFoundError(uri.href);
    return contentsOf(uri, await reading(host, context, async (at) => await read(at, id)));
  });
}

/** A folder without belay.yaml has nothing to list; whoever reads or calls is told why. */
function noneIfUnconfigured(error: unknown): never[] {
  if (error instanceof BelayError || error instanceof ResourceError) return [];
  throw error;
}

/** Tells a client what a tool would: the code, the sentence, the way on. */
class ResourceError extends Error {
  constructor({ code, message, remedy }: Pick<BelayError, "message" | "remedy"> & { readonly code: string }) {
    super(plain(`${code}: ${message} next: ${remedy}`));
  }
}

async function reading<Result>(
  { setup, queue, stopping }: ToolHost,
  context: ServerContext,
  read: (at: Opened) => Promise<Result>,
): Promise<Result> {
  const signal = AbortSignal.any([context.mcpReq.signal, stopping]);
  try {
    return await queue.run("read", signal, async () => {
      const call = await openCall(setup, { site: undefined, signal, report: () => undefined });
      return await read({ call, bench: await call.session.bench(), context: await call.session.context() });
    });
  } catch (error) {
    throw error instanceof BelayError ? new ResourceError(error) : error;
  }
}

function contentsOf(uri: URL, fields: Fields): ReadResourceResult {
  const { document, cut } = fitDocument({ format: 1, ...fields }, resourceMax);
  const whole = cut.length === 0 ? document : { ...document, truncated: cut };
  return { contents: [{ uri: uri.href, mimeType, text: JSON.stringify(whole, undefined, 2) }] };
}

/** Newest first, of all targets of the site. */
const releasesOf = ({ targets }: LedgerState, { site }: Workbench): readonly (Release & { readonly target: string })[] =>
  site.targets
    .flatMap(({ name }) => (targets[`${site.name}/${name}`]?.releases ?? []).map((release) => ({ ...release, target: name })))
    .toSorted((one, other) => (one.at < other.at ? 1 : -1));

const shortOf = (id: string): string => id.slice(0, 12);

const families: readonly Family[] = [
  {
    name: "plans",
    title: "Plans",
    description: "A plan by its id: steps, expectations, reasons, refusals, proof.",
    list: (state, bench) => [
      ...state.approvals.map(({ plan, target, signer }) => ({ id: shortOf(plan), title: `for ${target}, signed by ${signer}` })),
      ...releasesOf(state, bench).map(({ plan, target, title, id }) => ({ id: shortOf(plan), title: `${id} to ${target}: ${title}` })),
    ],
    read: async ({ bench, context }, id) => planFields(await findPlan(bench, id, context)),
  },
  {
    name: "proofs",
    title: "Proofs",
    description: "The six lines of proof of a release (r12) or a plan.",
    list: (state, bench) => releasesOf(state, bench).map(({ id, target, title }) => ({ id, title: `${id} to ${target}: ${title}` })),
    read: async ({ bench, context }, id) => {
      const release = releasesOf(await bench.ledger.state(context), bench).find((one) => one.id === id);
      const { id: plan, plan: about } = await findPlan(bench, release?.plan ?? id, context);
      return {
        plan,
        target: about.target,
        title: about.title,
        proof: about.proof,
        ...(release && { release: release.id, at: release.at, by: release.by, as: release.as, invalidation: release.invalidation }),
      };
    },
  },
  {
    name: "reports",
    title: "Reports",
    description: "Reports of reconciles, and recorded looks at what visitors get, by the digest of their document.",
    list: (state, { site }) => [
      ...recordsOf(state).decisions.flatMap(({ of, record, report }) =>
        report === undefined ? [] : [{ id: shortOf(report), title: `reconcile of ${of} ${record}` }],
      ),
      ...site.targets.flatMap(({ name }) => {
        const seen = state.targets[`${site.name}/${name}`]?.verified;
        return seen ? [{ id: shortOf(seen.document), title: `look at ${name}, ${seen.at}: ${seen.outcome}` }] : [];
      }),
    ],
    read: readReport,
  },
];

/** The vault holds pages and what was overwritten, too: only documents that the record names as reports are read here. */
async function readReport({ bench, context }: Opened, id: string): Promise<Fields> {
  const state = await bench.ledger.state(context);
  const looks = bench.site.targets.flatMap(({ name }) => {
    const found = state.targets[`${bench.site.name}/${name}`];
    return [...(found?.verified ? [found.verified] : []), ...(found?.looks ?? [])].map(({ document }) => document);
  });
  const known = [...recordsOf(state).decisions.flatMap(({ report }) => report ?? []), ...looks];
  const digest = id.length >= 6 ? known.find((one) => one.startsWith(id)) : undefined;
  const body = digest === undefined ? undefined : await bench.vault.open(digest, context);
  if (!body) throw new BelayError("usage", `No report begins with ${id}.`, "resources/list names the newest ones.");
  const document: unknown = JSON.parse(new TextDecoder().decode(await bytesOf(body)));
  return typeof document === "object" && document !== null ? { ...document } : {};
}

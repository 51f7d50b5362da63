/** What a tool is made of, and how its answers and failures are told. */

import { toStandardJsonSchema } from "@valibot/to-json-schema";
import type { CallToolResult, McpServer, ServerContext } from "@modelcontextprotocol/server";
import * as v from "valibot";
import { BelayError } from "../../core/belay-error.ts";
import { errorFields } from "../cli/answer.ts";
import { plain } from "../cli/plain-text.ts";
import type { Access, CallQueue } from "./call-queue.ts";
import { documentMax, fitDocument, type Cut } from "./fit-document.ts";
import { progressOf } from "./progress.ts";
import { textAt } from "./told-fields.ts";
import { openCall, type ServerSetup, type ToolCall } from "./tool-call.ts";

export interface ToolHost {
  readonly setup: ServerSetup;
  readonly queue: CallQueue;
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
}

export interface ToolAnswer {
  readonly fields: Readonly<Record<string, unknown>>;
  /** For whoever reads no structured content: what came of it and what comes next. */
  readonly lines: readonly string[];
  /** Of a document that had to be cut: how to get the rest. */
  readonly rest?: string;
}

/** Hints that clients show; nothing of belay rests on them. */
export interface ToolEffects {
  readonly access: Access;
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

type InputSchema = v.GenericSchema<Record<string, unknown>, Record<string, unknown>>;
type OutputSchema = v.GenericSchema<Record<string, unknown>, Record<string, unknown>>;

export interface ToolAbout<Input extends InputSchema> {
  readonly name: string;
  readonly title: string;
  /** For an agent: when to use it, what it changes, what comes next. */
  readonly description: string;
  readonly input: Input;
  readonly output: OutputSchema;
  readonly effects: ToolEffects;
  /** A client that knows the word asks its person before each call, and no rule of its own skips that. */
  readonly needsPersonAtClient?: true;
  readonly run: (call: ToolCall, input: v.InferOutput<Input>) => Promise<ToolAnswer>;
}

export interface Tool {
  readonly name: string;
  readonly register: (server: McpServer, host: ToolHost) => void;
}

export function defineTool<Input extends InputSchema>(about: ToolAbout<Input>): Tool {
  const { name, title, description, input, output, effects, needsPersonAtClient, run } = about;
  const { access, ...annotations } = effects;
  return {
    name,
    register: (server, host) => {
      const callback = async (given: unknown, context: ServerContext): Promise<CallToolResult> => {
        const read = v.parse(input, given);
        return await answered(host, { name, access, site: textAt(read, "site"), context }, async (call) => await run(call, read));
      };
      server.registerTool(
        name,
        {
          title,
          description,
          inputSchema: toStandardJsonSchema(input),
          outputSchema: toStandardJsonSchema(output),
          annotations,
          ...(needsPersonAtClient && { _meta: { "anthropic/requiresUserInteraction": true } }),
        },
        callback,
      );
    },
  };
}

interface Answering {
  readonly name: string;
  readonly access: Access;
  readonly site: string | undefined;
  readonly context: ServerContext;
}

/** Never throws: what could not be done is an answer with `isError`. */
async function answered(
  { setup, queue, stopping }: ToolHost,
  { name, access, site, context }: Answering,
  work: (call: ToolCall) => Promise<ToolAnswer>,
): Promise<CallToolResult> {
  const signal = AbortSignal.any([context.mcpReq.signal, stopping]);
  try {
    const answer = await queue.run(
      access,
      signal,
      async () => await work(await openCall(setup, { site, signal, report: progressOf(context) })),
    );
    return resultOf(answer);
  } catch (error) {
    return failed(error, { name, log: setup.log, isCancelled: signal.aborted });
  }
}

function resultOf({ fields, lines, rest }: ToolAnswer): CallToolResult {
  const { document, cut } = fitDocument({ format: 1, ...fields });
  const content = cut.length === 0 ? document : { ...document, truncated: cut, rest };
  const shown = lines.map(oneLine).filter((line) => line !== "");
  return {
    content: [
      { type: "text", text: [...shown, ...(cut.length === 0 ? [] : [cutLine(cut, rest)])].join("\n") },
      { type: "text", text: JSON.stringify(content) },
    ],
    structuredContent: content,
  };
}

const lineMax = 600;
const oneLine = (line: string): string => {
  const shown = plain(line);
  return shown.length > lineMax ? `${shown.slice(0, lineMax).toWellFormed()}…` : shown;
};

const cutLine = (cut: readonly Cut[], rest = "ask for less at once"): string =>
  `This answer is cut to ${documentMax} characters (${cut
    .slice(0, 3)
    .map(({ at, shown, total, of }) => `${at}: ${shown} of ${total} ${of}`)
    .join("; ")}). For the rest: ${rest}`;

interface Failing {
  readonly name: string;
  readonly log: (line: string) => void;
  readonly isCancelled: boolean;
}

function failed(error: unknown, failing: Failing): CallToolResult {
  const { code, message, remedy } = failureOf(error, failing);
  const { document } = fitDocument({ format: 1, ...errorFields({ code, message, remedy }) });
  return {
    isError: true,
    content: [
      { type: "text", text: [`${code}: ${message}`, ...remedy.split("\n").map((line) => `next: ${line}`)].map(oneLine).join("\n") },
    ],
    structuredContent: document,
  };
}

function failureOf(
  error: unknown,
  { name, log, isCancelled }: Failing,
): Pick<BelayError, "message" | "remedy"> & { readonly code: string } {
  if (error instanceof BelayError) return error;
  if (isCancelled && error instanceof Error && error.name === "AbortError") {
    return { code: "interrupted", message: "The call was cancelled.", remedy: "belay_status shows where things stand." };
  }
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return {
    code: "bug",
    message: `${name} has failed in a way that it should not: this is a bug of belay.`,
    remedy: "Tell a person; what the server wrote on stderr belongs into the report. belay_status shows where things stand.",
  };
}

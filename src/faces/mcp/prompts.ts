/** The two jobs that people most often give: publish a page, correct a record. */

import { toStandardJsonSchema } from "@valibot/to-json-schema";
import type { GetPromptResult, McpServer } from "@modelcontextprotocol/server";
import * as v from "valibot";
import { plain } from "../cli/plain-text.ts";
import { text } from "./input-words.ts";

export function registerPrompts(server: McpServer): void {
  server.registerPrompt(
    "publish_page",
    {
      title: "Publish a page",
      description: "From an edit to production, the safe way.",
      argsSchema: toStandardJsonSchema(
        v.object({
          page: text("The page's path in the site, such as index.html.", 1024),
          wanted: v.optional(text("What to change on it.", 4000)),
          stage: v.optional(text("The target that comes first; staging unless told.", 100)),
          production: v.optional(text("The target that visitors see; production unless told.", 100)),
        }),
      ),
    },
    publish,
  );
  server.registerPrompt(
    "correct_record",
    {
      title: "Correct a record everywhere",
      description: "One record that several systems hold: see what each says, decide, plan the correction.",
      argsSchema: toStandardJsonSchema(
        v.object({
          kind: text("The type of record, as belay.yaml names it.", 100),
          record: text("Its name, one of its keys, or the address of one of its pages.", 500),
          wanted: v.optional(text("What is right, and how you know.", 4000)),
        }),
      ),
    },
    correct,
  );
}

interface Publishing {
  readonly page: string;
  readonly wanted?: string | undefined;
  readonly stage?: string | undefined;
  readonly production?: string | undefined;
}

function publish({ page, wanted, stage = "staging", production = "production" }: Publishing): GetPromptResult {
  const path = JSON.stringify(plain(page));
  const [first, last] = [JSON.stringify(plain(stage)), JSON.stringify(plain(production))];
  return prompt([
    `Publish ${plain(page)}, so that no work of others is lost.`,
    ...(wanted === undefined ? [] : [`Wanted: ${plain(wanted)}`]),
    "",
    `1. belay_status {"target": ${last}, "paths": [${path}]}. Read the open warnings; where one is about this page, ask me.`,
    `2. If the page is behind, diverged or unknown: belay_pull {"target": ${last}, "paths": [${path}]}, and show me what a merge did (belay_diff).`,
    "3. Make the edit, and nothing besides it.",
    `4. belay_diff {"target": ${first}, "paths": [${path}]}: every changed line must be one that is wanted.`,
    `5. belay_deploy {"target": ${first}, "paths": [${path}], "change": "a short title"}; then belay_verify {"target": ${first}}.`,
    `6. belay_request_approval {"target": ${last}}. Tell me the plan's id, what it changes, and what I run to approve it. Then stop and wait for me.`,
    `7. Once I say that it is approved: belay_promote {"target": ${last}, "plan": "…"}; then belay_verify {"target": ${last}}.`,
    "",
    "Where an answer is refused or needs-person, do what it names next or ask me; look for no other way to write there. If you stop before the end, leave belay_warn_add.",
  ]);
}

interface Correcting {
  readonly kind: string;
  readonly record: string;
  readonly wanted?: string | undefined;
}

function correct({ kind, record, wanted }: Correcting): GetPromptResult {
  const about = `{"kind": ${JSON.stringify(plain(kind))}, "record": ${JSON.stringify(plain(record))}}`;
  return prompt([
    `Correct the ${plain(kind)} ${plain(record)} in every system that holds it.`,
    ...(wanted === undefined ? [] : [`What is right: ${plain(wanted)}`]),
    "",
    `1. belay_audit ${about}. Show me field by field who says what, with the evidence, and which pages are duplicates.`,
    "2. A system that could not be observed comes first: without it nothing is complete.",
    `3. belay_reconcile_plan ${about}, with set for each field that I have decided and why with my reason. Ask me what it asks; guess nothing.`,
    "4. Show me the plan: each system, what it says now, what it would say, which mentions stay. Tell me the plan's id, and that I carry it out with: belay apply PLAN-ID.",
    "5. When I have: belay_audit again. belay_tasks lists what only I can change; tell me of each.",
    "",
    "Edit no page, table or calendar of this record by other means.",
  ]);
}

const prompt = (lines: readonly string[]): GetPromptResult => ({
  messages: [{ role: "user", content: { type: "text", text: lines.join("\n") } }],
});

/** A notice for Slack's incoming webhooks, and for servers that take the same bodies. */

import { plainProof } from "../../core/notice/proof-lines.ts";
import type { Notice } from "../../ports/notifier.ts";

const headlines: Readonly<Record<Notice["reason"], string>> = {
  "live-is-ahead": "A person is needed: live is ahead",
  "approval-missing": "An approval is asked for",
  "merge-not-looked-at": "A merge waits for a person’s look",
  "out-of-band": "Live was written by another hand",
  emergency: "An emergency change went out",
  "policy-changed": "The policy was changed and waits for approval",
  unsettled: "A deploy is unsettled",
  "record-drift": "A record waits for a person",
  test: "This is a test: nothing has happened",
};

/** Slack takes 150 in a header and 3000 in a section; both count characters before escaping is undone. */
const headerCharsMax = 150;
const sectionCharsMax = 2900;

/**
 * Names of site and target and what we say ourselves stand in the headline; whatever comes from outside stands in fenced
 * blocks, where neither Slack nor its imitators look for names, links or formatting.
 */
export function slackBody(notice: Notice): Readonly<Record<string, unknown>> {
  const { lines, paths, proof, run, by, at, subject, plan } = notice;
  const headline = `${headlines[notice.reason]} (${nameOnly(notice.site)}/${nameOnly(notice.target)})`.slice(0, headerCharsMax);
  const named = paths.length === 0 ? [] : [`paths: ${paths.join(", ")}`];
  const facts = [subject, ...lines, ...named, ...(plan === undefined ? [] : [`plan: ${plan}`]), `stopped: ${by}`, `at: ${at}`];
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ["", facts],
    ...(proof === undefined ? [] : [["Proof", plainProof(proof)] as const]),
    ...(run.length === 0 ? [] : [["What a person runs, in order", run] as const]),
  ];
  const texts = parts.map(([title, told]) => `${title === "" ? "" : `*${title}*\n`}${fenced(told)}`);
  return {
    // What notifications show, and all that servers without blocks show.
    text: [`*${headline}*`, ...texts].join("\n"),
    blocks: [
      { type: "header", text: { type: "plain_text", text: headline, emoji: false } },
      ...texts.map((text) => ({ type: "section", text: { type: "mrkdwn", text, verbatim: true } })),
    ],
  };
}

/** belay.yaml allows no other names; whoever builds on the library might. */
const nameOnly = (name: string): string => name.replaceAll(/[^\w-]/gu, "?");

function fenced(lines: readonly string[]): string {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines.map(escaped)) {
    length += line.length + 1;
    if (length > sectionCharsMax) {
      kept.push("…");
      break;
    }
    kept.push(line);
  }
  return `\`\`\`\n${kept.join("\n")}\n\`\`\``;
}

/** Slack's own three entities, no fence that could be closed from inside, and nobody called. */
const escaped = (text: string): string =>
  harmless(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("`", "ˋ");

/** A full-width sign before the names that would ring every telephone of a team. */
const harmless = (text: string): string => text.replaceAll(/@(?=channel|here|everyone|all\b|group)/giu, "＠");

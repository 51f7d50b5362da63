/** What visitors get, as one page with everything that was looked at. */

import type { VerifyReportFacts } from "../../operations/report/report-facts.ts";
import { counted } from "../cli/plain-text.ts";
import { html, told, type Html } from "./html.ts";
import { reportPage } from "./report-page.ts";
import { madeBy, momentOf, type Tone } from "./report-words.ts";
import { looksMarkup, verifiedFiles, verifiedTokens } from "./verification-section.ts";

const headings: Readonly<
  Record<VerifyReportFacts["verification"]["outcome"], { readonly tone: Tone; readonly heading: string; readonly next: string }>
> = {
  good: {
    tone: "good",
    heading: "✔ Visitors get what the record says",
    next: "It holds for these bytes; whatever is written there later has to be looked at again.",
  },
  bad: { tone: "bad", heading: "✖ Visitors get something else", next: "What is wrong stands with each file." },
  unknown: { tone: "wait", heading: "? It could not be told", next: "Nothing was found to be wrong, and nothing is proven: look again." },
};

/** A whole HTML document: no script, no request, everything from outside escaped. */
export function renderVerifyReport(facts: VerifyReportFacts): string {
  const { verification, target, made } = facts;
  const { tone, heading, next } = headings[verification.outcome];
  const looks = verification.looks ?? [];
  const count = (outcome: typeof verification.outcome): number => verification.files.filter((file) => file.outcome === outcome).length;
  const counts = `${count("good")} as they should be, ${count("bad")} wrong, ${count("unknown")} that could not be told`;
  return reportPage({
    title: `Verification of ${verification.target}`,
    head: html`<p class="over">
        belay report · ${told(verification.site === "default" ? "verification" : `${verification.site} · verification`)}
      </p>
      <h1>${told(`What visitors get on ${verification.target}`)}</h1>
      <p class="lead">${counted(verification.files.length, "file")} fetched as a visitor fetches them: ${counts}.</p>`,
    sections: [
      {
        id: "verdict",
        heading: "Verdict",
        isHeaded: true,
        content: html`<div class="verdict card ${tone}">
          <h2>${heading}</h2>
          <p>${next}</p>
        </div>`,
      },
      { id: "facts", heading: "What and who", content: factsMarkup(facts) },
      verification.files.length > 0 && {
        id: "files",
        heading: `Files (${verification.files.length})`,
        content: html`${verifiedFiles(verification)}${verifiedTokens(verification)}`,
      },
      looks.length > 0 && { id: "looks", heading: "As a browser shows it", content: looksMarkup(facts) },
    ],
    foot: html`<p>
      ${told(`Looked at ${momentOf(verification.at)}; report made ${madeBy(made)}, for ${target.name}.`)} Opening it asks nobody for
      anything.
    </p>`,
  });
}

const factsMarkup = ({ verification, target, made }: VerifyReportFacts): Html =>
  html`<dl class="facts card">
    <div>
      <dt>target</dt>
      <dd>${told(target.name)}${target.url !== undefined && html`<br /><span class="mono">${told(target.url)}</span>`}</dd>
    </div>
    <div>
      <dt>store</dt>
      <dd><span class="mono">${told(target.store)}</span></dd>
    </div>
    <div>
      <dt>looked at</dt>
      <dd>${momentOf(verification.at)}</dd>
    </div>
    <div>
      <dt>report made</dt>
      <dd>${told(madeBy(made))}</dd>
    </div>
  </dl>`;

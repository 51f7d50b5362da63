/** A reconcile as one page: what was decided and by whom, before and after in each place, what stays, what is asked of people. */

import type { Actor } from "../../core/ledger/entry.ts";
import type { Change, IdentifiedPlan } from "../../core/plan/plan.ts";
import { showValue } from "../../core/records/compare-values.ts";
import type { Question } from "../../core/records/decision.ts";
import type { RecordsPart } from "../../core/records/records-part.ts";
import type { ManualTask } from "../../core/records/task.ts";
import type { ReconcileResult } from "../../operations/records/reconcile.ts";
import { counted } from "../cli/plain-text.ts";
import { optionOf } from "../cli/option-of.ts";
import { shortId } from "../cli/render-proof.ts";
import { html, told, type Html } from "./html.ts";
import { reportPage } from "./report-page.ts";
import { madeBy, momentOf, proofFacts, type Tone } from "./report-words.ts";

export interface ReconcileReportFacts {
  readonly result: ReconcileResult;
  readonly made: { readonly at: string; readonly by: Actor };
}

/** A whole HTML document: no script, no request, everything from outside escaped. */
export function renderReconcileReport({ result, made }: ReconcileReportFacts): string {
  const { identified, questions } = result.prepared;
  const { plan, id } = identified;
  const part = plan.records;
  const name = `${part?.kind ?? ""} ${part?.record ?? ""}`;
  return reportPage({
    title: `Reconcile ${name}`,
    head: html`<p class="over">belay report · reconcile</p>
      <h1>${told(`One truth for ${name}`)}</h1>
      <p class="lead">
        ${counted(
          plan.waves.reduce((sum, { steps }) => sum + steps.length, 0),
          "object",
        )}
        to write in ${counted(plan.waves.length, "wave")}, each seen before the next begins.
      </p>`,
    sections: [
      { id: "verdict", heading: "Verdict", isHeaded: true, content: verdictMarkup(result) },
      questions.length > 0 && { id: "questions", heading: "What a person has to say", content: questionsMarkup(questions) },
      part && { id: "decided", heading: "What holds, and who said so", content: decidedMarkup(part) },
      part &&
        part.edits.length + part.survivors.length > 0 && { id: "changes", heading: "Before and after", content: changesMarkup(part, plan) },
      part && part.mentions.length > 0 && { id: "left", heading: "Left as it is", content: mentionsMarkup(part) },
      part && part.tasks.length > 0 && { id: "tasks", heading: "For a person to do", content: tasksMarkup(part.tasks) },
      { id: "waves", heading: "In this order", content: wavesMarkup(plan) },
      { id: "proof", heading: "Proof", content: proofMarkup(plan) },
    ],
    foot: html`<p>
      ${told(`Plan ${id}; report made ${madeBy(made)}.`)} It proves nothing by itself: the plan's id names exactly these changes. Opening it
      asks nobody for anything.
    </p>`,
  });
}

function verdictMarkup(result: ReconcileResult): Html {
  const { tone, heading, line } = verdictOf(result);
  const { identified } = result.prepared;
  const isUnapproved = result.kind === "unapproved" || identified.plan.needs !== undefined;
  const isReady = result.kind === "declined" || result.kind === "unapproved";
  return html`<div class="verdict card ${tone}">
    <h2>${heading}</h2>
    <p>${told(line)}</p>
    ${isReady && html`<div class="run"><span>${isUnapproved ? "to approve it" : "to carry it out"}</span><code>${`belay ${isUnapproved ? "approve" : "apply"} ${shortId(identified.id)}`}</code></div>`}
    ${
      identified.plan.refusals.length > 0 &&
      html`<ul class="refusals">
        ${identified.plan.refusals.map(({ rule, message, remedy }) => html`<li><strong>${rule}</strong> ${told(message)}<br /><span class="dim">${told(remedy)}</span></li>`)}
      </ul>`
    }
  </div>`;
}

interface Verdict {
  readonly tone: Tone;
  readonly heading: string;
  readonly line: string;
}

function verdictOf(result: ReconcileResult): Verdict {
  switch (result.kind) {
    case "undecided":
      return { tone: "wait", heading: "? A person has to say what holds", line: "Nothing was written." };
    case "refused":
      return { tone: "bad", heading: "✖ Refused: nothing was written", line: "The way on stands with each reason." };
    case "unapproved":
      return { tone: "wait", heading: "● Waits for approval", line: "Nothing was written; the plan is kept." };
    case "declined":
      return { tone: "wait", heading: "● Planned, and not carried out", line: "Nothing was written; the plan is kept." };
    case "nothing-to-do":
      return { tone: "good", heading: "✔ Nothing to correct", line: "Every system that belay can write says the same." };
    case "carried": {
      const { carried } = result;
      if (carried.kind === "done")
        return {
          tone: "good",
          heading: "✔ Corrected everywhere, and seen",
          line: `${counted(carried.parts.length, "part")} landed: ${carried.parts.map(({ target, release }) => `${target}${release === undefined ? "" : ` as ${release}`}`).join(", ")}.`,
        };
      return {
        tone: "bad",
        heading: "✖ Stopped on the way",
        line: `At ${carried.at.target}, ${carried.at.wave}: ${carried.kind}. What stands already is what was decided.`,
      };
    }
  }
}

const questionsMarkup = (questions: readonly Question[]): Html =>
  html`<ul class="evidence card record">
    ${questions.map(
      ({ about, name, choices }) =>
        html`<li>
          <strong>${told(about === "survivor" ? `which of the ${name} stays` : name)}</strong>
          <ul>
            ${choices.map(({ answer, says }) => html`<li><code>${optionOf(about, name, answer)}</code> <span class="dim">${told(says.join("; "))}</span></li>`)}
          </ul>
        </li>`,
    )}
  </ul>`;

const decidedMarkup = ({ decisions, survivors }: RecordsPart): Html =>
  html`<div class="card scroll" tabindex="0" role="region" aria-label="What was decided">
      <table class="list stack">
        <thead>
          <tr>
            <th scope="col">field</th>
            <th scope="col">holds</th>
            <th scope="col">because</th>
          </tr>
        </thead>
        <tbody>
          ${decisions.map(
            ({ field, value, because }) =>
              html`<tr>
                <td><strong>${told(field)}</strong></td>
                <td>${told(showValue(value))}</td>
                <td data-h="because">${told(because)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${survivors.map(
      ({ system, keep, replace, how, loses, because }) =>
        html`<p class="record card">
          <strong>${told(system)}</strong>: <span class="mono">${told(keep)}</span> stays (${told(because)});
          <span class="mono">${told(replace.join(", "))}</span>
          ${how === "delete" ? "is deleted" : "becomes a redirect to it"}.
          ${loses.length > 0 && html`<br /><span class="state bad">Lost with it: ${told(loses.join(", "))}</span>`}
        </p>`,
    )}`;

/** Object by object, each text as it stood and as it stands then. */
function changesMarkup({ edits, survivors }: RecordsPart, { waves }: IdentifiedPlan["plan"]): Html {
  const steps = waves.flatMap((wave) => wave.steps.map((step) => ({ wave: wave.name, step })));
  return html`${steps.map(({ wave, step: { change, because } }) => {
    const own = edits.filter(({ at }) => at.store === change.at.store && at.key === change.at.key);
    return html`<article class="record card">
      <h3 class="mono">${told(change.at.key)}</h3>
      <p class="dim">${told(`${change.at.store} · ${wave}${own.length === 0 ? ` · ${because}` : ""}`)}</p>
      ${own.map(
        ({ field, where, before, after }) =>
          html`<div class="edit"><span>${told(`${field}, ${where}`)}</span><del>${told(before)}</del><ins>${told(after)}</ins></div>`,
      )}
      ${own.length === 0 && wholeMarkup(change, because, survivors)}
    </article>`;
  })}`;
}

/** A duplicate is replaced as a whole: what it had alone is what goes. */
function wholeMarkup(change: Change, because: string, survivors: RecordsPart["survivors"]): Html {
  const survivor = survivors.find(({ replace }) => replace.includes(change.at.key));
  const lost = survivor && survivor.loses.length > 0 ? `, with ${survivor.loses.join(", ")}` : "";
  const size = change.kind === "create" ? "nothing" : `the page as it was (${counted(change.prior.sizeBytes, "byte")})${lost}`;
  return html`<div class="edit">
    <span>the whole object</span><del>${told(size)}</del><ins>${told(change.kind === "delete" ? "nothing" : because)}</ins>
  </div>`;
}

const mentionsMarkup = ({ mentions }: RecordsPart): Html =>
  html`<ul class="evidence card record">
    ${mentions.map(
      ({ at, raw, where, verdict, why }) =>
        html`<li>
          ${verdict === "blocking" && html`<span class="state bad">! blocks: </span>`}<q>${told(raw)}</q> ${told(`${at.key}, ${where}`)}
          <span class="dim">${told(why)}</span>
        </li>`,
    )}
  </ul>`;

const tasksMarkup = (tasks: readonly ManualTask[]): Html =>
  html`${tasks.map(
    ({ id, system, changes, link, note, due }) =>
      html`<article class="record card">
        <h3>${told(system)} <span class="dim mono">${id}</span></h3>
        ${changes.map(({ field, from, to }) => html`<div class="edit"><span>${told(field)}</span><del>${told(from)}</del><ins>${told(showValue(to))}</ins></div>`)}
        ${note !== undefined && html`<p>${told(note)}</p>`} ${link !== undefined && html`<p class="mono">${told(link)}</p>`}
        ${due !== undefined && html`<p class="dim">by ${momentOf(due)}</p>`}
      </article>`,
  )}`;

const wavesMarkup = ({ waves }: IdentifiedPlan["plan"]): Html =>
  waves.length === 0
    ? html`<p>Nothing is written.</p>`
    : html`<ol class="moments">
        ${waves.map(
          ({ name, steps, purge }) =>
            html`<li>
              <strong>${name}</strong> ${told(steps.map(({ change }) => change.at.key).join(", "))}
              ${purge.length > 0 && html`<br /><span class="dim">purge ${told(purge.join(" "))}</span>`}
            </li>`,
        )}
      </ol>`;

const proofMarkup = (plan: IdentifiedPlan["plan"]): Html =>
  html`<dl class="proof card">
    ${proofFacts(plan).map(
      ([label, lines]) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${lines.map((line) => html`<p>${told(line)}</p>`)}</dd>
        </div>`,
    )}
  </dl>`;

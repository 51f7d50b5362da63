/** An audit as one page: each record's matrix with its evidence, what else was found, and who changed what when. */

import type { Actor } from "../../core/ledger/entry.ts";
import { unseenSystems, type Audit, type AuditedRecord } from "../../operations/records/audit.ts";
import type { RecordTimeline } from "../../operations/records/timeline.ts";
import { counted, shellWord } from "../cli/plain-text.ts";
import {
  cellValue,
  askedFields,
  findingWords,
  isGrave,
  isWrong,
  namesIn,
  placesOf,
  reasonOf,
  spokenRows,
  stateWords,
  wordOf,
  type Place,
} from "../cli/matrix-words.ts";
import { showValue } from "../../core/records/compare-values.ts";
import { isDoubtful } from "../../core/records/lay-matrix.ts";
import type { Cell, Finding, Row } from "../../core/records/matrix.ts";
import { differing, type AuditTally } from "../cli/render-audit.ts";
import { keepQuestions } from "../cli/render-evidence.ts";
import { optionOf } from "../cli/option-of.ts";
import { html, told, type Html } from "./html.ts";
import { momentsMarkup } from "./records-timeline-section.ts";
import { reportPage } from "./report-page.ts";
import { madeBy, momentOf, type Tone } from "./report-words.ts";

export interface AuditReportFacts {
  readonly found: Pick<Audit, "kind" | "systems" | "templates">;
  readonly counts: AuditTally;
  /** Those that are shown; a kind of thousands has more. */
  readonly kept: readonly { readonly record: AuditedRecord; readonly timeline?: RecordTimeline }[];
  readonly made: { readonly at: string; readonly by: Actor };
}

/** A whole HTML document: no script, no request, everything from outside escaped. */
export function renderAuditReport({ found, counts, kept, made }: AuditReportFacts): string {
  const differ = differing(counts);
  const [only] = kept;
  const name =
    counts.records === 1 && only ? `${found.kind} ${only.record.matrix.entity.id}` : `${found.kind}: ${counted(counts.records, "record")}`;
  const hidden = differ - kept.filter(({ record }) => !record.isConsistent).length;
  return reportPage({
    title: `Audit of ${name}`,
    head: html`<p class="over">belay report · audit</p>
      <h1>${told(name)}</h1>
      <p class="lead">What ${counted(found.systems.length, "system")} ${found.systems.length === 1 ? "says" : "say"}, side by side.</p>`,
    sections: [
      { id: "verdict", heading: "Verdict", isHeaded: true, content: verdictMarkup({ found, counts, kept, made }) },
      {
        id: "records",
        heading: kept.length === 1 ? "Who says what" : `Records (${kept.length})`,
        content: html`${kept.length === 0 && html`<p>Nothing to show: all of them agree.</p>`}${kept.map(({ record, timeline }) => recordMarkup(record, unseenSystems(found), timeline))}
        ${hidden > 0 && html`<p class="dim">${hidden} more that do not agree are not shown here: belay audit ${told(found.kind)} --json has all.</p>`}`,
      },
      { id: "systems", heading: "Systems", content: systemsMarkup(found) },
    ],
    foot: html`<p>${told(`Looked at ${momentOf(made.at)}; report made ${madeBy(made)}.`)} Opening it asks nobody for anything.</p>`,
  });
}

function headingOf(counts: AuditReportFacts["counts"]): string {
  const differ = differing(counts);
  if (differ > 0 && counts.records === 1) return "✖ The systems do not agree";
  if (differ > 0) return `✖ ${differ} of ${counted(counts.records, "record")} ${differ === 1 ? "does" : "do"} not agree`;
  return counts.doubtful > 0 ? `? ${counted(counts.doubtful, "record")} may be the same as another one` : "✔ Every system says the same";
}

function verdictMarkup({ found, counts, kept }: AuditReportFacts): Html {
  const [only] = kept;
  const id = counts.records === 1 && only ? shellWord(only.record.matrix.entity.id) : "ID";
  const differ = differing(counts);
  const failed = found.systems.filter(({ failure }) => failure);
  const tone: Tone = failed.length > 0 ? "wait" : differ > 0 ? "bad" : counts.doubtful > 0 ? "wait" : "good";
  const heading = failed.length > 0 ? `? ${counted(failed.length, "system")} could not be observed` : headingOf(counts);
  return html`<div class="verdict card ${tone}">
    <h2>${heading}</h2>
    ${failed.map(({ system, failure }) => html`<p>${told(`${system}: ${failure?.message ?? ""}`)}</p>`)}
    ${counts.undecided > 0 && html`<p>${counts.undecided} ${counts.undecided === 1 ? "waits" : "wait"} for a person's decision: nothing is guessed.</p>`}
    ${differ > 0 && counts.doubtful > 0 && html`<p>${counts.doubtful} more may be the same as another one.</p>`}
    ${differ > 0 && html`<div class="run"><span>to decide and correct</span><code>${`belay reconcile ${shellWord(found.kind)} ${id}`}</code></div>`}
  </div>`;
}

function recordMarkup(record: AuditedRecord, unseen: readonly string[], timeline: RecordTimeline | undefined): Html {
  const { matrix, isConsistent } = record;
  const mark = isConsistent ? (isDoubtful(matrix) || unseen.length > 0 ? "? " : "✔ ") : "✖ ";
  const places = placesOf(matrix.entity);
  const rows = spokenRows(matrix);
  return html`<article class="record card">
    <h3>${mark}${told(`${matrix.kind} ${matrix.entity.id}`)}</h3>
    <div class="scroll" tabindex="0" role="region" aria-label="${`What each system says of ${matrix.entity.id}`}">
      ${matrixMarkup(rows, places, record)}
    </div>
    ${placesMarkup(places)}${evidenceMarkup(rows, places, record)}${findingsMarkup(matrix.findings, places)}${questionsMarkup(record)}
    ${
      timeline &&
      html`<h4>Who changed what, when</h4>
        ${momentsMarkup(timeline, places)}`
    }
  </article>`;
}

function matrixMarkup(rows: readonly Row[], places: readonly Place[], { decided }: AuditedRecord): Html {
  const asked = askedFields(decided);
  return html`<table class="matrix">
    <thead>
      <tr>
        <th scope="col">field</th>
        <th scope="col">holds</th>
        ${places.map(({ name }) => html`<th scope="col">${told(name)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            <th scope="row">${told(row.field)}</th>
            <td>
              <span class="v">${row.value ? told(showValue(row.value)) : "?"}</span>
              <span class="w dim">${told(row.because ?? stateWords[row.state])}</span>
            </td>
            ${places.map(({ sighting }) =>
              cellMarkup(
                row.cells.find((cell) => cell.sighting === sighting.id),
                row,
                asked,
              ),
            )}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function cellMarkup(cell: Cell | undefined, row: Row, asked: ReadonlySet<string>): Html {
  if (!cell) return html`<td></td>`;
  const { sign, word, tone } = wordOf(cell, row, asked);
  return html`<td class="${tone}"><span class="v">${told(cellValue(cell, undefined))}</span><span class="w">${sign} ${word}</span></td>`;
}

const placesMarkup = (places: readonly Place[]): Html =>
  html`<h4>Where</h4>
    <ul class="evidence">
      ${places.map(
        ({ name, object, sighting }) =>
          html`<li>
            <strong>${told(name)}</strong> <span class="mono">${told(object)}</span>
            <span class="dim"
              >${told(`${sighting.changedAt === undefined ? "last change unknown" : `changed ${momentOf(sighting.changedAt)}`} by ${sighting.by ?? "unknown"}`)}</span
            >
          </li>`,
      )}
    </ul>`;

const claimsShownMax = 8;

function evidenceMarkup(rows: readonly Row[], places: readonly Place[], { decided }: AuditedRecord): Html | undefined {
  const asked = askedFields(decided);
  // What only follows from an open field is decided with it.
  const items = rows
    .filter(({ state, field }) => state !== "open" || asked.has(field))
    .flatMap((row) =>
      row.cells.filter(isWrong).map((cell) => {
        const name = places.find(({ sighting }) => sighting.id === cell.sighting)?.name ?? cell.sighting;
        const more = cell.claims.length - claimsShownMax;
        return html`<li>
          <strong>${told(row.field)}</strong>, ${told(name)} <span class="dim">(${wordOf(cell, row, asked).word})</span>
          <ul>
            ${cell.claims
              .slice(0, claimsShownMax)
              .map(
                (claim) =>
                  html`<li><q>${told(claim.raw)}</q> ${told(claim.place.label)} <span class="dim">${told(reasonOf(claim))}</span></li>`,
              )}
            ${more > 0 && html`<li class="dim">and ${more} more</li>`}
          </ul>
        </li>`;
      }),
    );
  return items.length === 0
    ? undefined
    : html`<h4>As it stands there</h4>
        <ul class="evidence">
          ${items}
        </ul>`;
}

function findingsMarkup(findings: readonly Finding[], places: readonly Place[]): Html | undefined {
  if (findings.length === 0) return undefined;
  return html`<h4>Also found</h4>
    <ul class="evidence">
      ${findings.map(
        (finding) =>
          html`<li>
            ${isGrave(finding) ? "! " : "· "}<strong>${findingWords[finding.code]}</strong>:
            ${told([...new Set(namesIn(finding.about, places))].join(", "))}
            ${finding.message.split("\n").map((line) => html`<br /><span class="dim">${told(line)}</span>`)}
          </li>`,
      )}
    </ul>`;
}

function questionsMarkup({ matrix, decided }: AuditedRecord): Html | undefined {
  const options = [
    ...decided.questions.flatMap(({ about, name, choices }) =>
      choices.map(({ answer, says }) => ({ option: optionOf(about, name, answer), says: says.join(", ") })),
    ),
    ...keepQuestions(matrix).flatMap((question) => question.options),
  ];
  if (options.length === 0) return undefined;
  return html`<h4>What a person has to say</h4>
    <ul class="evidence">
      ${options.map(({ option, says }) => html`<li><code>${option}</code> <span class="dim">${told(says)}</span></li>`)}
    </ul>`;
}

function systemsMarkup({ systems, templates }: Pick<Audit, "systems" | "templates">): Html {
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="Systems">
      <table class="list stack">
        <thead>
          <tr>
            <th scope="col">system</th>
            <th scope="col">objects</th>
            <th scope="col">read now</th>
            <th scope="col">not readable</th>
          </tr>
        </thead>
        <tbody>
          ${systems.map(
            ({ system, objects, read, unreadable, failure }) =>
              html`<tr>
                <td>${told(system)}</td>
                <td data-h="objects" class="num">${failure ? "" : objects}</td>
                <td data-h="read now" class="num">${failure ? "" : read}</td>
                <td data-h="not readable">
                  ${
                    failure
                      ? told(failure.message)
                      : told(
                          unreadable
                            .slice(0, claimsShownMax)
                            .map(({ key, why }) => `${key}: ${why}`)
                            .join("; "),
                        )
                  }
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${templates.length > 0 && html`<p class="dim">${counted(templates.length, "template")} left alone: ${told(templates.slice(0, claimsShownMax).join(", "))}${templates.length > claimsShownMax && " and more"}</p>`}`;
}

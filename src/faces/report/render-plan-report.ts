/** A plan as one page that a person can look at instead of reading a diff. */

import { redact } from "../../core/notice/redact.ts";
import type { FileReport, ReportFacts, VerificationReport } from "../../operations/report/report-facts.ts";
import { counted } from "../cli/plain-text.ts";
import { fileSection, kindTag, linesMarkup } from "./file-section.ts";
import { html, told, type Html } from "./html.ts";
import { reportPage } from "./report-page.ts";
import { intentOf, madeBy, momentOf, outcomeWords, outlineOf, proofFacts, sizesOf, verdictOf, type Verdict } from "./report-words.ts";
import { looksMarkup, verifiedFiles, verifiedTokens } from "./verification-section.ts";

/** Of the markup of all files together: with pictures and the list a report stays below 8 MB. */
const detailCharsMax = 2_500_000;
const listedMax = 2_000;
/** So many files stand open at first. */
const openMax = 5;

/** A whole HTML document: no script, no request, everything from outside escaped. */
export function renderPlanReport(facts: ReportFacts): string {
  const { identified, files, stage, made } = facts;
  const { id, plan } = identified;
  const sections = sectionsOf(files);
  const looks = stage?.verification.looks ?? [];
  return reportPage({
    title: `${intentOf(plan)}: ${plan.title}`,
    head: html`<p class="over">belay report · ${told(plan.site === "default" ? intentOf(plan) : `${plan.site} · ${intentOf(plan)}`)}</p>
      <h1>${told(plan.title)}</h1>
      <p class="lead">${told(outlineOf(facts))}</p>`,
    sections: [
      { id: "verdict", heading: "Verdict", isHeaded: true, content: verdictMarkup(facts) },
      { id: "facts", heading: "What and who", content: factsMarkup(facts) },
      { id: "proof", heading: "Proof", content: proofMarkup(facts) },
      files.length > 0 && { id: "files", heading: `Files (${files.length})`, content: filesMarkup(files, sections) },
      stage && { id: "stage", heading: `Seen on ${stage.verification.target}`, content: stageMarkup(stage) },
      stage && looks.length > 0 && { id: "looks", heading: "As a browser shows it", content: looksMarkup(stage) },
    ],
    foot: html`<p>
      Made ${told(madeBy(made))}. Plan <code>${id}</code>. The report shows this plan and no other: another plan has another id. It was made
      without asking any server for anything, and opening it asks nobody either.
    </p>`,
  });
}

function verdictMarkup(facts: ReportFacts): Html {
  const verdict = verdictOf(facts);
  const { plan } = facts.identified;
  return html`<div class="verdict card ${verdict.tone}">
    <h2>${verdict.heading}</h2>
    ${verdict.lines.map((line) => html`<p>${told(line)}</p>`)}
    ${
      plan.refusals.length > 0 &&
      html`<ol class="refusals">
        ${plan.refusals.map(refusalMarkup)}
      </ol>`
    }
    ${commandsMarkup(verdict.commands)}
  </div>`;
}

const commandsMarkup = (commands: Verdict["commands"]): Html =>
  html`${commands.map(({ say, command }) => html`<div class="run"><span>${say}</span><code>${told(command)}</code></div>`)}`;

const refusedPathsMax = 20;

function refusalMarkup({ rule, message, paths, remedy }: ReportFacts["identified"]["plan"]["refusals"][number]): Html {
  const more = paths.length - refusedPathsMax;
  const named = paths.slice(0, refusedPathsMax).map((path, at) => html`${at > 0 && ", "}<span class="mono">${told(path)}</span>`);
  return html`<li>
    <p><strong>${rule}</strong> ${told(message)}</p>
    ${paths.length > 0 && html`<p>${named}${more > 0 && ` and ${more} more`}</p>`}${commandsMarkup([{ say: "the way on", command: remedy }])}
  </li> `;
}

const fact = (label: string, value: Html | string | undefined | false, isWide = false): Html | false =>
  value !== undefined &&
  value !== false &&
  html`<div class="${isWide && "wide"}">
    <dt>${label}</dt>
    <dd>${value}</dd>
  </div>`;

function factsMarkup({ identified: { id, plan }, target, made, approvals }: ReportFacts): Html {
  const { needs, basis, changes = [], merges = [] } = plan;
  const purges = plan.waves.flatMap((wave) => wave.purge);
  return html`<dl class="facts card">
    ${fact("target", html`${told(plan.target)}${target.url !== undefined && html`<br /><span class="mono">${told(target.url)}</span>`}`)}
    ${fact("store", html`<span class="mono">${told(plan.store)}</span>`)} ${fact("report made", told(madeBy(made)))}
    ${fact("approvals", needs ? `${approvals.length} of ${needs.count} given` : "none needed")}
    ${fact("made on", basis ? html`entry ${basis.seq} of the record` : "an empty record")}
    ${fact("purged at the CDN", purges.length > 0 && purgeMarkup(purges))} ${fact("plan", html`<code>${id}</code>`, true)}
    ${fact("policy", html`<code>${plan.policy}</code>`, true)}
    ${
      changes.length > 0 &&
      fact(
        "takes along",
        html`<ul>
          ${changes.map((change) => html`<li>${told(`${change.id}  ${change.title}`)} <span class="dim">by ${told(change.by)}${change.commit !== undefined && html`, commit <code>${redact(change.commit).slice(0, commitDigits)}</code>`}</span></li>`)}
        </ul>`,
        true,
      )
    }
    ${merges.length > 0 && fact("merges that nobody watched, and that an approval covers", told(merges.join(", ")), true)}
    ${
      approvals.length > 0 &&
      fact(
        "approved",
        html`<ul>
          ${approvals.map(
            ({ signer, key, expires }) =>
              html`<li>
                ${told(signer)} <span class="dim">with <code>${told(key)}</code>, until ${momentOf(expires)}</span>
              </li>`,
          )}
        </ul>`,
        true,
      )
    }
  </dl>`;
}

const commitDigits = 12;
const purgesShownMax = 6;

const purgeMarkup = (purges: readonly string[]): Html =>
  html`<span class="mono">${told(purges.slice(0, purgesShownMax).join(" "))}</span
    >${purges.length > purgesShownMax && ` and ${purges.length - purgesShownMax} more`}`;

const proofMarkup = ({ identified: { plan } }: ReportFacts): Html =>
  html`<dl class="proof card">
    ${proofFacts(plan).map(
      ([label, lines]) =>
        html`<div>
          <dt>${label}</dt>
          <dd class="${label === "local" || label === "live" ? "mono" : ""}">
            ${
              lines.length > 1
                ? html`<ul>
                    ${lines.map((line) => html`<li>${told(line)}</li>`)}
                  </ul>`
                : told(lines[0] ?? "")
            }
          </dd>
        </div>`,
    )}
  </dl>`;

/** The sections that find room, by path. */
function sectionsOf(files: readonly FileReport[]): ReadonlyMap<string, { readonly id: string; readonly markup: Html }> {
  const sections = new Map<string, { readonly id: string; readonly markup: Html }>();
  let room = detailCharsMax;
  for (const file of files) {
    if (file.detail === undefined) continue;
    const id = `file-${sections.size + 1}`;
    const markup = fileSection({ file, id, isOpen: sections.size < openMax });
    const pictures = file.detail.kind === "pictures";
    if (!pictures && markup.markup.length > room) continue;
    if (!pictures) room -= markup.markup.length;
    sections.set(file.path, { id, markup });
  }
  return sections;
}

function filesMarkup(files: readonly FileReport[], sections: ReturnType<typeof sectionsOf>): Html {
  const listed = files.slice(0, listedMax);
  const more = files.length - listed.length;
  const onlyListed = files.length - sections.size;
  const rows = listed.map((file) => {
    const id = sections.get(file.path)?.id;
    const path = html`<span class="mono">${told(file.path)}</span>`;
    return html`<tr>
      <td class="tight">${kindTag(file)}</td>
      <td>${id === undefined ? path : html`<a href="#${id}">${path}</a>`}</td>
      <td data-h="because">${told(file.because)}</td>
      <td class="num">${linesMarkup(file)}</td>
      <td class="num">${sizesOf(file)}</td>
    </tr> `;
  });
  return html`<div class="card scroll" role="region" aria-label="Files of the plan" tabindex="0">
      <table class="list stack">
        <thead>
          <tr>
            <th scope="col">what</th>
            <th scope="col">file</th>
            <th scope="col">because</th>
            <th scope="col" class="num">lines</th>
            <th scope="col" class="num">size</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    ${more > 0 && html`<p class="dim">… and ${counted(more, "more file")}, by folder: ${told(foldersOf(files.slice(listedMax)))}.</p>`}
    ${onlyListed > 0 && html`<p class="dim">${counted(sections.size, "file")} shown in full below, ${onlyListed} only listed. <code>belay diff</code> shows all.</p>`}
    ${[...sections.values()].map(({ markup }) => markup)}`;
}

const foldersMax = 40;

function foldersOf(files: readonly FileReport[]): string {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    const folder = path.includes("/") ? `${path.slice(0, path.indexOf("/"))}/` : "at the top";
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const sorted = [...counts].toSorted(([, one], [, other]) => other - one);
  const more = sorted.length - foldersMax;
  return [
    ...sorted.slice(0, foldersMax).map(([folder, count]) => `${folder} ${count}`),
    ...(more > 0 ? [`${more} more folders`] : []),
  ].join(", ");
}

function stageMarkup({ verification }: VerificationReport): Html {
  const { tone, word } = outcomeWords[verification.outcome];
  return html`<p>Looked at ${momentOf(verification.at)}: <span class="state ${tone}">${word}</span></p>
    ${verifiedFiles(verification)}${verifiedTokens(verification)}`;
}

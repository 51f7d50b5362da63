/** What visitors were found to get: a table of files, the tokens, and pages as a browser showed them. */

import type { BrowserLook, Verification, VerifiedFile } from "../../core/verify/verification.ts";
import type { VerificationReport } from "../../operations/report/report-facts.ts";
import { counted } from "../cli/plain-text.ts";
import { stateWord } from "../cli/render-proof.ts";
import { pictureMarkup } from "./file-section.ts";
import { html, told, type Html } from "./html.ts";
import { momentOf, outcomeWords } from "./report-words.ts";

const filesShownMax = 1_000;
const problemsShownMax = 20;
const ranks = { bad: 0, unknown: 1, good: 2 } as const;

/** Table of what was fetched, the worst first. */
export function verifiedFiles({ files }: Verification): Html {
  const sorted = files.toSorted((one, other) => ranks[one.outcome] - ranks[other.outcome]);
  const shown = sorted.slice(0, filesShownMax);
  const more = sorted.length - shown.length;
  return html`<div class="card scroll" role="region" aria-label="What visitors get, by file" tabindex="0">
      <table class="list stack">
        <thead>
          <tr>
            <th scope="col">file</th>
            <th scope="col">verdict</th>
            <th scope="col">status</th>
            <th scope="col">bytes</th>
            <th scope="col">content type</th>
            <th scope="col">cache control</th>
            <th scope="col">cache</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map(fileRow)}
        </tbody>
      </table>
    </div>
    ${more > 0 && html`<p class="dim">… and ${counted(more, "further file")}, all of which ${sorted[filesShownMax]?.outcome === "good" ? "are as they should be" : "stand in the record"}.</p>`}`;
}

function fileRow({ path, url, outcome, digest, got, problems }: VerifiedFile): Html {
  const { tone, word } = outcomeWords[outcome];
  const bytes = got === undefined ? "not seen" : digest === undefined ? "should be gone" : got.digest === digest ? "exact" : "other bytes";
  return html`<tr>
    <td>
      <span class="mono">${told(path)}</span>${url !== undefined && html`<div class="dim">${told(url)}</div>`}${problemList(problems)}
    </td>
    <td class="tight"><span class="state ${tone}">${word}</span></td>
    <td data-h="status">${got?.status ?? "–"}</td>
    <td data-h="bytes">${bytes}</td>
    <td data-h="content type">${told(got?.contentType ?? "–")}</td>
    <td data-h="cache control">${told(got?.cacheControl ?? "–")}</td>
    <td data-h="cache">${got?.cache ?? "–"}</td>
  </tr> `;
}

function problemList(problems: readonly string[]): Html | undefined {
  if (problems.length === 0) return undefined;
  const more = problems.length - problemsShownMax;
  return html`<ul>
    ${problems.slice(0, problemsShownMax).map((problem) => html`<li>${told(problem)}</li>`)}${more > 0 && html`<li>… and ${more} more</li>`}
  </ul>`;
}

/** Feature tokens in what visitors get. */
export function verifiedTokens({ tokens }: Verification): Html | undefined {
  if (tokens.length === 0) return undefined;
  const rows = tokens.map(
    ({ name, path, state }) =>
      html`<tr>
        <td class="mono">${told(name)}</td>
        <td class="mono">${told(path)}</td>
        <td class="tight">
          <span class="state ${state === "ok" ? "good" : "bad"}">${state === "ok" ? "✔ " : "✖ "}${stateWord[state]}</span>
        </td>
      </tr>`,
  );
  return html`<h3>Feature tokens</h3>
    <div class="card scroll">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">token</th>
            <th scope="col">file</th>
            <th scope="col">live</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
}

/** Pages as a browser showed them; a picture opens in full where it stands. */
export function looksMarkup({ verification, pictures, picturesLeftOut }: VerificationReport): Html {
  const looks = verification.looks ?? [];
  const left =
    picturesLeftOut > 0 && html`<p class="dim">${counted(picturesLeftOut, "picture")} left out: no room, or not kept any more.</p>`;
  return html`${looks.map((look) => lookMarkup(look, pictures))}${left}`;
}

function lookMarkup(
  { path, url, widthPx, before, beforeFrom, screenshot, title, problems }: BrowserLook,
  pictures: VerificationReport["pictures"],
): Html {
  const shot = (digest: typeof before, when: string): Html => {
    const picture = digest && pictures.get(digest);
    const caption = html`<figcaption>${when}${!picture && ": no picture"}</figcaption>`;
    return picture
      ? html`<details class="shot">
          <summary>${caption}<span class="hidden">Show in full size.</span>${pictureMarkup(picture, `${path}, ${when}`)}</summary>
        </details>`
      : html`<div>${caption}</div>`;
  };
  return html`<article class="look card">
    <h3 class="mono">${told(path)}</h3>
    <p class="dim">${told(title ?? "")} ${told(url)}, ${widthPx} px wide</p>
    ${problems.length > 0 ? problemList(problems) : html`<p class="state good">✔ no errors seen</p>`}
    <div class="pair">
      ${before !== undefined && shot(before, beforeFrom === undefined ? "before" : `before: ${momentOf(beforeFrom)}`)}${shot(screenshot, before === undefined ? "as a browser shows it" : "now")}
    </div>
  </article>`;
}

/** One file of a plan: why, what visitors lose and gain, its headers, its bytes before and after. */

import type { PageLoss, Term } from "../../core/page-terms.ts";
import type { FileReport, Picture } from "../../operations/report/report-facts.ts";
import { diffTable } from "./diff-table.ts";
import { html, Html, told, toldPlainly } from "./html.ts";
import { hasLoss, headerDifferences, kindWords, sizesOf, sizeText, termText } from "./report-words.ts";

export const kindTag = ({ kind }: Pick<FileReport, "kind">): Html => html`<span class="tag ${kind}">${kindWords[kind]}</span>`;

/** `+3 −1`, in words for whoever listens. */
export function linesMarkup({ detail }: FileReport): Html | undefined {
  if (detail?.kind !== "text") return undefined;
  const { added, removed } = detail.diff;
  return html`<span class="count"
    ><span class="plus">+${added}</span> <span class="minus">−${removed}</span><span class="hidden"> lines</span></span
  >`;
}

export interface FileSection {
  readonly file: FileReport;
  readonly id: string;
  readonly isOpen: boolean;
}

export function fileSection({ file, id, isOpen }: FileSection): Html {
  const { path, because, detail, from, before, after } = file;
  const sizes = sizesOf(file);
  return html`<details class="file card" id="${id}" ${isOpen && new Html(" open")}>
    <summary>${kindTag(file)}<span class="path mono">${told(path)}</span><span class="meta">${linesMarkup(file)} ${sizes}</span></summary>
    <div class="inside">
      <p><span class="dim">because</span> ${told(because)}</p>
      ${from && html`<p><span class="dim">taken from</span> <span class="mono">${told(`${from.store} ${from.key}`)}</span></p>`}
      ${headersMarkup(file)} ${detail?.kind === "text" && detail.loss && termsMarkup(detail.loss, file.kind)} ${detailMarkup(file)}
      ${(detail?.kind ?? "none") !== "text" && digestsMarkup(before?.digest, after?.digest)}
    </div>
  </details> `;
}

function detailMarkup({ detail, kind, path }: FileReport): Html {
  if (!detail) return html`<p class="dim">Its content is not shown: the report holds that of other files.</p>`;
  if (detail.kind === "none") return html`<p class="dim">Its content is not shown: ${detail.why}.</p>`;
  if (detail.kind === "pictures") return picturesMarkup(detail, path);
  if (detail.diff.parts.length === 0) return html`<p class="dim">Not a byte of it changes.</p>`;
  return diffTable(detail.diff, kind);
}

const digestsMarkup = (before: string | undefined, after: string | undefined): Html =>
  html`${before !== undefined && html`<p><span class="dim">now</span> <code>${before}</code></p>`}${
    after !== undefined && html`<p><span class="dim">then</span> <code>${after}</code></p>`
  }`;

const termsShownMax = 24;

function termsMarkup(loss: PageLoss, kind: FileReport["kind"]): Html | undefined {
  if (!hasLoss(loss))
    return kind === "replace"
      ? html`<p class="dim">Visitors would notice nothing that has a name: no heading, link, form, image or text comes or goes.</p>`
      : undefined;
  const { vanishes, returns, appears, tokens } = loss;
  const lose =
    vanishes.length + tokens.length > 0 &&
    html`<section class="lose" aria-label="Visitors would lose">
      <h3>− Visitors would lose</h3>
      ${termList(vanishes)}${tokens.length > 0 && html`<p><strong>feature tokens lost:</strong> ${told(tokens.join(", "))}</p>`}
    </section>`;
  const back =
    returns.length > 0 &&
    html`<section class="lose" aria-label="Would come back">
      <h3>↺ Would come back after it was taken off</h3>
      ${termList(returns)}
    </section>`;
  const gain =
    appears.length > 0 &&
    html`<section class="gain" aria-label="Visitors would gain">
      <h3>+ Visitors would gain</h3>
      ${termList(appears)}
    </section>`;
  return html`<div class="terms">${lose}${back}${gain}</div>`;
}

function termList(terms: readonly (Term & { readonly removedBy?: string })[]): Html {
  const shown = terms.slice(0, termsShownMax);
  const more = terms.length - shown.length;
  const items = shown.map((term, at) => {
    const kind = shown[at - 1]?.kind === term.kind ? html`<span class="hidden">${term.kind}</span>` : term.kind;
    const by = term.removedBy !== undefined && html` <span class="dim">(taken off by ${told(term.removedBy)})</span>`;
    return html`<li><span>${kind}</span><span>${told(termText(term))}${by}</span></li>`;
  });
  return html`<ul>
      ${items}
    </ul>
    ${more > 0 && html`<p class="dim">… and ${more} more</p>`}`;
}

const headerValue = (text: string | undefined): Html =>
  text === undefined ? html`<span class="dim">not set</span>` : html`<span class="mono">${told(text)}</span>`;

function headersMarkup(file: FileReport): Html | undefined {
  const rows = headerDifferences(file);
  if (rows.length === 0) return undefined;
  if (file.kind === "create") {
    return html`<p>
      <span class="dim">headers</span>
      ${rows.map(({ name, after = "" }, at) => html`${at > 0 && ", "}<span class="mono">${told(`${name}: ${after}`)}</span>`)}
    </p>`;
  }
  return html`<h3>Headers that change</h3>
    <div class="scroll">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">header</th>
            <th scope="col">now</th>
            <th scope="col">then</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ name, before, after }) =>
              html`<tr>
                <td class="mono">${told(name)}</td>
                <td>${headerValue(before)}</td>
                <td>${headerValue(after)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function picturesMarkup({ before, after }: { readonly before?: Picture; readonly after?: Picture }, path: string): Html {
  const side = (picture: Picture | undefined, when: string): Html =>
    picture === undefined
      ? html`<figure><figcaption>${when}: nothing</figcaption></figure>`
      : html`<figure>
          <figcaption>${when}, ${sizeText(picture.bytes.byteLength)}</figcaption>
          ${pictureMarkup(picture, `${path}, ${when}`)}
        </figure>`;
  return html`<div class="pair">${side(before, "now live")}${side(after, "as planned")}</div>`;
}

/** As a data address: nothing is fetched. */
export const pictureMarkup = ({ type, bytes }: Picture, words: string): Html =>
  html`<img alt="${toldPlainly(words)}" src="data:${type};base64,${new Html(Buffer.from(bytes).toString("base64"))}" />`;

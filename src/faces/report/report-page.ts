/** The frame of every report: one file that asks nobody for anything. */

import { createHash } from "node:crypto";
import { html, Html, toldPlainly } from "./html.ts";
import { reportStyle } from "./report-style.ts";

/** Stands in every report's head: a file with it may be replaced by a newer report. */
export const reportMark = '<meta name="generator" content="belay report">';

export interface ReportPage {
  readonly title: string;
  /** In the order of the page. */
  readonly sections: readonly (PageSection | undefined | false)[];
  readonly head: Html;
  readonly foot: Html;
}

export interface PageSection {
  /** A name that is fit for an address. */
  readonly id: string;
  readonly heading: string;
  /** Its own heading stands in the content where this is set. */
  readonly isHeaded?: boolean;
  readonly content: Html;
}

// Written as it is hashed: not a space may be added.
const styleElement = new Html(`<style>${reportStyle}</style>`);
const styleHash = createHash("sha256").update(reportStyle).digest("base64");

// No script, no request, no form, and a base element of nobody moves the links within the page.
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; base-uri 'none'; form-action 'none'`;

/** A whole HTML document. Its style sheet is allowed by its hash, so that nothing that slipped in could ever be one. */
export function reportPage({ title, sections, head, foot }: ReportPage): string {
  const shown = sections.filter((section) => section !== undefined && section !== false);
  const body = html`<a class="skip" href="#main">Skip to the report</a>
    <div class="wrap">
      <header>${head}</header>
      <nav aria-label="In this report">
        <ul>
          ${shown.map(({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>`)}
        </ul>
      </nav>
      <main id="main" tabindex="-1">${shown.map(sectionMarkup)}</main>
      <footer>${foot}</footer>
    </div>`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${new Html(policy)}" />
        ${new Html(reportMark)}
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="color-scheme" content="light dark" />
        <title>${toldPlainly(title)}</title>
        ${styleElement}
      </head>
      <body>
        ${body}
      </body>
    </html> `;
  return page.markup;
}

const sectionMarkup = ({ id, heading, isHeaded, content }: PageSection): Html =>
  isHeaded === true
    ? html`<section id="${id}" aria-label="${heading}">${content}</section>`
    : html`<section id="${id}" aria-labelledby="${id}-h">
        <h2 id="${id}-h">${heading}</h2>
        ${content}
      </section>`;

import { deedOf, whoOf } from "../cli/render-timeline.ts";
import type { RecordTimeline } from "../../operations/records/timeline.ts";
import type { Place } from "../cli/matrix-words.ts";
import { html, told, type Html } from "./html.ts";
import { momentOf } from "./report-words.ts";

/** Who changed what, oldest first, with what contradicts it; names with a question mark are claimed. */
export const momentsMarkup = ({ moments, gaps }: RecordTimeline, places: readonly Place[]): Html =>
  html`<ol class="moments">
      ${moments.map((moment) => {
        const place = places.find(({ sighting }) => sighting.id === moment.sighting)?.name ?? moment.system ?? "record";
        return html`<li class="${moment.contradictions.length > 0 ? "bad" : ""}">
          <strong>${momentOf(moment.at)}</strong> ${told(place)}, ${told(whoOf(moment.by))}<br />${told(deedOf(moment))}
          ${moment.contradictions.map((one) => html`<br /><span class="against">! ${told(one)}</span>`)}
        </li>`;
      })}
    </ol>
    ${gaps.map((gap) => html`<p class="dim">? ${told(gap)}</p>`)}
    <p class="dim">A name with ? is claimed, by whatever names it, and not proven.</p>`;

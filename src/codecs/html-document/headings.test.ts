import { expect, test } from "vitest";
import { openHtmlCodec } from "./html-codec.ts";

const codec = openHtmlCodec({ gunzip: () => undefined, gzip: (bytes) => bytes });

/** Texts of a page that something heads, each with what does. */
function headed(page: string): readonly (readonly [string, ...string[]])[] {
  const read = codec.read(new TextEncoder().encode(page), {});
  const segments = read.kind === "document" ? read.document.segments : [];
  return segments.flatMap(({ text, heads }) => (heads ? [[text.trim(), ...heads] as const] : []));
}

test("a cell is headed by its row and by its column, a description by its term, and a text by the label before it", () => {
  expect(headed("<table><tr><th>High&nbsp;tide</th><td>4:30 PM</td></tr><tr><td>Marée basse<td>22:10</table>")).toEqual([
    ["4:30 PM", "High\u{a0}tide"],
    ["22:10", "Marée basse"],
  ]);
  const page = "<table><thead><tr><th>Day</th><th>Low water</th></tr></thead><tr><td>May 30</td><td>4:30 PM</td></tr></table>";
  expect(headed(page)).toEqual([
    ["May 30", "Day"],
    ["4:30 PM", "Low water", "May 30"],
  ]);
  expect(headed("<dl><dt>Sunset</dt><dd>7:30 PM</dd></dl><dl><dd>5 PM</dd></dl>")).toEqual([["7:30 PM", "Sunset"]]);
  expect(headed("<label>Sunset</label><p>7:30 PM</p><p>8 PM</p>")).toEqual([["7:30 PM", "Sunset"]]);
});

test("no other table's, row's or list's heads are a text's own", () => {
  expect(headed("<table><tr><th>High tide</th></tr></table><table><tr><td>a</td><td>4:30 PM</td></tr></table>")).toEqual([
    ["4:30 PM", "a"],
  ]);
  expect(headed("<table><tr><th>High tide</th></tr></table><p>4:30 PM</p>")).toEqual([]);
});

test("the heads of an empty cell are not those of the cell before it", () => {
  const table = "<table><tr><th>Start</th><th>High tide</th></tr><tr><td>4:30 PM</td><td>&nbsp;</td></tr></table>";
  expect(headed(table)).toEqual([["4:30 PM", "Start"]]);
});

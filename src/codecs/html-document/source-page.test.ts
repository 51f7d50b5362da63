import { expect, test } from "vitest";
import { utf8, type Charset } from "./charset.ts";
import { asText } from "./escapes.ts";
import { HtmlSegment } from "./html-segment.ts";

test("every span of a long text is found without reading the text again", () => {
  let reads = 0;
  const counting: Charset = {
    ...utf8,
    read(bytes, at, end) {
      reads += 1;
      return utf8.read(bytes, at, end);
    },
  };
  const text = "4:30–é😀".repeat(3000);
  const bytes = new TextEncoder().encode(text);
  const view = utf8.view(bytes);
  const place = { medium: "text", name: "", label: "text", part: "" } as const;
  const segment = new HtmlSegment({ bytes, charset: counting, view }, [{ start: 0, end: view.length }], place, asText);
  const unit = "4:30–é😀".length;
  const bytesOfUnit = new TextEncoder().encode("4:30–é😀").length;
  for (let at = 0; at < 3000; at += 1) {
    const from = at * bytesOfUnit;
    expect(segment.spans(at * unit, at * unit + 4)).toEqual([{ start: from, end: from + 4 }]);
    expect(segment.spans(at * unit + 4, at * unit + 6)).toEqual([{ start: from + 4, end: from + 9 }]);
    expect(segment.spans(at * unit + 7, at * unit + 8)).toEqual([]);
    expect(segment.spans(at * unit + 6, at * unit + 6)).toEqual([{ start: from + 9, end: from + 9 }]);
  }
  expect(reads).toBeLessThanOrEqual(text.length);
});

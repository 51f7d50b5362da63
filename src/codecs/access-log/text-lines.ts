/** The text of a log, a line at a time: never held as a whole. */

/** A line of an access log is far shorter; what is longer is no line. */
export const lineCharsMax: number = 64 * 1024;

export async function* texts(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

export interface Beginning {
  /** Up to the first character that is no white space, at least. */
  readonly start: string;
  /** The whole text, the start included. */
  readonly rest: AsyncIterable<string>;
}

export async function beginning(text: AsyncGenerator<string, void, undefined>): Promise<Beginning> {
  let start = "";
  while (start.trim() === "") {
    const next = await text.next();
    if (next.done === true) break;
    start = next.value;
  }
  const rest = async function* (): AsyncGenerator<string, void, undefined> {
    yield start;
    yield* text;
  };
  return { start, rest: rest() };
}

/** A line that grows beyond all bounds is cut, so that it can be told as broken. */
export async function* lines(chunks: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let line = "";
  for await (const chunk of chunks) {
    const parts = chunk.split("\n");
    for (const [index, part] of parts.entries()) {
      if (line.length <= lineCharsMax) line += part.slice(0, lineCharsMax + 1);
      if (index === parts.length - 1) continue;
      yield line;
      line = "";
    }
  }
  yield line;
}

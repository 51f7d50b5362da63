/** A stream that keeps what is written to it, as text. */

import { Writable } from "node:stream";

export interface TextSink {
  readonly out: Writable;
  readonly text: () => string;
}

export function textSink(): TextSink {
  let text = "";
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString("utf8");
      done();
    },
  });
  return { out, text: () => text };
}

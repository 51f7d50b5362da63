import type { WireAnswer } from "./wire.ts";

/** The whole body in memory. For answers whose size the service bounds; throws what the body throws. */
export async function answerBytes(answer: WireAnswer): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body) chunks.push(chunk);
  const [only] = chunks;
  return chunks.length === 1 && only ? only : Buffer.concat(chunks);
}

/** The whole body as UTF-8 text. */
export async function answerText(answer: WireAnswer): Promise<string> {
  const bytes = await answerBytes(answer);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

/** The beginning of a body as text, at most so many bytes of it; nothing where it cannot be read. Never throws. */
async function answerStart(answer: WireAnswer, sizeBytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of answer.body) {
      chunks.push(chunk);
      sizeBytes += chunk.byteLength;
      if (sizeBytes >= sizeBytesMax) break;
    }
  } catch {
    return "";
  }
  return Buffer.concat(chunks).subarray(0, sizeBytesMax).toString("utf8");
}

// Error documents are below two kilobytes, but DynamoDB's may show an item of 400 KB.
const errorBytesMax = 1024 * 1024;

/** The text of an error's body beside an answer that still has it. Never throws: a body that breaks off is empty. */
export async function peekError(answer: WireAnswer): Promise<{ readonly text: string; readonly answer: WireAnswer }> {
  const text = await answerStart(answer, errorBytesMax);
  return { text, answer: { status: answer.status, headers: answer.headers, body: once(Buffer.from(text)), discard() {} } };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.byteLength > 0) yield bytes;
}

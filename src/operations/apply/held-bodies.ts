import type { Body } from "../../core/body.ts";

const bodyBytesMax = 64 * 1024;
const heldBytesMax = 32 * 1024 * 1024;

/** Small bodies between two uses, up to a bound; what does not fit is simply read again. */
export class HeldBodies {
  readonly #bodies = new Map<string, Body>();
  #bytes = 0;

  put(path: string, body: Body): void {
    if (body.sizeBytes > bodyBytesMax || this.#bytes + body.sizeBytes > heldBytesMax || this.#bodies.has(path)) return;
    this.#bodies.set(path, body);
    this.#bytes += body.sizeBytes;
  }

  /** Hands it over and lets go of it. */
  take(path: string): Body | undefined {
    const body = this.#bodies.get(path);
    if (body && this.#bodies.delete(path)) this.#bytes -= body.sizeBytes;
    return body;
  }
}

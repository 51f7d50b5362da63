/** The certificate that a host shows to visitors. */

import { connect } from "node:tls";
import { BelayError } from "../../core/belay-error.ts";
import type { CertificateFacts } from "../../core/doctor/edge-facts.ts";
import type { CallOptions } from "../../ports/store.ts";
import { connectionCause } from "../shared/aws/connection-cause.ts";
import { plainText } from "../shared/aws/plain-text.ts";

/** Also of a certificate that nobody would trust: what is wrong with it is then part of the answer. Throws `store-unreachable` where no connection comes about. */
export async function inspectCertificate(host: string, port: number, { signal }: CallOptions): Promise<CertificateFacts> {
  signal.throwIfAborted();
  return await new Promise<CertificateFacts>((resolve, reject) => {
    // Nothing is sent over this connection, so nothing rests on whom it reaches.
    const socket = connect({ host, port, servername: /^[\d.]+$|:/u.test(host) ? "" : host, rejectUnauthorized: false });
    const stop = (): void => {
      socket.destroy(new Error("it took too long"));
    };
    signal.addEventListener("abort", stop);
    socket.on("close", () => signal.removeEventListener("abort", stop));
    socket.on("error", (cause) => {
      reject(
        new BelayError(
          "store-unreachable",
          `no encrypted connection to ${plainText(host)} came about: ${connectionCause(cause)}`,
          `curl -sI https://${host}`,
          {
            cause,
          },
        ),
      );
    });
    socket.on("secureConnect", () => {
      const { valid_to: validTo, issuer } = socket.getPeerCertificate();
      const problem = socket.authorized ? undefined : problemOf(socket.authorizationError);
      const names = [issuer.O, issuer.CN].flatMap((name) => name ?? []);
      socket.destroy();
      const facts = { validToMs: Date.parse(validTo), issuer: plainText(names.join(", ")) };
      resolve(problem === undefined ? facts : { ...facts, problem });
    });
  });
}

// Node gives a code where its types say an error.
const problemOf = (error: unknown): string =>
  connectionCause(error instanceof Error ? error : Object.assign(new Error(String(error)), { code: String(error) }));

/** Something between belay and a server that lets requests through and then answers with a failure of its own. */

import { createServer, request as ask } from "node:http";

export interface LateFailure {
  readonly url: string;
  close(): Promise<void>;
}

/** Every request reaches the server; of those that are chosen the answer is replaced by a bare 500. */
export async function openLateFailure(server: string, isChosen: (method: string, path: string) => boolean): Promise<LateFailure> {
  const { hostname, port } = new URL(server);
  const proxy = createServer((incoming, outgoing) => {
    const { method = "GET", url: path = "/", headers } = incoming;
    // The host stays the one that was signed.
    const passed = ask({ hostname, port, method, path, headers, setHost: false }, (answer) => {
      if (isChosen(method, path)) {
        answer.resume().once("end", () => outgoing.writeHead(500, { "content-length": 0 }).end());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    passed.once("error", () => outgoing.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, "127.0.0.1", resolve);
  });
  const address = proxy.address();
  const close = async (): Promise<void> => {
    proxy.closeAllConnections();
    await new Promise<void>((resolve) => {
      proxy.close(() => resolve());
    });
  };
  return { url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`, close };
}

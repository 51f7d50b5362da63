/** A server that people would be told by: it keeps what it is posted. */

import { once } from "node:events";
import { createServer } from "node:http";

export interface NoticeServer {
  /** Of a path that only whoever knows it could ask for. */
  readonly address: string;
  /** The part of the address that is a secret. */
  readonly secret: string;
  /** Bodies as they came, oldest first. */
  readonly bodies: string[];
  /** What it answers from now on. */
  status: number;
  close(): Promise<void>;
}

export async function openNoticeServer(): Promise<NoticeServer> {
  const secret = "T0HARBOUR/hunter2";
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      bodies.push(Buffer.concat(chunks).toString("utf8"));
      response.writeHead(told.status).end("ok");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const told: NoticeServer = {
    address: `http://127.0.0.1:${port}/${secret}`,
    secret,
    bodies,
    status: 200,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return told;
}

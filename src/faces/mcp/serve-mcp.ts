/** `belay mcp`: serves one client over stdin and stdout until it goes, or until somebody stops the server. */

import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { BelayError } from "../../core/belay-error.ts";
import { exits } from "../cli/exit-codes.ts";
import { plain } from "../cli/plain-text.ts";
import type { Session } from "../cli/session.ts";
import { CallQueue } from "./call-queue.ts";
import { FixedConfig } from "./fixed-config.ts";
import { openMcpServer } from "./mcp-server.ts";
import { McpTransport } from "./mcp-transport.ts";
import { openCall } from "./tool-call.ts";
import type { ToolHost } from "./tool.ts";

/** Stdout carries the protocol alone; everything else goes to stderr. */
export async function serveMcp(session: Session): Promise<number> {
  const { setup, screen } = session;
  const stopping = new AbortController();
  const log = (line: string): void => {
    if (line !== "") screen.tell(`belay mcp: ${plain(line)}`);
  };
  const host: ToolHost = { setup: { session, config: new FixedConfig(), log }, queue: new CallQueue(), stopping: stopping.signal };
  await holdConfig(host);
  const transport = new McpTransport({ input: setup.stdin, output: setup.stdout });
  const isClosed = new Promise<void>((resolve) => stopping.signal.addEventListener("abort", () => resolve(), { once: true }));
  const handle = serveStdio(() => openMcpServer(host, setup.version), {
    transport: endingWith(transport, () => stopping.abort()),
    onerror: (error) => log(error.message),
  });
  session.signal.addEventListener("abort", () => stopping.abort(), { once: true });
  if (setup.stdin.isTTY === true)
    log("waits for an agent's messages on stdin; agents start it themselves (belay install AGENT). Ctrl-C ends it.");
  await isClosed;
  // A deploy that was under way puts its pages back before the process ends.
  await host.queue.idle();
  await handle.close();
  return session.signal.aborted ? exits.interrupted : exits.done;
}

/** What belay.yaml says now is what every call is held to; where there is none yet, the first call that finds one settles it. */
async function holdConfig({ setup, stopping }: ToolHost): Promise<void> {
  try {
    await openCall(setup, { site: undefined, signal: stopping, report: () => undefined });
  } catch (error) {
    if (!(error instanceof BelayError)) throw error;
    setup.log(`${error.message} Calls answer so until there is one.`);
  }
}

/** The SDK takes `onclose` for itself, so the end of the connection is told in front of it. */
function endingWith(transport: McpTransport, onEnd: () => void): McpTransport {
  const close = transport.close.bind(transport);
  transport.close = async () => {
    onEnd();
    await close();
  };
  return transport;
}

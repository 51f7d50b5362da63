/** Requests over HTTP that are written out by hand and piped to a program that opens a connection. Sources: nc(1), ncat(1), socat(1), s_client(1). */

import type { Effect } from "../effect.ts";
import { hole, type Word } from "../word.ts";
import { valuesOf, parseArguments, words, type ArgumentStyle } from "./arguments.ts";
import { requestEffect } from "./request-effect.ts";
import { reading, type Call, type ToolReader } from "./reading-of.ts";

const requestLine = /^(?<method>[A-Z]{3,10})[ \t]+(?<target>\S+)[ \t]+HTTP\/\d/u;
const hostLine = /^host:[ \t]*(?<host>[^\s\\]+)/iu;
const requestsMax = 200;

const netcat: ArgumentStyle = {
  valued: words(
    "-b -g -G -i -I -m -M -O -P -p -q -s -T -V -W -w -X -x --proxy --proxy-type --proxy-auth --source --source-port --wait --idle-timeout --delay",
  ),
};
const openssl: ArgumentStyle = {
  valued: words(
    "-connect -host -port -servername -cert -key -CAfile -CApath -proxy -starttls -alpn -cipher -verify -min_protocol -max_protocol",
  ),
};

/** What is sent, request after request; of a text that only running would tell, one whose method nobody knows. */
function sent(call: Call, hosts: readonly Word[]): Effect[] {
  const { stdin } = call.invocation;
  if (stdin === undefined || hosts.length === 0) return [];
  const found = requestsIn(stdin);
  if (found.length === 0 && stdin.includes(hole)) return hosts.flatMap((host) => requestEffect(call, hole, `https://${host}/`));
  return found.flatMap(({ method, target, host }) =>
    (host === undefined ? hosts : [host]).flatMap((each) =>
      requestEffect(call, method, /^https?:/iu.test(target) ? target : `https://${each}${target}`),
    ),
  );
}

interface Request {
  readonly method: Word;
  readonly target: Word;
  host: Word | undefined;
}

/** `\r\n` stands there as such where a text was not unfolded. */
function requestsIn(text: Word): readonly Request[] {
  const found: Request[] = [];
  for (const line of text.split(/\r?\n|\\r\\n|\\n/u)) {
    const request = requestLine.exec(line)?.groups;
    const host = hostLine.exec(line)?.groups?.["host"];
    const last = found.at(-1);
    if (request !== undefined && found.length < requestsMax)
      found.push({ method: request["method"] ?? hole, target: request["target"] ?? hole, host: undefined });
    else if (host !== undefined && last !== undefined) last.host ??= host;
  }
  return found;
}

const readNetcat: ToolReader = (call) => {
  const given = parseArguments(call.args, netcat);
  return reading(...sent(call, given.operands.slice(0, 1)));
};

const readOpenssl: ToolReader = (call) => {
  if (call.args[0] !== "s_client") return undefined;
  const given = parseArguments(
    call.args.slice(1).map((word) => (word.startsWith("-") ? `-${word}` : word)),
    { valued: new Set([...(openssl.valued ?? [])].map((name) => `-${name}`)) },
  );
  return reading(...sent(call, valuesOf(given, "--connect", "--host").slice(0, 1)));
};

/** `socat - TCP:HOST:PORT`, `OPENSSL:HOST:PORT,…`. */
const readSocat: ToolReader = (call) => {
  const hosts = call.args.flatMap(
    (word) => /^(?:TCP[46]?|OPENSSL|SSL|TCP-CONNECT|OPENSSL-CONNECT):(?<host>[^:,]+)/iu.exec(word)?.groups?.["host"] ?? [],
  );
  return reading(...sent(call, hosts));
};

/** By base name. */
export const rawRequestReaders: readonly (readonly [string, ToolReader])[] = [
  ...["nc", "ncat", "netcat", "telnet"].map((name) => [name, readNetcat] as const),
  ["openssl", readOpenssl],
  ["socat", readSocat],
];

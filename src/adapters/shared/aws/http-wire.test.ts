import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createPlainServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { encodePath } from "./encode-path.ts";
import { type Endpoint, type HttpWireSetup, openHttpWire } from "./http-wire.ts";
import { answerText } from "./read-answer.ts";
import { type Wire, type WireBody, WireFailure } from "./wire.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const nowMs = Date.UTC(2026, 10, 20, 9, 30, 0);
const credentials = { accessKeyId: "AKIDTIDE", secretAccessKey: "low/tide+secret", sessionToken: "session==" };
const calm = new AbortController().signal;

async function portOf(server: Server | ReturnType<typeof createPlainServer>): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  closers.push(() => server.close());
  return typeof address === "object" && address ? address.port : 0;
}

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  closers.push(() => server.closeAllConnections());
  return await portOf(server);
}

function wireTo(port: number, options: Partial<HttpWireSetup> & { readonly isAws?: boolean } = {}): Wire {
  const { isAws = false, ...setup } = options;
  const url = new URL(`http://127.0.0.1:${port}`);
  return openHttpWire({
    service: "s3",
    region: "eu-central-1",
    endpointOf: (region): Endpoint => ({ url, pathPrefix: isAws ? `/${region}` : "", isAws }),
    credentials: async () => await Promise.resolve(credentials),
    now: () => nowMs,
    ...setup,
  });
}

function bodyOf(text: string, chunks: readonly string[] = [text]): WireBody {
  return {
    sizeBytes: Buffer.byteLength(text),
    sha256: createHash("sha256").update(text).digest("hex"),
    async *open() {
      for (const chunk of chunks) yield Buffer.from(await Promise.resolve(chunk));
    },
  };
}

async function received(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  const source: AsyncIterable<Buffer> = request;
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

const passed = async (ms: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, ms));
};

const failureOf = async (work: Promise<unknown>): Promise<unknown> =>
  await work.then(
    () => "no failure",
    (error: unknown) => error,
  );

const keyed = (key: string | Buffer, part: string): Buffer => createHmac("sha256", key).update(part).digest();

/** Signature Version 4 as the AWS documentation of S3 describes it, without the package under test. */
function expectedSignature(request: IncomingMessage, secret: string): string {
  const { authorization = "" } = request.headers;
  const [, scope = "", names = ""] = /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+)/u.exec(authorization) ?? [];
  const [path = "", query = ""] = (request.url ?? "").split("?");
  const canonical = [
    request.method,
    path,
    query.split("&").toSorted().join("&"),
    ...names.split(";").map((name) => `${name}:${String(request.headers[name]).replaceAll(/ +/gu, " ").trim()}`),
    "",
    names,
    request.headers["x-amz-content-sha256"],
  ].join("\n");
  const hashed = createHash("sha256").update(canonical).digest("hex");
  const text = ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, hashed].join("\n");
  const key = scope.split("/").reduce<string | Buffer>(keyed, `AWS4${secret}`);
  return createHmac("sha256", key).update(text).digest("hex");
}

describe("what a wire sends", () => {
  it("carries a signature that an independent computation comes to, whatever the key and query hold", async () => {
    const seen: { url: string | undefined; isRight: boolean; headers: IncomingMessage["headers"]; body: string }[] = [];
    const port = await serve(async (request, response) => {
      const isRight =
        request.headers.authorization?.endsWith(`Signature=${expectedSignature(request, credentials.secretAccessKey)}`) === true;
      seen.push({ url: request.url, isRight, headers: request.headers, body: await received(request) });
      response.end();
    });
    const wire = wireTo(port);
    const key = "a b/c+d%20/../ü~(1)!'*/漢字//x.html";
    await wire.send(
      {
        method: "PUT",
        path: encodePath(key),
        headers: { "content-type": "text/html; charset=utf-8", "if-none-match": "*", "x-amz-meta-note": "  two   words " },
        body: bodyOf("tide"),
      },
      { signal: calm },
    );
    await wire.send(
      { method: "GET", path: "/", query: { "list-type": "2", prefix: "a b/+&=", delimiter: "", "start-after": "ü/*" } },
      { signal: calm },
    );
    expect(seen.map(({ isRight }) => isRight)).toStrictEqual([true, true]);
    expect(seen[0]?.url).toBe("/a%20b/c%2Bd%2520/../%C3%BC~%281%29%21%27%2A/%E6%BC%A2%E5%AD%97//x.html");
    expect(decodeURIComponent(seen[0]?.url ?? "")).toBe(`/${key}`);
    expect(seen[0]).toMatchObject({
      body: "tide",
      headers: {
        "content-length": "4",
        "x-amz-content-sha256": createHash("sha256").update("tide").digest("hex"),
        "x-amz-security-token": "session==",
        "x-amz-date": "20261120T093000Z",
      },
    });
    expect(seen[1]?.url).toBe("/?list-type=2&prefix=a%20b%2F%2B%26%3D&delimiter=&start-after=%C3%BC%2F%2A");
  });

  it("is refused before it is sent where a header cannot be carried", async () => {
    const wire = wireTo(1);
    const sent = wire.send({ method: "PUT", path: "/k", headers: { "x-amz-meta-by": "Zoë" } }, { signal: calm });
    await expect(sent).rejects.toMatchObject({ code: "input-invalid", message: expect.stringContaining("x-amz-meta-by") });
  });

  it("uses one connection for what comes one after another", async () => {
    const sockets = new Set<unknown>();
    const port = await serve(async (request, response) => {
      sockets.add(request.socket);
      await received(request);
      if (request.method === "DELETE") response.writeHead(204).end();
      else response.writeHead(200, { "content-length": "0" }).end();
    });
    const wire = wireTo(port);
    for (const method of ["HEAD", "PUT", "DELETE", "GET", "HEAD"] as const) {
      await wire.send({ method, path: "/k", ...(method === "PUT" && { body: bodyOf("x") }) }, { signal: calm });
    }
    expect(sockets.size).toBe(1);
  });

  it("uses a connection again whose answer nobody wanted to read", async () => {
    const sockets = new Set<unknown>();
    const port = await serve((request, response) => {
      sockets.add(request.socket);
      response.write("some ");
      response.end("text");
    });
    const wire = wireTo(port);
    for (let round = 0; round < 3; round += 1) {
      (await wire.send({ method: "GET", path: "/k" }, { signal: calm })).discard();
      await passed(30);
    }
    expect(sockets.size).toBe(1);
  });

  it("never ends where its source throws after the last byte, ends early or runs on", async () => {
    const whole: string[] = [];
    const port = await serve(async (request, response) => {
      const body = await received(request).catch(() => undefined);
      if (body !== undefined) whole.push(body);
      response.end();
    });
    const wire = wireTo(port);
    const source = new Error("the file has changed");
    const thrower: WireBody = {
      ...bodyOf("ebb and flow"),
      async *open() {
        yield Buffer.from("ebb ");
        yield Buffer.from("and flow");
        // Long enough for whatever was handed over to arrive.
        await passed(60);
        yield Buffer.alloc(0);
        await passed(60);
        throw source;
      },
    };
    const put = async (body: WireBody): Promise<unknown> =>
      await failureOf(wire.send({ method: "PUT", path: "/k", body }, { signal: calm }));
    expect(await put(thrower)).toBe(source);
    expect(await put(bodyOf("ebb and flow", ["ebb ", "and"]))).toMatchObject({ code: "input-changed" });
    expect(await put(bodyOf("ebb", ["ebb", " and flow"]))).toMatchObject({ code: "input-changed" });
    expect(await put(bodyOf("ebb and flow", ["ebb ", "", "and flow", ""]))).toBe("no failure");
    expect(whole).toStrictEqual(["ebb and flow"]);
  });

  it("stops where the server has refused, and gives its answer", async () => {
    let isRead = true;
    const port = await serve((request, response) => {
      request.pause();
      response.writeHead(412).end("<Error><Code>PreconditionFailed</Code></Error>");
    });
    const size = 64 * 1024 * 1024;
    const body: WireBody = {
      sizeBytes: size,
      sha256: "0".repeat(64),
      async *open() {
        isRead = false;
        for (let sent = 0; sent < size; sent += 65_536) yield await Promise.resolve(Buffer.alloc(65_536));
        isRead = true;
      },
    };
    const answer = await wireTo(port).send({ method: "PUT", path: "/k", body }, { signal: calm });
    expect(answer.status).toBe(412);
    expect(await answerText(answer)).toContain("PreconditionFailed");
    expect(isRead).toBe(false);
  });
});

const regionIn = (request: IncomingMessage): [inScope: string | undefined, inPath: string | undefined] => [
  /\/\d{8}\/([^/]+)\//u.exec(request.headers.authorization ?? "")?.[1],
  request.url?.split("/")[1],
];

describe("a region that is not the bucket's", () => {
  const refusals: Readonly<Record<string, (response: ServerResponse) => void>> = {
    "a 301 with the region in its header": (response) => response.writeHead(301, { "x-amz-bucket-region": "ap-southeast-2" }).end(),
    "a 307 that names a host": (response) =>
      response
        .writeHead(307, { location: "https://elsewhere.example/k" })
        .end("<Error><Code>TemporaryRedirect</Code><Endpoint>tide.s3.ap-southeast-2.amazonaws.com</Endpoint></Error>"),
    "a 400 that names the region": (response) =>
      response.writeHead(400).end("<Error><Code>AuthorizationHeaderMalformed</Code><Region>ap-southeast-2</Region></Error>"),
  };

  it.each(Object.entries(refusals))("is left after %s: the whole request is sent there, and the next one at once", async (_, refuse) => {
    const seen: unknown[] = [];
    const port = await serve(async (request, response) => {
      const body = await received(request);
      seen.push([...regionIn(request), body]);
      if (request.url?.startsWith("/ap-southeast-2/") === true) response.end("there");
      else refuse(response);
    });
    const wire = wireTo(port, { isAws: true });
    const put = { method: "PUT", path: "/k", body: bodyOf("tide") } as const;
    const answer = await wire.send(put, { signal: calm });
    expect(await answerText(answer)).toBe("there");
    (await wire.send(put, { signal: calm })).discard();
    expect(seen).toStrictEqual([
      ["eu-central-1", "eu-central-1", "tide"],
      ["ap-southeast-2", "ap-southeast-2", "tide"],
      ["ap-southeast-2", "ap-southeast-2", "tide"],
    ]);
    expect(wire.base).toContain("/ap-southeast-2");
  });

  it("is asked for once only, and not believed from other servers or where it is no region", async () => {
    let count = 0;
    let named = "us-west-2";
    const port = await serve((_, response) => {
      count += 1;
      response.writeHead(301, { "x-amz-bucket-region": named }).end("<Error><Code>PermanentRedirect</Code></Error>");
    });
    const get = { method: "GET", path: "/k" } as const;
    const lost = await wireTo(port, { isAws: true }).send(get, { signal: calm });
    expect([lost.status, count]).toStrictEqual([301, 2]);
    expect(await answerText(lost)).toContain("PermanentRedirect");
    expect((await wireTo(port).send(get, { signal: calm })).status).toBe(301);
    expect(count).toBe(3);
    named = "evil.example/";
    expect((await wireTo(port, { isAws: true }).send(get, { signal: calm })).status).toBe(301);
    expect(count).toBe(4);
  });
});

const isSkewed = (request: IncomingMessage): boolean => request.headers["x-amz-date"] !== "20261120T103000Z";

describe("a clock that is wrong", () => {
  const serverMs = nowMs + 3_600_000;
  const clockServer = async (dates: unknown[]): Promise<number> =>
    await serve(async (request, response) => {
      dates.push(request.headers["x-amz-date"]);
      await received(request);
      response.setHeader("date", new Date(serverMs).toUTCString());
      if (isSkewed(request))
        response.writeHead(403).end("<Error><Code>RequestTimeTooSkewed</Code><Message>too far apart</Message></Error>");
      else response.end();
    });

  it("is corrected by the server's, for this request and the next", async () => {
    const dates: unknown[] = [];
    const wire = wireTo(await clockServer(dates));
    for (let round = 0; round < 2; round += 1)
      expect((await wire.send({ method: "PUT", path: "/k", body: bodyOf("x") }, { signal: calm })).status).toBe(200);
    expect(dates).toStrictEqual(["20261120T093000Z", "20261120T103000Z", "20261120T103000Z"]);
  });

  it("is suspected where a HEAD is refused without a word", async () => {
    const dates: unknown[] = [];
    expect((await wireTo(await clockServer(dates)).send({ method: "HEAD", path: "/k" }, { signal: calm })).status).toBe(200);
    expect(dates).toHaveLength(2);
  });

  it("is corrected once: then the refusal is the answer, body and all", async () => {
    let count = 0;
    const port = await serve((_, response) => {
      count += 1;
      response.writeHead(403).end("<Error><Code>RequestTimeTooSkewed</Code></Error>");
    });
    const answer = await wireTo(port).send({ method: "GET", path: "/k" }, { signal: calm });
    expect([answer.status, count]).toStrictEqual([403, 2]);
    expect(await answerText(answer)).toContain("RequestTimeTooSkewed");
  });
});

/** Answers the first request of each connection, and cuts the connection at its second. */
async function fickle(seen: string[]): Promise<number> {
  const server = createPlainServer((socket: Socket) => {
    let count = 0;
    socket.on("error", () => {});
    socket.on("data", (data) => {
      count += 1;
      seen.push(data.toString("latin1").split(" ")[0] ?? "");
      if (count === 1) socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
      else socket.destroy();
    });
  });
  return await portOf(server);
}

describe("a connection that ends", () => {
  it("under a GET on a used connection makes it be sent once more", async () => {
    const seen: string[] = [];
    const wire = wireTo(await fickle(seen));
    for (let round = 0; round < 2; round += 1) expect((await wire.send({ method: "GET", path: "/k" }, { signal: calm })).status).toBe(200);
    expect(seen).toStrictEqual(["GET", "GET", "GET"]);
  });

  it("under a PUT says that it may have been sent, and sends nothing again", async () => {
    const seen: string[] = [];
    const wire = wireTo(await fickle(seen));
    const put = { method: "PUT", path: "/k", body: bodyOf("x") } as const;
    expect((await wire.send(put, { signal: calm })).status).toBe(200);
    const failure = await failureOf(wire.send(put, { signal: calm }));
    expect(failure).toBeInstanceOf(WireFailure);
    expect(failure).toMatchObject({ isSent: true });
    expect(seen).toStrictEqual(["PUT", "PUT"]);
  });

  it("that was refused, or whose host is unknown, says that nothing was sent", async () => {
    const server = createServer();
    const port = await portOf(server);
    server.close();
    await once(server, "close");
    const put = { method: "PUT", path: "/k", body: bodyOf("x") } as const;
    expect(await failureOf(wireTo(port).send(put, { signal: calm }))).toMatchObject({
      isSent: false,
      message: "the connection was refused",
    });
    const url = new URL("http://belay-test.invalid");
    const nowhere = wireTo(port, { endpointOf: () => ({ url, pathPrefix: "", isAws: false }) });
    expect(await failureOf(nowhere.send(put, { signal: calm }))).toMatchObject({ isSent: false });
  });

  it("before the promised length makes the body throw, and after it does not", async () => {
    const port = await serve((request, response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("12345", () => {
        if (request.url === "/short") response.destroy();
        else response.end("67890");
      });
    });
    const wire = wireTo(port);
    const short = await wire.send({ method: "GET", path: "/short" }, { signal: calm });
    expect(await failureOf(answerText(short))).toBeInstanceOf(WireFailure);
    expect(await answerText(await wire.send({ method: "GET", path: "/whole" }, { signal: calm }))).toBe("1234567890");
  });
});

const hang = (): void => {};

describe("the time limit and the signal", () => {
  it("a server that says nothing is given up, as sent", async () => {
    const failure = await failureOf(wireTo(await serve(hang), { timeoutMs: 80 }).send({ method: "GET", path: "/k" }, { signal: calm }));
    expect(failure).toBeInstanceOf(WireFailure);
    expect(failure).toMatchObject({ isSent: true, message: "no answer came within 0.08 seconds" });
  });

  it("a source that stalls is given up, as not sent", async () => {
    const body: WireBody = {
      ...bodyOf("ab"),
      async *open() {
        yield Buffer.from("a");
        await new Promise(hang);
      },
    };
    const failure = await failureOf(
      wireTo(await serve(hang), { timeoutMs: 80 }).send({ method: "PUT", path: "/k", body }, { signal: calm }),
    );
    expect(failure).toMatchObject({ isSent: false });
  });

  it("credentials that do not come are waited for no longer", async () => {
    const wire = wireTo(await serve(hang), { timeoutMs: 80, credentials: async () => await new Promise(hang) });
    expect(await failureOf(wire.send({ method: "PUT", path: "/k" }, { signal: calm }))).toMatchObject({ isSent: false });
  });

  it("a body that stalls throws, while a slow reader does not make it throw", async () => {
    const port = await serve((request, response) => {
      response.write("begun");
      if (request.url === "/slow") setTimeout(() => response.end(" and done"), 220);
    });
    const wire = wireTo(port, { timeoutMs: 100 });
    const slow = await wire.send({ method: "GET", path: "/slow" }, { signal: calm });
    await passed(150);
    const chunks: Uint8Array[] = [];
    for await (const chunk of slow.body) {
      chunks.push(chunk);
      await passed(150);
    }
    expect(Buffer.concat(chunks).toString()).toBe("begun and done");
    const stalled = await wire.send({ method: "GET", path: "/stalled" }, { signal: calm });
    expect(await failureOf(answerText(stalled))).toMatchObject({ message: "nothing more of the answer came for 0.1 seconds" });
  });

  it("an abort throws the signal's own reason before, during and after the request", async () => {
    const port = await serve((request, response) => {
      if (request.url === "/body") response.write("begun");
    });
    const wire = wireTo(port);
    const reason = new Error("enough");
    await expect(wire.send({ method: "GET", path: "/k" }, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const during = new AbortController();
    const sent = failureOf(wire.send({ method: "GET", path: "/k" }, { signal: during.signal }));
    setTimeout(() => during.abort(reason), 30);
    expect(await sent).toBe(reason);
    const after = new AbortController();
    const answer = await wire.send({ method: "GET", path: "/body" }, { signal: after.signal });
    setTimeout(() => after.abort(reason), 30);
    expect(await failureOf(answerText(answer))).toBe(reason);
  });

  it("many requests at once under one signal are answered, on no more connections than allowed", async () => {
    const sockets = new Set<unknown>();
    const port = await serve((request, response) => {
      sockets.add(request.socket);
      setTimeout(() => response.end("ok"), 5);
    });
    const wire = wireTo(port, { concurrency: 4 });
    const texts = await Promise.all(
      Array.from({ length: 40 }, async () => await answerText(await wire.send({ method: "GET", path: "/k" }, { signal: calm }))),
    );
    expect(texts).toStrictEqual(Array.from({ length: 40 }, () => "ok"));
    expect(sockets.size).toBe(4);
  });
});

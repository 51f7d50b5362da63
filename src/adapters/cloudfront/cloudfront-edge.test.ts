import { beforeEach, describe, expect, it } from "vitest";
import type { CallOptions } from "../../ports/store.ts";
import { WireFailure, type Wire, type WireAnswer, type WireRequest } from "../shared/aws/wire.ts";
import { childOf, childrenOf, childText, readXml } from "../shared/aws/xml.ts";
import { openCloudFrontEdge } from "./cloudfront-edge.ts";
import type { CloudFrontSetup } from "./cloudfront-setup.ts";
import { verifyOrigin } from "./verify-origin.ts";

const calm: CallOptions = { signal: new AbortController().signal };

type Reply = readonly [status: number, xml: string] | WireFailure;
const invalidation = (status: string, id = "I7"): Reply => [
  200,
  `<Invalidation><Id>${id}</Id><Status>${status}</Status><CreateTime>2026-05-20T12:00:00Z</CreateTime></Invalidation>`,
];
const refusal = (status: number, code: string, message = "no"): Reply => [
  status,
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
];
const distribution = (origins: readonly (readonly [string, string])[], isEnabled = true): Reply => [
  200,
  `<Distribution><Id>E1TIDE</Id><Status>Deployed</Status><DistributionConfig><Enabled>${String(isEnabled)}</Enabled>` +
    `<Origins><Quantity>${origins.length}</Quantity><Items>${origins
      .map(([domain, path]) => `<Origin><Id>o</Id><DomainName>${domain}</DomainName><OriginPath>${path}</OriginPath></Origin>`)
      .join("")}</Items></Origins></DistributionConfig></Distribution>`,
];
const remembered = (id: string, reference: string, status = "Completed"): Reply => [
  200,
  `<Invalidation><Id>${id}</Id><Status>${status}</Status><InvalidationBatch><CallerReference>${reference}</CallerReference></InvalidationBatch></Invalidation>`,
];
const silence = new WireFailure("connect ECONNREFUSED", false);

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly atMs: number;
  readonly text: string;
}

const { signal: never } = new AbortController();
let nowMs: number;
let asked: Asked[];
/** Taken one by one; the last is given again and again. */
let replies: Reply[];
let setup: CloudFrontSetup;

async function textOf({ body }: WireRequest): Promise<string> {
  const chunks: Uint8Array[] = [];
  if (body) for await (const chunk of body.open()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

const wire: Wire = {
  base: "https://cloudfront.amazonaws.com",
  isAws: true,
  async send(request, { signal }): Promise<WireAnswer> {
    signal.throwIfAborted();
    asked.push({ method: request.method, path: request.path, atMs: nowMs, text: await textOf(request) });
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    if (!reply || reply instanceof WireFailure) throw reply ?? silence;
    const [status, xml] = reply;
    return { status, headers: {}, body: bytesOf(xml), discard() {} };
  },
};

beforeEach(() => {
  nowMs = 0;
  asked = [];
  replies = [];
  setup = {
    distribution: "E1TIDE",
    store: { bucket: "tide", prefix: "" },
    urlPath: "",
    wire: async () => wire,
    runtime: {
      now: () => nowMs,
      async sleep(ms, signal) {
        signal.throwIfAborted();
        nowMs += ms;
      },
    },
    random: () => 0.5,
  };
});

const purge = async (paths: readonly string[] = ["/index.html"], signal = never): Promise<{ readonly id: string }> =>
  await openCloudFrontEdge(setup).purge(paths, "belay-3f2a-r7-1", { signal });

describe("a reference that CloudFront has seen", () => {
  const list: Reply = [
    200,
    "<InvalidationList><Items><InvalidationSummary><Id>I9</Id></InvalidationSummary><InvalidationSummary><Id>I8</Id></InvalidationSummary></Items></InvalidationList>",
  ];

  it.each(["InvalidArgument", "InvalidationBatchAlreadyExists"])(
    "is found among the newest invalidations where it is refused with %s, and waited for",
    async (code) => {
      const refused = refusal(400, code, "Your request contains a caller reference that was used for a previous invalidation batch.");
      replies = [
        refused,
        list,
        remembered("I9", "another"),
        remembered("I8", "belay-1"),
        remembered("I8", "belay-1", "InProgress"),
        remembered("I8", "belay-1"),
      ];
      expect(await openCloudFrontEdge(setup).purge(["/a.html"], "belay-1", calm)).toEqual({ id: "I8" });
      expect(asked.filter(({ method }) => method === "POST")).toHaveLength(1);
    },
  );

  it("stays refused where nothing of that reference is found, and where the refusal is about something else", async () => {
    replies = [refusal(400, "InvalidArgument", "caller reference in use"), list, remembered("I9", "another"), remembered("I8", "third")];
    await expect(openCloudFrontEdge(setup).purge(["/a.html"], "belay-1", calm)).rejects.toMatchObject({ name: "BelayError" });
    replies = [refusal(400, "InvalidArgument", "The path is not valid."), list];
    asked = [];
    await expect(openCloudFrontEdge(setup).purge(["/a.html"], "belay-1", calm)).rejects.toMatchObject({ name: "BelayError" });
    expect(asked).toHaveLength(1);
  });
});

describe("a purge", () => {
  it("names exactly its paths under its reference, escaped for XML, and gives CloudFront's id", async () => {
    replies = [invalidation("Completed", "IDFDVBD632BHDS5")];
    const paths = ["/", "/a%20b/o'clock(1).html", "/fish&chips<2>.html", '/"q".html'];
    expect(await purge(paths)).toEqual({ id: "IDFDVBD632BHDS5" });
    expect(asked).toMatchObject([{ method: "POST", path: "/2020-05-31/distribution/E1TIDE/invalidation" }]);
    const batch = readXml(asked[0]?.text ?? "");
    const list = childOf(batch, "Paths");
    const items = list && childOf(list, "Items");
    expect(items && childrenOf(items, "Path").map((path) => path.text)).toEqual(paths);
    expect(list && childText(list, "Quantity")).toBe("4");
    expect(childText(batch, "CallerReference")).toBe("belay-3f2a-r7-1");
  });

  it("is over only when CloudFront says so, which is asked soon at first and less often later", async () => {
    replies = [...Array.from({ length: 9 }, () => invalidation("InProgress")), invalidation("Completed")];
    await purge();
    expect(asked.slice(1).every(({ method, path }) => method === "GET" && path.endsWith("/invalidation/I7"))).toBe(true);
    expect(asked.map(({ atMs }) => atMs)).toEqual([0, 1000, 2000, 3500, 5500, 8500, 12_500, 17_500, 22_500, 27_500]);
  });

  it("that was held up before it was taken is looked at as soon as any other", async () => {
    const full = refusal(400, "TooManyInvalidationsInProgress");
    replies = [full, full, full, full, full, full, invalidation("InProgress"), invalidation("Completed")];
    await purge();
    const [taken, looked] = asked.slice(-2).map(({ atMs }) => atMs);
    expect((looked ?? 0) - (taken ?? 0)).toBe(1000);
  });

  it("spreads its looks by chance", async () => {
    setup = { ...setup, random: () => 0 };
    replies = [invalidation("InProgress"), invalidation("Completed")];
    await purge();
    expect(asked[1]?.atMs).toBe(900);
  });

  it("sends the same request again where the reply was lost", async () => {
    replies = [new WireFailure("the connection broke off", true), invalidation("InProgress"), invalidation("Completed")];
    expect(await purge()).toEqual({ id: "I7" });
    expect(asked.map(({ method }) => method)).toEqual(["POST", "POST", "GET"]);
    expect(asked[1]?.text).toBe(asked[0]?.text);
  });

  it.each([
    ["other invalidations are in progress", refusal(400, "TooManyInvalidationsInProgress")],
    ["CloudFront throttles", refusal(400, "Throttling", "Rate exceeded")],
    ["CloudFront fails", refusal(500, "InternalError")],
  ])("waits and asks again while %s", async (_, hindrance) => {
    replies = [...Array.from({ length: 12 }, () => hindrance), invalidation("Completed")];
    expect(await purge()).toEqual({ id: "I7" });
    expect(nowMs).toBeGreaterThan(3000);
  });

  it("does not take an invalidation that is not known yet, nor a look that fails, for an end", async () => {
    replies = [
      invalidation("InProgress"),
      refusal(404, "NoSuchInvalidation"),
      refusal(503, "ServiceUnavailable"),
      invalidation("Completed"),
    ];
    expect(await purge()).toEqual({ id: "I7" });
    expect(asked).toHaveLength(4);
  });

  it("that does not complete within the limit is unsettled, and the message names the invalidation and the way on", async () => {
    replies = [invalidation("InProgress")];
    await expect(purge()).rejects.toMatchObject({
      code: "unsettled",
      message: expect.stringMatching(/^Invalidation I7 of distribution E1TIDE .* within 10 minutes\. What was written has landed/u),
      remedy: expect.stringContaining("belay resume"),
    });
    expect(nowMs).toBe(600_000);
    expect(asked.at(-1)?.atMs).toBe(600_000);
  });

  it("that was never taken for other invalidations says so, within the limit that it was given", async () => {
    setup = { ...setup, limitMs: 60_000 };
    replies = [refusal(400, "TooManyInvalidationsInProgress")];
    await expect(purge()).rejects.toMatchObject({
      code: "unsettled",
      message: expect.stringContaining("was not taken within 1 minute (CloudFront had too many other invalidations of it in progress)"),
    });
    expect(nowMs).toBe(60_000);
  });

  it("gives up long before the limit where nobody answers at all, and says why", async () => {
    replies = [silence];
    await expect(purge()).rejects.toMatchObject({
      code: "unsettled",
      message: expect.stringContaining("cloudfront.amazonaws.com did not answer"),
    });
    expect(nowMs).toBeLessThan(60_000);
  });

  it("silence in between is forgotten once CloudFront answers", async () => {
    const lapse = Array.from({ length: 4 * 5 }, () => silence);
    replies = [...lapse, invalidation("InProgress"), ...lapse, invalidation("Completed")];
    expect(await purge()).toEqual({ id: "I7" });
  });

  it("an answer that is cut, or is about something else, is not taken for a purge", async () => {
    replies = [[201, "<Invalidation><Id>I7</Id><Status>Comp"], invalidation("Completed", "I8")];
    expect(await purge()).toEqual({ id: "I8" });
    replies = [[200, "<html><body/></html>"]];
    await expect(purge()).rejects.toMatchObject({ code: "store-unreachable", message: expect.stringContaining("no invalidation") });
  });

  it.each([
    ["CreateInvalidation", [refusal(403, "AccessDenied")]],
    ["GetInvalidation", [invalidation("InProgress"), refusal(403, "AccessDenied")]],
  ])("that is not allowed to %s names that permission at once", async (action, given) => {
    replies = [...given];
    await expect(purge()).rejects.toMatchObject({
      code: "store-denied",
      message: expect.stringContaining("E1TIDE"),
      remedy: expect.stringContaining(`cloudfront:${action}`),
    });
    expect(asked).toHaveLength(given.length);
  });

  it("of a distribution that is not there is a mismatch", async () => {
    replies = [refusal(404, "NoSuchDistribution")];
    await expect(purge()).rejects.toMatchObject({ code: "edge-mismatch", message: expect.stringContaining("E1TIDE") });
  });

  it("that is interrupted stops waiting and says what stands; one that was interrupted before asks nothing", async () => {
    const command = new AbortController();
    replies = [invalidation("InProgress")];
    const { runtime } = setup;
    setup = {
      ...setup,
      runtime: {
        now: runtime.now,
        async sleep(ms, signal) {
          if (asked.length === 3) command.abort();
          await runtime.sleep(ms, signal);
        },
      },
    };
    const message = expect.stringContaining("Invalidation I7 of distribution E1TIDE was not waited for");
    await expect(purge(["/"], command.signal)).rejects.toMatchObject({ code: "interrupted", message });
    expect(asked).toHaveLength(3);
    setup = { ...setup, wire: async () => await Promise.reject(new Error("nobody is to connect")) };
    await expect(purge(["/"], command.signal)).rejects.toMatchObject({ code: "interrupted", cause: { name: "AbortError" } });
    expect(asked).toHaveLength(3);
  });
});

describe("verifyOrigin", () => {
  it("is content with one look at a distribution that serves the bucket among others", async () => {
    replies = [
      distribution([
        ["api.tide.example", ""],
        ["tide.s3.eu-central-1.amazonaws.com", ""],
      ]),
    ];
    await verifyOrigin(setup, calm);
    expect(asked).toMatchObject([{ method: "GET", path: "/2020-05-31/distribution/E1TIDE" }]);
  });

  it("names distribution, origin and bucket where another bucket is served, and what to change", async () => {
    replies = [distribution([["harbour.s3.amazonaws.com", ""]])];
    await expect(verifyOrigin(setup, calm)).rejects.toMatchObject({
      code: "edge-mismatch",
      message: "Distribution E1TIDE serves harbour.s3.amazonaws.com, not the target's bucket tide.",
      remedy: expect.stringContaining("belay.yaml"),
    });
  });

  it("compares origin path and URL path with the prefix", async () => {
    replies = [distribution([["tide.s3.amazonaws.com", "/live"]])];
    await expect(verifyOrigin(setup, calm)).rejects.toMatchObject({
      code: "edge-mismatch",
      message: expect.stringContaining("s3://tide/live"),
    });
    await verifyOrigin({ ...setup, store: { bucket: "tide", prefix: "live/docs" }, urlPath: "/docs" }, calm);
  });

  it("refuses a distribution that is switched off or not there, also for a target that is no bucket", async () => {
    replies = [distribution([["tide.s3.amazonaws.com", ""]], false)];
    await expect(verifyOrigin(setup, calm)).rejects.toMatchObject({ code: "edge-mismatch", message: expect.stringContaining("disabled") });
    replies = [refusal(404, "NoSuchDistribution")];
    await expect(verifyOrigin({ ...setup, store: undefined }, calm)).rejects.toMatchObject({ code: "edge-mismatch" });
    replies = [distribution([["www.tide.example", ""]])];
    await verifyOrigin({ ...setup, store: undefined }, calm);
  });

  it("says which permission is missing where it may not look", async () => {
    replies = [refusal(403, "AccessDenied")];
    await expect(verifyOrigin(setup, calm)).rejects.toMatchObject({
      code: "store-denied",
      remedy: expect.stringContaining("cloudfront:GetDistribution"),
    });
  });

  it("says that nobody answered, or that the answer is none", async () => {
    replies = [silence];
    await expect(verifyOrigin(setup, calm)).rejects.toMatchObject({ code: "store-unreachable" });
    replies = [[200, "<Distribution><Id>E1TIDE</Id></Distribution>"]];
    await expect(verifyOrigin(setup, calm)).rejects.toMatchObject({
      code: "store-unreachable",
      message: expect.stringContaining("no distribution"),
    });
  });
});

import { describe, expect, test } from "vitest";
import type { SandboxResponse } from "../wire.ts";
import { openCloudFront } from "./open-cloudfront.ts";
import type { CloudFrontService } from "./open-cloudfront.ts";

const prefix = "/2020-05-31/distribution";

class HandClock {
  ms = Date.UTC(2026, 4, 4, 9);
  now(): number {
    return this.ms;
  }
}

interface World {
  readonly clock: HandClock;
  readonly cloudfront: CloudFrontService;
  readonly send: (method: string, path: string, body?: string) => Promise<{ readonly status: number; readonly text: string }>;
}

const textOf = (answer: SandboxResponse): string => (answer.body instanceof Uint8Array ? Buffer.from(answer.body).toString("utf8") : "");

/** Half of `settleMs` passes before an invalidation takes effect; identifiers still differ, as the draws after that differ. */
function drawing(): () => number {
  let draws = 0;
  return () => {
    draws += 1;
    return draws % 14 === 0 ? 0.5 : ((draws * 7919) % 1000) / 1000;
  };
}

function world(random: () => number = drawing()): World {
  const clock = new HandClock();
  const cloudfront = openCloudFront({ clock, random, settleMs: 800, region: "eu-central-1" });
  cloudfront.createDistribution({ id: "EHARBOUR", bucket: "harbour-site", aliases: ["harbour.example"] });
  return {
    clock,
    cloudfront,
    async send(method, path, body = "") {
      const [pathname = "", query] = path.split("?");
      const answer = await cloudfront.handle({
        method,
        path: pathname,
        query: new URLSearchParams(query),
        headers: {},
        async *body() {
          yield Buffer.from(body);
        },
      });
      return { status: answer.status, text: textOf(answer) };
    },
  };
}

const batch = (reference: string, paths: readonly string[], quantity: number = paths.length): string =>
  `<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Paths><Quantity>${quantity}</Quantity><Items>${paths
    .map((path) => `<Path>${path.replaceAll("&", "&amp;")}</Path>`)
    .join("")}</Items></Paths><CallerReference>${reference}</CallerReference></InvalidationBatch>`;

const idIn = (text: string): string => /<Id>([^<]+)<\/Id>/u.exec(text)?.[1] ?? "";
const codeIn = (text: string): string => /<Code>([^<]+)<\/Code>/u.exec(text)?.[1] ?? "";

const pathsOf = (count: number, star: string, from = 0): string[] => Array.from({ length: count }, (_, at) => `/${at + from}${star}`);
const idsListed = (text: string): (string | undefined)[] =>
  [...text.matchAll(/<InvalidationSummary><Id>([^<]+)/gu)].map((match) => match[1]);
const configOf = (reference: string, alias: string, domain = "quay-site.s3.amazonaws.com"): string =>
  `<DistributionConfig><CallerReference>${reference}</CallerReference><Aliases><Quantity>1</Quantity><Items><CNAME>${alias}</CNAME></Items></Aliases>` +
  `<DefaultRootObject>start.html</DefaultRootObject><Origins><Quantity>1</Quantity><Items><Origin><Id>a</Id><DomainName>${domain}</DomainName>` +
  `<OriginPath>/live</OriginPath></Origin></Items></Origins><Comment></Comment><Enabled>true</Enabled></DistributionConfig>`;

describe("an invalidation", () => {
  test("is in progress for settleMs and completed after", async () => {
    const { clock, send } = world();
    const made = await send("POST", `${prefix}/EHARBOUR/invalidation`, batch("one", ["/index.html", "/a&b.html"]));
    expect(made.status).toBe(201);
    expect(made.text).toContain("<Status>InProgress</Status>");
    expect(made.text).toContain("<Path>/a&amp;b.html</Path>");
    const path = `${prefix}/EHARBOUR/invalidation/${idIn(made.text)}`;
    clock.ms += 799;
    expect((await send("GET", path)).text).toContain("<Status>InProgress</Status>");
    clock.ms += 1;
    const ended = await send("GET", path);
    expect(ended).toMatchObject({ status: 200 });
    expect(ended.text).toContain("<Status>Completed</Status>");
    expect(ended.text).toContain("<CallerReference>one</CallerReference>");
  });

  test("takes effect between its creation and its completion, not before", async () => {
    const { clock, cloudfront, send } = world(() => 0.25);
    const sinceMs = clock.now() - 1;
    await send("POST", `${prefix}/EHARBOUR/invalidation`, batch("one", ["/index.html"]));
    clock.ms += 199;
    expect(cloudfront.isPurged("EHARBOUR", "/index.html", sinceMs)).toBe(false);
    clock.ms += 1;
    expect(cloudfront.isPurged("EHARBOUR", "/index.html", sinceMs)).toBe(true);
    expect(cloudfront.isPurged("EHARBOUR", "/other.html", sinceMs)).toBe(false);
    expect(cloudfront.isPurged("EHARBOUR", "/index.html", clock.now() + 1)).toBe(false);
  });

  test("an earlier one still in progress is not overlooked behind a later one", async () => {
    const { clock, cloudfront, send } = world(() => 1);
    const sinceMs = clock.now();
    await send("POST", `${prefix}/EHARBOUR/invalidation`, batch("one", ["/a"]));
    clock.ms += 700;
    await send("POST", `${prefix}/EHARBOUR/invalidation`, batch("two", ["/b"]));
    clock.ms += 100;
    expect(cloudfront.isPurged("EHARBOUR", "/a", sinceMs)).toBe(true);
    expect(cloudfront.isPurged("EHARBOUR", "/b", sinceMs)).toBe(false);
  });

  test("with the reference and paths of an earlier one is that one, and purges nothing again", async () => {
    const { clock, cloudfront, send } = world();
    const first = await send("POST", `${prefix}/EHARBOUR/invalidation`, batch("one", ["/a", "/b"]));
    clock.ms += 5000;
    const second = await send("POST", `${prefix}/EHARBOUR/invalidation`, batch("one", ["/a", "/b"]));
    expect(second.status).toBe(201);
    expect(idIn(second.text)).toBe(idIn(first.text));
    expect(second.text).toContain("<Status>Completed</Status>");
    clock.ms += 5000;
    expect(cloudfront.isPurged("EHARBOUR", "/a", clock.now() - 6000)).toBe(false);
    expect(cloudfront.invalidations("EHARBOUR")).toHaveLength(1);
  });

  test("with the reference of an earlier one and other paths is refused", async () => {
    const { send } = world();
    await send("POST", `${prefix}/EHARBOUR/invalidation`, batch("one", ["/a"]));
    const second = await send("POST", `${prefix}/EHARBOUR/invalidation`, batch("one", ["/b"]));
    expect([second.status, codeIn(second.text)]).toEqual([400, "InvalidArgument"]);
    expect(second.text).toContain("caller reference that was used");
  });

  test.each([
    ["without a slash", "index.html"],
    ["with a wildcard in the middle", "/a*/b"],
    ["with two wildcards", "/a**"],
    ["with a blank", "/a b"],
    ["with a letter outside ASCII", "/café"],
    ["longer than 4,000 characters", `/${"a".repeat(4000)}`],
  ])("of a path %s is refused", async (_, path) => {
    const { cloudfront, send } = world();
    const answer = await send("POST", `${prefix}/EHARBOUR/invalidation`, batch("one", ["/fine", path]));
    expect([answer.status, codeIn(answer.text)]).toEqual([400, "InvalidArgument"]);
    expect(cloudfront.invalidations("EHARBOUR")).toHaveLength(0);
  });

  test("of a distribution that does not exist, or one asked for that was never made, is not found", async () => {
    const { send } = world();
    const created = await send("POST", `${prefix}/ENOBODY/invalidation`, batch("one", ["/a"]));
    expect([created.status, codeIn(created.text)]).toEqual([404, "NoSuchDistribution"]);
    const asked = await send("GET", `${prefix}/EHARBOUR/invalidation/INOBODY`);
    expect([asked.status, codeIn(asked.text)]).toEqual([404, "NoSuchInvalidation"]);
  });

  test("beyond 3,000 paths or 15 wildcards in progress is refused until the earlier ones have completed", async () => {
    const { clock, send } = world();
    const create = async (reference: string, paths: readonly string[]): Promise<string> =>
      codeIn((await send("POST", `${prefix}/EHARBOUR/invalidation`, batch(reference, paths))).text);
    expect(await create("a", pathsOf(2999, ""))).toBe("");
    expect(await create("b", pathsOf(15, "*"))).toBe("");
    expect(await create("c", pathsOf(1, "", 5000))).toBe("");
    expect(await create("d", ["/more"])).toBe("TooManyInvalidationsInProgress");
    expect(await create("e", ["/more*"])).toBe("TooManyInvalidationsInProgress");
    clock.ms += 800;
    expect(await create("d", ["/more"])).toBe("");
    expect(await create("f", pathsOf(16, "*"))).toBe("TooManyInvalidationsInProgress");
    expect(await create("e", ["/more*"])).toBe("");
  });

  test.each([
    ["whose quantity is wrong", batch("one", ["/a"], 2), "InconsistentQuantities"],
    ["without paths", batch("one", []), "InvalidArgument"],
    ["without a reference", batch("", ["/a"]), "InvalidArgument"],
    ["without a body", "", "MissingBody"],
    ["that is no XML", "<InvalidationBatch><Paths>", "MalformedInput"],
    ["that is another document", "<Tagging/>", "MalformedInput"],
  ])("%s is refused", async (_, body, code) => {
    const { send } = world();
    const answer = await send("POST", `${prefix}/EHARBOUR/invalidation`, body);
    expect([answer.status, codeIn(answer.text)]).toEqual([400, code]);
  });

  test("is listed newest first, by pages", async () => {
    const { clock, send } = world();
    const ids: string[] = [];
    for (const name of ["one", "two", "three"]) {
      clock.ms += 1000;
      ids.unshift(idIn((await send("POST", `${prefix}/EHARBOUR/invalidation`, batch(name, ["/a"]))).text));
    }
    const first = await send("GET", `${prefix}/EHARBOUR/invalidation?MaxItems=2`);
    expect(idsListed(first.text)).toEqual(ids.slice(0, 2));
    expect(first.text).toContain(`<IsTruncated>true</IsTruncated>`);
    const second = await send("GET", `${prefix}/EHARBOUR/invalidation?MaxItems=2&Marker=${ids[1]}`);
    expect(idsListed(second.text)).toEqual(ids.slice(2));
    expect(second.text).toContain(`<IsTruncated>false</IsTruncated>`);
  });
});

describe("a distribution", () => {
  test("names its bucket, its region and its aliases, in full and in a list", async () => {
    const { send } = world();
    for (const path of [`${prefix}/EHARBOUR`, `${prefix}/EHARBOUR/config`, prefix]) {
      const { status, text } = await send("GET", path);
      expect(status).toBe(200);
      expect(text).toContain("<DomainName>harbour-site.s3.eu-central-1.amazonaws.com</DomainName>");
      expect(text).toContain("<CNAME>harbour.example</CNAME>");
    }
  });

  test("can be created by a request, but not twice with one reference or one alias", async () => {
    const { cloudfront, send } = world();
    const made = await send("POST", prefix, configOf("one", "quay.example"));
    expect(made.status).toBe(201);
    expect(cloudfront.distribution(idIn(made.text))).toMatchObject({
      bucket: "quay-site",
      originPath: "/live",
      defaultRootObject: "start.html",
      aliases: ["quay.example"],
    });
    expect(codeIn((await send("POST", prefix, configOf("one", "other.example"))).text)).toBe("DistributionAlreadyExists");
    expect(codeIn((await send("POST", prefix, configOf("two", "harbour.example"))).text)).toBe("CNAMEAlreadyExists");
    expect(codeIn((await send("POST", prefix, configOf("three", "x.example", "www.example"))).text)).toBe("InvalidOrigin");
  });

  test("what the sandbox does not do is never answered as if it were done", async () => {
    const { cloudfront, send } = world();
    for (const [method, path] of [
      ["PUT", `${prefix}/EHARBOUR/config`],
      ["DELETE", `${prefix}/EHARBOUR`],
      ["GET", "/2020-05-31/function"],
    ] as const) {
      const { status } = await send(method, path);
      expect(status).toBe(501);
    }
    expect(cloudfront.distributions()).toHaveLength(1);
  });
});

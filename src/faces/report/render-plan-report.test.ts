import { createHash } from "node:crypto";
import { parse, type DefaultTreeAdapterTypes } from "parse5";
import { describe, expect, test } from "vitest";
import { digestOf } from "../../../test/support/deploy-facts.ts";
import { hostileTexts } from "../../../test/support/hostile-texts.ts";
import { factsOf, fileOf, pngBytes, stageOf } from "../../../test/support/report-facts.ts";
import type { FileReport } from "../../operations/report/report-facts.ts";
import { renderPlanReport } from "./render-plan-report.ts";
import { renderVerifyReport } from "./render-verify-report.ts";

type Element = DefaultTreeAdapterTypes.Element;

function elementsOf(node: DefaultTreeAdapterTypes.Node): Element[] {
  const own = "tagName" in node ? [node] : [];
  return "childNodes" in node ? [...own, ...node.childNodes.flatMap(elementsOf)] : own;
}

function textsOf(node: DefaultTreeAdapterTypes.Node): string {
  if ("value" in node) return node.value;
  return "childNodes" in node ? node.childNodes.map(textsOf).join("") : "";
}

const attribute = (element: Element | undefined, name: string): string => element?.attrs.find((one) => one.name === name)?.value ?? "";

const allowed = new Set(
  "html head meta title style body a div header p h1 h2 h3 nav ul ol li main section footer dl dt dd table colgroup col thead tbody tr th td details summary span strong code del ins b i bdi br img figure figcaption article".split(
    " ",
  ),
);

/** Everything that could run, load or send something. */
function dangersIn(page: string): string[] {
  return elementsOf(parse(page)).flatMap(({ tagName, attrs }) => [
    ...(allowed.has(tagName) ? [] : [`<${tagName}>`]),
    ...attrs.flatMap(({ name, value }) => {
      if (/^on|^style$|srcdoc|^action$|^formaction$|^ping$/u.test(name)) return [`${name}=${value}`];
      if (name === "href") return value.startsWith("#") ? [] : [`href=${value}`];
      return name === "src" ? (/^data:image\/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/=]*$/u.test(value) ? [] : [`src=${value}`]) : [];
    }),
  ]);
}

const page = renderPlanReport(
  factsOf([fileOf({ path: "index.html", before: "<h1>Open at ten</h1>\n", after: "<h1>Open at nine</h1>\n" })]),
);

const hostileFile = (text: string, at: number): FileReport =>
  fileOf({
    path: `${text}-${at}.html`,
    before: `${text}\nsame\n`,
    after: `x${text}x\nsame\n${text}\n`,
    because: text,
    headers: { [text]: text, "content-type": text },
    loss: {
      vanishes: [{ kind: "heading", text, line: 1 }],
      returns: [{ kind: "link", text, line: 2, removedBy: text }],
      appears: [{ kind: "script", text, line: 3 }],
      tokens: [text],
    },
  });

const hostilePage = (text: string): string =>
  renderPlanReport(
    factsOf(
      [hostileFile(text, 0)],
      {
        title: text,
        site: text,
        emergency: text,
        merges: [text],
        changes: [{ id: text, title: text, by: text, commit: text }],
        refusals: [{ rule: "D7", code: "token-lost", paths: [text], message: text, remedy: text }],
      },
      { stage: stageOf(text, text) },
    ),
  );

describe("renderPlanReport", () => {
  test.each(hostileTexts)("whatever a page, key, header or name holds stays text: %j", (text) => {
    const hostile = hostilePage(text);
    expect(dangersIn(hostile)).toEqual([]);
    // One head, one style, one title: nothing has closed or opened any of them.
    expect(
      elementsOf(parse(hostile)).filter(({ tagName }) => tagName === "style" || tagName === "title" || tagName === "body"),
    ).toHaveLength(3);
  });

  test("the check for dangers sees them", () => {
    expect(dangersIn('<body onload="x"><script></script><img src="https://a.example"><a href="javascript:x">y</a>')).toHaveLength(4);
  });

  test("hostile text is there to be read", () => {
    expect(textsOf(parse(hostilePage("</style><script>alert(1)</script>")))).toContain("</style><script>alert(1)</script>");
  });

  test("what cannot be seen, or turns text around, is made visible", () => {
    const hostile = hostilePage("a\u202Ecod.exe\u0000\u200B\u2066\uFEFF");
    // oxlint-disable-next-line no-control-regex -- control characters are exactly what must not be there
    expect(hostile).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069\ufeff]/u);
    expect(textsOf(parse(hostile))).toContain("aU+202Ecod.exeU+0000U+200BU+2066U+FEFF");
  });

  test("emoji keep what they are made of", () => {
    expect(textsOf(parse(hostilePage("👩‍🚀 ❤️")))).toContain("👩‍🚀 ❤️");
  });

  test("the content security policy allows nothing but its own style and pictures in it", () => {
    const elements = elementsOf(parse(page));
    const policy = attribute(
      elements.find((element) => attribute(element, "http-equiv") === "Content-Security-Policy"),
      "content",
    );
    const style = elements.find(({ tagName }) => tagName === "style");
    const hash = createHash("sha256")
      .update(style ? textsOf(style) : "")
      .digest("base64");
    expect(policy).toBe(`default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`);
    expect(elements.filter(({ attrs }) => attrs.some(({ name }) => name === "style"))).toEqual([]);
    expect(
      attribute(
        elements.find((element) => attribute(element, "name") === "referrer"),
        "content",
      ),
    ).toBe("no-referrer");
    expect(
      attribute(
        elements.find((element) => attribute(element, "name") === "robots"),
        "content",
      ),
    ).toContain("noindex");
  });

  test("credentials do not leave, wherever they stand", () => {
    const key = `AKIA${"Q".repeat(16)}`;
    expect(hostilePage(`id ${key} https://user:hunter22@host.example/`)).not.toMatch(/AKIAQ|hunter22/u);
  });

  test("ids are used once, and every link within the page leads somewhere", () => {
    const elements = elementsOf(
      parse(
        renderPlanReport(
          factsOf(
            [0, 1, 2].map((at) => hostileFile("a", at)),
            {},
            { stage: stageOf("a") },
          ),
        ),
      ),
    );
    const ids = elements.map((element) => attribute(element, "id")).filter(Boolean);
    expect(new Set(ids).size).toBe(ids.length);
    const links = elements.map((element) => attribute(element, "href")).filter(Boolean);
    expect(links.filter((link) => !ids.includes(link.slice(1)))).toEqual([]);
    expect(links.length).toBeGreaterThan(6);
  });

  test("every picture and every table has its words", () => {
    const facts = factsOf([
      { ...fileOf({ path: "a.png", before: "x" }), detail: { kind: "pictures", before: { type: "image/png", bytes: pngBytes } } },
    ]);
    const elements = elementsOf(parse(renderPlanReport({ ...facts, stage: stageOf("index.html") })));
    const pictures = elements.filter(({ tagName }) => tagName === "img");
    expect(pictures.map((picture) => attribute(picture, "alt"))).toEqual(["a.png, now live", "index.html, now"]);
    const headings = elements.filter(({ tagName }) => tagName === "th");
    expect(headings.every((heading) => attribute(heading, "scope") !== "")).toBe(true);
  });

  test("the verdict says what a person runs next", () => {
    const files = [fileOf({ path: "index.html", before: "a\n", after: "b\n" })];
    expect(textsOf(parse(renderPlanReport(factsOf(files))))).toContain("belay apply 1a2b3c4d1a2b");
    const waiting = textsOf(parse(renderPlanReport(factsOf(files, { needs: { count: 2, keys: "security-key", approvers: "others" } }))));
    expect(waiting).toContain("● Waits for 2 approvals");
    expect(waiting).toContain("belay approve 1a2b3c4d1a2b");
    const given = {
      seq: 9,
      site: "default",
      target: "production",
      plan: digestOf("1"),
      signer: "ines",
      key: "SHA256:x",
      expires: "2031-05-21T00:00:00.000Z",
      signature: "",
    };
    const approved = factsOf(files, { needs: { count: 1, keys: "any", approvers: "anyone" } }, { approvals: [given] });
    expect(textsOf(parse(renderPlanReport(approved)))).toContain("Approved by ines.");
  });

  test("a refusal stands first, with its rule and the way on", () => {
    const refusals = [
      { rule: "D4", code: "warned", paths: ["index.html"], message: "somebody is at it", remedy: "belay warn list" } as const,
    ];
    const refused = textsOf(parse(renderPlanReport(factsOf([], { refusals }))));
    expect(refused).toContain("✖ Refused: nothing will be written");
    expect(refused).not.toContain("belay apply");
    expect(refused.replaceAll(/\s+/gu, " ")).toMatch(/D4 somebody is at it.*index\.html.*the way on ?belay warn list/u);
  });

  test("ten thousand files give a report of a few megabytes that says what it left out", () => {
    const line = "a line of some length that was changed here and there\n".repeat(300);
    const one = fileOf({ path: "page", before: line, after: line.toUpperCase() });
    const detailed = Array.from({ length: 60 }, (_, at): FileReport => ({ ...one, path: `pages/${at}.html` }));
    const listed = Array.from({ length: 9_940 }, (_, at): FileReport => ({ path: `img/${at}.jpg`, kind: "create", because: "new here" }));
    const whole = renderPlanReport(factsOf([...detailed, ...listed]));
    expect(Buffer.byteLength(whole)).toBeLessThan(8_000_000);
    expect(textsOf(parse(whole)).replaceAll(/\s+/gu, " ")).toMatch(/… and 8000 more files, by folder: img\/ 8000\..*only listed/u);
  });
});

describe("renderVerifyReport", () => {
  test.each(hostileTexts)("whatever visitors were sent stays text: %j", (text) => {
    const { made, target } = factsOf([]);
    expect(dangersIn(renderVerifyReport({ made, target, ...stageOf(text, text) }))).toEqual([]);
  });

  test("it says what is wrong with which file, and what was left out", () => {
    const { made, target } = factsOf([]);
    const text = textsOf(parse(renderVerifyReport({ made, target, ...stageOf("index.html", "stale at the edge") }))).replaceAll(
      /\s+/gu,
      " ",
    );
    expect(text).toContain("✖ Visitors get something else");
    expect(text).toMatch(/index\.html.*stale at the edge.*✖ wrong.*200.*other bytes/u);
    expect(text).toContain("1 picture left out");
  });
});

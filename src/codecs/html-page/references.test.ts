import { assert, property, string, uint8Array } from "fast-check";
import { describe, expect, test } from "vitest";
import { keyProblem } from "../../core/paths/key.ts";
import { cssReferences } from "./css-references.ts";
import { harborBytes } from "../../../test/support/harbor-page.ts";
import { references } from "./references.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const from = (key: string, page: string): readonly string[] => references(bytes(page), key);

describe("references", () => {
  test("a page's files are found wherever pages name them, each once", () => {
    expect(references(harborBytes(), "index.html")).toEqual([
      "favicon.svg",
      "css/site.css",
      "img/hero-dusk.jpg",
      "boat.html",
      "routes/index.html",
      "faq.html",
      "img/marisol-800.webp",
      "img/marisol-1600.webp",
      "img/marisol-800.jpg",
      "routes/lighthouse.html",
      "video/bay-loop.mp4",
      "img/bay-loop-poster.jpg",
      "js/menu.js",
    ]);
  });

  test("addresses are resolved from the page's own folder or the root", () => {
    expect(from("routes/bay/index.html", '<img src="a.png"><img src="../b.png"><img src="/c.png"><img src="./d/e.png?x=1#y">')).toEqual([
      "routes/bay/a.png",
      "routes/b.png",
      "c.png",
      "routes/bay/d/e.png",
    ]);
  });

  test("a base element moves what follows", () => {
    expect(from("a/index.html", '<base href="/shop/"><img src="x.png">')).toEqual(["shop/x.png"]);
    expect(from("a/index.html", '<base href="https://cdn.example/"><img src="x.png"><img src="/y.png">')).toEqual([]);
  });

  test("percent-encoding and entities are undone", () => {
    expect(from("index.html", '<img src="img/caf%C3%A9%20one.png"><a href="a&amp;b.html">x</a>')).toEqual(["img/café one.png", "a&b.html"]);
    expect(from("index.html", '<img src="100%.png">')).toEqual(["100%.png"]);
  });

  test("other hosts, other schemes and the page itself are left out", () => {
    const page =
      '<a href="https://x.example/a.html"></a><img src="//cdn.example/a.png"><a href="mailto:a@b.example"></a><img src="data:image/png;base64,AA"><a href="#top"></a><a href=""></a><a href="javascript:go()"></a><a href="index.html?x"></a>';
    expect(from("index.html", page)).toEqual([]);
  });

  test("a path that climbs above the root stays inside the site", () => {
    expect(from("index.html", '<img src="../../../etc/passwd"><img src="..%2f..%2fsecret">')).toEqual(["etc/passwd"]);
  });

  test("lazy images, srcsets and inline styles are read", () => {
    const page =
      '<img data-src="a.png" srcset="b.png 1x,c.png 2x, d,e.png 3x"><div style="background: url(&quot;f.png&quot;)"></div><link imagesrcset="g.png 1x" rel=preload>';
    expect(from("index.html", page)).toEqual(["a.png", "b.png", "c.png", "d,e.png", "f.png", "g.png"]);
  });

  test("text and scripts that look like markup are not read as such", () => {
    expect(
      from(
        "index.html",
        '<script>const a = \'<img src="no.png">\';</script><textarea><img src="no.png"></textarea><!-- <img src="no.png"> --><img src="yes.png">',
      ),
    ).toEqual(["yes.png"]);
  });

  test("whatever stands in a page, only keys come out", () => {
    assert(
      property(string({ unit: "binary" }), (address) => {
        const keys = from("a/b.html", `<img src="${address}"><style>a { background: url(${address}) }</style>`);
        expect(keys.map(keyProblem).filter((problem) => problem !== undefined)).toEqual([]);
      }),
    );
    assert(
      property(uint8Array(), (any) => {
        expect(Array.isArray(references(any, "index.html"))).toBe(true);
      }),
    );
  });
});

describe("cssReferences", () => {
  test("urls and imports are resolved from the style sheet", () => {
    const sheet =
      '@import "base.css";\n@import url(theme/dark.css);\n.a { background: url("../img/a.png") no-repeat, url( \'/b.png\' ) }\n/* url(no.png) */ .c { src: url(https://x.example/f.woff2) }';
    expect(cssReferences(bytes(sheet), "css/site.css")).toEqual(["css/base.css", "css/theme/dark.css", "img/a.png", "b.png"]);
  });
});

import { describe, expect, it } from "vitest";
import { compareInventories } from "../../core/records/features/compare-inventories.ts";
import { featureText } from "../../core/records/features/page-feature.ts";
import { inventoryOf } from "./inventory-of.ts";

const featuresOf = (page: string): readonly string[] => inventoryOf(new TextEncoder().encode(page)).map(featureText);
const script = (source: string): readonly string[] => featuresOf(`<script>${source}</script>`);

const rich = `<!doctype html><title>Sunset trip</title>
<form id="photos" method="post" action="/api/photos" enctype="multipart/form-data">
  <input type="hidden" name="guest_token"><input name="email" type="email" required maxlength="80">
  <input type="file" name="photo" accept="image/*" multiple>
  <div style="position:absolute;left:-9999px" aria-hidden="true"><input name="website" tabindex="-1" autocomplete="off"></div>
  <button>Send</button>
</form>
<blockquote class="instagram-media"></blockquote>
<video src="/deck.mp4"></video>
<script>
  const API = { base: "https://api.example.com", photos: "/v1/photos" };
  const CUTOFF_UTC = "2026-06-02T03:00:00Z";
  const token = new URLSearchParams(location.search).get("t");
  async function send(path, body) {
    return fetch(\`\${API.base}\${path}?token=\${token}\`, { method: "POST", headers: { "X-Guest-Token": token }, body });
  }
  document.getElementById("photos").addEventListener("submit", async (event) => {
    if (new Date() > new Date(CUTOFF_UTC)) return;
    const file = event.target.photo.files[0];
    if (file.size > 8000000 || !file.type.startsWith("image/")) return;
    localStorage.setItem("sent", "1");
    await send(API.photos, new FormData(event.target));
  });
  fetch("https://graph.instagram.com/me/media?fields=id").then((r) => r.json());
</script>`;

/** The same behaviour, as a minifier leaves it. */
const minified = `<form id=photos method=post action=/api/photos><input type=hidden name=guest_token><input name=email type=email required maxlength=80><input type=file name=photo accept=image/* multiple><div style="left:-9999px"><input name=website tabindex=-1 autocomplete=off></div><button>Send</button></form><blockquote class=instagram-media></blockquote><video src=/deck.mp4></video><script>!function(){var e={a:"https://api.example.com",b:"/v1/photos"},t=new URLSearchParams(location.search).get("t"),n=window.fetch;function o(o,r){return n("".concat(e.a).concat(o,"?token=").concat(t),{method:"POST",headers:{"X-Guest-Token":t},body:r})}document.getElementById("photos").addEventListener("submit",function(t){if(!(Date.now()>Date.parse("2026-06-02T03:00:00Z"))){var n=t.target.photo.files[0];n.size>8e6||!n.type.startsWith("image/")||(localStorage.setItem("sent","1"),o(e.b,new FormData(t.target)))}}),n("https://graph.instagram.com/me/media?fields=id").then(function(e){return e.json()})}()</script>`;

const plain = `<!doctype html><title>Sunset trip</title><p>4:30–7:30 PM</p><a href="tel:+15550100">Call</a>`;

describe("what a page does", () => {
  it("is told by behaviour: forms, uploads, endpoints, guards, tokens, embeds, players, listeners, cut-offs", () => {
    expect(featuresOf(rich).toSorted()).toEqual(
      [
        "form: POST /api/photos",
        "endpoint: POST /api/photos",
        "token: hidden field guest_token",
        "field: email (email)",
        "validation: email required",
        "validation: email maxlength",
        "validation: email is email",
        "field: photo (file)",
        "upload: chooses files",
        "spam-guard: honeypot field",
        "embed: instagram",
        "player: video",
        "token: reads ?t",
        "token: sends token",
        "token: sends X-Guest-Token",
        "endpoint: POST //api.example.com/v1/photos?token",
        "endpoint: GET //graph.instagram.com/me/media?fields",
        "listener: submit",
        "cut-off: compares now with a time",
        "upload: reads files that were chosen",
        "validation: checks the size of files",
        "validation: checks the type of files",
        "storage: localStorage sent",
      ].toSorted(),
    );
  });

  it("is the same however its code is called and laid out", () => {
    expect(featuresOf(minified).toSorted()).toEqual(featuresOf(rich).toSorted());
  });

  it("does not count comments, commented-out code, templates, dead branches, or functions that nothing calls", () => {
    for (const page of [
      `<!-- <form action="/a"><input type="file"></form> -->`,
      `<template><form action="/a"><input name="x"></form><script>fetch("/a")</script></template>`,
      `<noscript><form action="/a"></form></noscript>`,
      `<script>// fetch("/a")\n/* localStorage.setItem("a", 1) */</script>`,
      `<script>if (false) fetch("/a"); if (!1) { fetch("/b") }</script>`,
      `<script>function old() { fetch("/a") } const unused = () => fetch("/b");</script>`,
      `<script>(function () { return; fetch("/a") })()</script>`,
      `<script type="text/plain">fetch("/a")</script>`,
      `<script>const text = "fetch('/a')";</script>`,
    ]) {
      expect([page, featuresOf(page)]).toEqual([page, []]);
    }
  });

  it("counts a function that an attribute names, and the event that calls it", () => {
    expect(
      featuresOf(`<button onclick="send()">x</button><script>function send() { navigator.sendBeacon("/seen?id=" + 4) }</script>`),
    ).toEqual(["listener: click", "endpoint: POST /seen?id"]);
  });

  it("finds endpoints by every way of calling them", () => {
    expect(script(`const x = new XMLHttpRequest(); x.open("put", "/a/" + id)`)).toEqual(["endpoint: PUT /a/{}"]);
    expect(
      script(`axios.post("/a"); axios({ url: "/b", method: "delete" }); $.ajax({ type: "POST", url: "/c" }); new EventSource("/d")`),
    ).toEqual(["endpoint: POST /a", "endpoint: DELETE /b", "endpoint: POST /c", "endpoint: EVENTS /d"]);
    expect(script(`const post = (path) => fetch("/api" + path, { method: "POST" }); post("/a"); post("/b")`)).toEqual([
      "endpoint: POST /api/a",
      "endpoint: POST /api/b",
    ]);
    expect(script(`fetch(anything); let either = "/a"; if (x) either = "/b"; fetch(either)`)).toEqual([]);
  });

  it("reads markup that a script writes, scripts that are wrong, and guards by the services that give them", () => {
    expect(script(`box.innerHTML = '<input type="file" name="photo">'`)).toEqual(["field: photo (file)", "upload: chooses files"]);
    expect(script(`fetch("/a"); if (`)).toEqual(["endpoint: GET /a"]);
    expect(featuresOf(`<div class="cf-turnstile"></div><script src="https://www.google.com/recaptcha/api.js"></script>`)).toEqual([
      "spam-guard: turnstile",
      "spam-guard: recaptcha",
    ]);
    expect(featuresOf(`<script src="/app.3f2a1b9c.js?v=3"></script><iframe src="https://www.youtube.com/embed/x"></iframe>`)).toEqual([
      "script: /app.*.js",
      "player: youtube",
    ]);
  });

  it("takes a field for a trap only where people cannot see it", () => {
    const field = '<input name="website" tabindex="-1">';
    expect(featuresOf(field)).toEqual(["field: website (text)"]);
    expect(featuresOf(`<div hidden>${field}</div>`)).toEqual(["spam-guard: honeypot field"]);
    expect(featuresOf(`<div hidden><p>x</p></div>${field}`)).toEqual(["field: website (text)"]);
  });

  it("tells a countdown and a cut-off from other arithmetic with now", () => {
    expect(script(`const end = new Date("2026-06-02"); const left = end - Date.now()`)).toEqual(["cut-off: counts down to a time"]);
    expect(script(`if (Date.now() - last > 100) last = Date.now()`)).toEqual([]);
  });

  it("says where it saw each thing", () => {
    const features = inventoryOf(new TextEncoder().encode(`<p>\n<form action="/a">\n</form>\n<script>\n\nfetch("/b")</script>`));
    expect(features.map(({ name, evidence }) => [name, evidence])).toEqual([
      ["GET /a", "<form>, line 2"],
      ["GET /a", "<form>, line 2"],
      ["GET /b", "script, line 6"],
    ]);
  });

  it("takes neither forever nor everything on pages without measure", () => {
    const startMs = performance.now();
    for (const part of ["<div hidden>", "<form action=a>", "<script>a=a.b;", "(((((", "a?a:b?", "`${"])
      featuresOf(`<script>${part.repeat(3_000)}`);
    for (const part of ["<div hidden>", "<form action=a>", "<p onclick='f('>"]) featuresOf(part.repeat(5_000));
    expect(performance.now() - startMs).toBeLessThan(10_000);
  });
});

const compared = (a: string, b: string) =>
  compareInventories(inventoryOf(new TextEncoder().encode(a)), inventoryOf(new TextEncoder().encode(b)));

describe("which of two pages does more", () => {
  it("is the one that has all of the other and more, not the longer one", () => {
    const padded = plain.replace("<p>", `<p>${"words and words ".repeat(4000)}`);
    expect(compared(rich, "<p>4:30</p>").richer).toBe("a");
    expect(compared(padded, rich + plain).richer).toBe("b");
    expect(compared(plain, padded).richer).toBe("neither");
    expect(compared(rich, minified)).toMatchObject({ richer: "neither", onlyA: [], onlyB: [] });
  });

  it("is for a person to say where each has something of its own", () => {
    const { richer, onlyA, onlyB, shared } = compared(rich, plain);
    expect([richer, onlyB.map(featureText), shared]).toEqual(["both", ["navigation: tel link"], []]);
    expect(onlyA.length).toBeGreaterThan(20);
  });
});

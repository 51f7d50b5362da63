/** The style sheet of every report: calm, without frameworks, in light and dark, on paper and on narrow screens. */

import { recordsStyle } from "./records-style.ts";

const colours = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --line: #dfe3e8; --soft: #eef1f4; --ink: #1a1d21; --dim: #57606a; --link: #0b57b0;
  --good: #1a6b3c; --good-back: #e6f4ea; --bad: #a8231b; --bad-back: #fdeceb; --wait: #7a4a00; --wait-back: #fff3d9;
  --gone: #ffecea; --gone-mark: #ffc7c2; --come: #e7f6ec; --come-mark: #aee3bf; --shadow: 0 1px 2px rgb(20 30 40 / 6%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #121518; --card: #1a1e23; --line: #313841; --soft: #232930; --ink: #e7eaee; --dim: #a0a9b4; --link: #8ab8ff;
    --good: #82d9a2; --good-back: #15301f; --bad: #ff9f97; --bad-back: #3a1b1a; --wait: #f2c46d; --wait-back: #352708;
    --gone: #331d1d; --gone-mark: #7a2f2b; --come: #15291d; --come-mark: #245e3a; --shadow: none;
  }
}`;

const base = `
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
code, pre, .mono, .diff { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; }
code, .mono { font-size: .875em; overflow-wrap: anywhere; }
h1, h2, h3, p, dl, dd, ul, ol, figure, pre { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1 { font-size: clamp(1.45rem, 1.1rem + 1.6vw, 2rem); line-height: 1.2; font-weight: 650; letter-spacing: -.015em; overflow-wrap: anywhere; text-wrap: balance; }
h2 { font-size: 1.15rem; line-height: 1.3; font-weight: 650; margin: 2.5rem 0 .75rem; }
h3 { font-size: .9rem; font-weight: 650; margin: 1.25rem 0 .5rem; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
img { display: block; max-width: 100%; }
bdi { overflow-wrap: anywhere; }
.wrap { max-width: 76rem; margin: 0 auto; padding: 1.75rem 1.25rem 4rem; }
.skip { position: absolute; left: 1rem; top: -4rem; background: var(--card); padding: .5rem 1rem; border: 1px solid var(--line); border-radius: 0 0 8px 8px; z-index: 2; }
.skip:focus { top: 0; }
.dim { color: var(--dim); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.u { font: 600 .72em/1 ui-monospace, monospace; padding: .1em .3em; margin: 0 .1em; border: 1px solid currentColor; border-radius: 3px; color: var(--bad); background: var(--bad-back); unicode-bidi: isolate; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; box-shadow: var(--shadow); }
.over { color: var(--dim); font-size: .875rem; margin-bottom: .35rem; overflow-wrap: anywhere; }
.lead { margin-top: .6rem; font-size: 1.075rem; max-width: 46rem; overflow-wrap: anywhere; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; margin: 1.1rem 0 0; font-size: .9rem; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .85rem; color: var(--dim); max-width: 60rem; }`;

const verdict = `
.verdict { margin-top: 1.5rem; padding: 1.1rem 1.25rem 1.2rem; border-left-width: 5px; }
.verdict > h2 { margin: 0; }
.verdict p { margin-top: .35rem; max-width: 50rem; overflow-wrap: anywhere; }
.good { border-left-color: var(--good); } .bad { border-left-color: var(--bad); } .wait { border-left-color: var(--wait); }
.good > h2, .state.good { color: var(--good); } .bad > h2, .state.bad { color: var(--bad); } .wait > h2, .state.wait { color: var(--wait); }
.run { display: block; margin-top: .75rem; }
.run span { display: block; font-size: .8rem; color: var(--dim); }
.run code { display: block; margin-top: .2rem; padding: .55rem .75rem; border: 1px solid var(--line); border-radius: 6px; background: var(--soft); font-size: .9rem; white-space: pre-wrap; user-select: all; }
.refusals { display: grid; gap: 1rem; margin-top: 1rem; }
.refusals > li { padding-top: 1rem; border-top: 1px solid var(--line); }
.refusals strong { color: var(--bad); }
.state { font-weight: 600; white-space: nowrap; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 11.5rem), 1fr)); gap: .9rem 2rem; margin-top: 1.25rem; padding: 1.1rem 1.25rem; }
.facts dt { font-size: .78rem; color: var(--dim); }
.facts dd { overflow-wrap: anywhere; font-size: .95rem; }
.facts .wide { grid-column: 1 / -1; }
.proof { padding: .4rem 1.25rem; }
.proof div { display: grid; grid-template-columns: 13rem minmax(0, 1fr); gap: 0 1rem; padding: .5rem 0; }
.proof div + div { border-top: 1px solid var(--line); }
.proof dt { color: var(--dim); font-size: .9rem; }
.proof dd { overflow-wrap: anywhere; font-size: .95rem; }
.proof li + li { margin-top: .15rem; }`;

const tables = `
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline-offset: -3px; }
table.list { width: 100%; border-collapse: collapse; font-size: .92rem; }
.list th { text-align: left; font-weight: 600; font-size: .78rem; color: var(--dim); white-space: nowrap; }
.list th, .list td { padding: .5rem .85rem; vertical-align: top; }
.list tbody tr { border-top: 1px solid var(--line); }
.list td { overflow-wrap: anywhere; }
.list td.tight { white-space: nowrap; overflow-wrap: normal; }
.list .num { text-align: right; white-space: nowrap; overflow-wrap: normal; font-variant-numeric: tabular-nums; }
.list td ul { font-size: .92em; color: var(--bad); }
.tag { display: inline-block; min-width: 4.6rem; padding: .05rem .5rem; border-radius: 99px; font-size: .78rem; font-weight: 600; text-align: center; white-space: nowrap; background: var(--soft); color: var(--dim); }
.tag.create { background: var(--come); color: var(--good); } .tag.delete, .tag.held { background: var(--gone); color: var(--bad); } .tag.replace { background: var(--wait-back); color: var(--wait); }
.plus { color: var(--good); } .minus { color: var(--bad); } .count { white-space: nowrap; font-variant-numeric: tabular-nums; }`;

const files = `
.file { margin-top: 1rem; overflow: clip; scroll-margin-top: 1rem; }
.file > summary { display: flex; flex-wrap: wrap; align-items: baseline; gap: .3rem .8rem; padding: .8rem 1.1rem; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
.file > summary::before { content: "▸"; color: var(--dim); width: .8em; flex: none; }
.file[open] > summary::before { content: "▾"; }
.file > summary:hover { background: var(--soft); }
.file > summary:focus-visible { outline-offset: -3px; border-radius: 10px; }
.file .path { font-weight: 600; overflow-wrap: anywhere; min-width: 0; }
.file .meta { margin-left: auto; color: var(--dim); font-size: .87rem; }
.inside { border-top: 1px solid var(--line); padding: .9rem 1.1rem 1.1rem; }
.inside > p { font-size: .92rem; overflow-wrap: anywhere; }
.inside > p + p { margin-top: .25rem; }
.inside .list th:first-child, .inside .list td:first-child { padding-left: 0; }
.terms { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1rem; margin-top: 1rem; }
.terms > section { padding: .8rem 1rem .9rem; border-radius: 8px; background: var(--soft); border-top: 3px solid var(--line); }
.terms .lose { background: var(--gone); border-top-color: var(--bad); } .terms .gain { background: var(--come); border-top-color: var(--good); }
.terms h3 { margin: 0 0 .4rem; }
.terms .lose h3 { color: var(--bad); } .terms .gain h3 { color: var(--good); }
.terms li { display: grid; grid-template-columns: 4.6rem minmax(0, 1fr); gap: .5rem; padding: .12rem 0; font-size: .92rem; }
.terms li > span:first-child { color: var(--dim); font-size: .85rem; line-height: 1.7; }
.terms li > span:last-child { overflow-wrap: anywhere; }
.terms p { font-size: .9rem; margin-top: .4rem; }`;

const diff = `
.diff { margin-top: 1rem; border: 1px solid var(--line); border-radius: 8px; overflow: clip; font-size: .8rem; line-height: 1.5; }
.diff table { width: 100%; border-collapse: collapse; table-layout: fixed; }
.diff .w { width: 3.9rem; }
.diff th { padding: .35rem .6rem; text-align: left; font: 600 .75rem/1.5 system-ui, sans-serif; color: var(--dim); background: var(--soft); border-bottom: 1px solid var(--line); }
.diff th + th, .diff td.n.r { border-left: 1px solid var(--line); }
.diff td { vertical-align: top; padding: 0; }
.diff .n { text-align: right; padding: 0 .45rem 0 .2rem; color: var(--dim); user-select: none; white-space: nowrap; font-variant-numeric: tabular-nums; }
.diff .n b { display: inline-block; width: .8em; text-align: center; font-weight: 700; }
.diff .t { padding: 0 .6rem 0 .2rem; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 2; unicode-bidi: isolate; }
.diff .g { background: var(--gone); } .diff .c { background: var(--come); } .diff .e { background: var(--soft); }
.diff .g b { color: var(--bad); } .diff .c b { color: var(--good); }
.diff del, .diff ins { text-decoration: none; border-radius: 2px; color: inherit; }
.diff del { background: var(--gone-mark); text-decoration: line-through; text-decoration-thickness: 1px; } .diff ins { background: var(--come-mark); text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .2em; }
.diff .x { color: var(--dim); background: var(--soft); border-radius: 3px; padding: 0 .3em; font-family: system-ui, sans-serif; font-size: .9em; }
.fold { border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); background: var(--soft); }
.fold > summary, .fold > p { padding: .25rem .7rem; color: var(--dim); font: .8rem/1.6 system-ui, sans-serif; list-style: none; }
.fold > summary { cursor: pointer; }
.fold > summary::before { content: "+ "; } .fold[open] > summary::before { content: "− "; }
.fold > summary:hover { color: var(--ink); }
.fold > summary:focus-visible { outline-offset: -3px; }
.fold table { background: var(--card); }
.pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; margin-top: 1rem; }
.pair + p { margin-top: .75rem; }
.pair figcaption { font-size: .85rem; color: var(--dim); margin-bottom: .35rem; }
.pair img { border: 1px solid var(--line); border-radius: 6px; background: repeating-conic-gradient(var(--soft) 0 25%, transparent 0 50%) 0 0 / 18px 18px; }
.shot summary { cursor: zoom-in; list-style: none; }
.shot summary img { width: 100%; max-height: 24rem; object-fit: cover; object-position: top; }
.shot[open] { grid-column: 1 / -1; } .shot[open] summary { cursor: zoom-out; } .shot[open] summary img { max-height: none; width: auto; }
.look { margin-top: 1rem; padding: 1rem 1.1rem; }
.look h3 { margin: 0; overflow-wrap: anywhere; }
.look > ul { margin-top: .5rem; font-size: .92rem; color: var(--bad); overflow-wrap: anywhere; }`;

const places = `
@media (max-width: 700px) {
  .wrap { padding: 1.1rem .8rem 3rem; }
  .proof div { grid-template-columns: minmax(0, 1fr); }
  .pair { grid-template-columns: minmax(0, 1fr); }
  .file .meta { margin-left: 0; width: 100%; padding-left: 1.6em; }
  .inside { padding: .8rem; }
  .list.stack thead { display: none; }
  .list.stack, .list.stack tbody, .list.stack tr, .list.stack td { display: block; width: 100%; }
  .list.stack tr { padding: .55rem .85rem; }
  .list.stack td { padding: .1rem 0; text-align: left; white-space: normal; }
  .list.stack td:empty { display: none; }
  .list.stack td.num:not(:empty) { display: inline; padding-right: .9rem; }
  .list.stack td[data-h]::before { content: attr(data-h) ": "; color: var(--dim); font-size: .85em; }
  .diff table, .diff tbody { display: block; }
  .diff thead, .diff colgroup { display: none; }
  .diff tr { display: grid; grid-template-columns: 3.4rem minmax(0, 1fr); }
  .diff td.n.r { border-left: 0; }
  .diff .e, .diff tr.s > .r { display: none; }
}
@media print {
  :root { color-scheme: light; }
  body { background: #fff; font-size: 10pt; }
  .wrap { max-width: none; padding: 0; }
  .skip, nav { display: none; }
  .card { box-shadow: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .diff tr, .refusals li, .proof div, .list tr, .shot { break-inside: avoid; }
  .file > summary { break-after: avoid; }
  .g, .c, del, ins, .tag, .lose, .gain { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }`;

/** One text: its hash stands in every report's content security policy. */
export const reportStyle: string = [colours, base, verdict, tables, files, diff, recordsStyle, places].join("\n");

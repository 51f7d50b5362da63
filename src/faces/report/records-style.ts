/** Styles of what only reports about records have: the matrix and the timeline. */
export const recordsStyle: string = `
.record { margin-top: 1.25rem; padding: 1.1rem 1.25rem 1.3rem; }
.record > h3 { margin: 0 0 .5rem; font-size: 1.05rem; overflow-wrap: anywhere; }
.record h4 { font-size: .85rem; color: var(--dim); margin: 1.2rem 0 .35rem; font-weight: 650; }
.matrix { border-collapse: collapse; font-size: .92rem; min-width: 100%; }
.matrix th, .matrix td { text-align: left; vertical-align: top; padding: .45rem .7rem; border-top: 1px solid var(--line); }
.matrix thead th { border-top: 0; font-size: .78rem; color: var(--dim); }
.matrix td { min-width: 8.5rem; overflow-wrap: break-word; }
.matrix th { white-space: nowrap; } .matrix th bdi, .matrix td bdi { overflow-wrap: inherit; }
.matrix .v { display: block; font-variant-numeric: tabular-nums; }
.matrix .w { display: block; font-size: .78rem; }
.matrix .good .w { color: var(--good); } .matrix .bad { background: var(--bad-back); } .matrix .bad .w { color: var(--bad); }
.matrix .wait { background: var(--wait-back); } .matrix .wait .w { color: var(--wait); } .matrix .dim .w, .matrix .dim .v { color: var(--dim); }
.evidence li { padding: .2rem 0; font-size: .92rem; overflow-wrap: anywhere; }
.evidence q { quotes: "“" "”"; font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .9em; }
.moments { border-left: 2px solid var(--line); margin-left: .3rem; }
.moments > li { position: relative; padding: .3rem 0 .5rem 1.1rem; font-size: .92rem; overflow-wrap: anywhere; }
.moments > li::before { content: ""; position: absolute; left: -5px; top: .75rem; width: 8px; height: 8px; border-radius: 50%; background: var(--dim); }
.moments > li.bad::before { background: var(--bad); }
.moments .against { color: var(--bad); }
.edit { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: .2rem 1rem; padding: .45rem 0; border-top: 1px solid var(--line); font-size: .92rem; }
.edit > :first-child { grid-column: 1 / -1; color: var(--dim); font-size: .85rem; overflow-wrap: anywhere; }
.edit del, .edit ins { text-decoration: none; overflow-wrap: anywhere; padding: .1rem .4rem; border-radius: 4px; }
.edit del { background: var(--gone); text-decoration: line-through; text-decoration-thickness: 1px; } .edit ins { background: var(--come); }
@media (max-width: 700px) { .record { padding: .9rem; } .edit { grid-template-columns: minmax(0, 1fr); } }
@media print { .matrix .bad, .matrix .wait, .edit del, .edit ins { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }`;

/** The page's style. Colours say nothing that the words beside them do not say as well. */
export const PAGE_STYLE = String.raw`
:root {
  color-scheme: light dark;
  --paper: #f4f6f8; --card: #fff; --ink: #1a2129; --soft: #56616d; --line: #dfe4e9; --shade: #eef1f4;
  --link: #1b5f92; --focus: #1b5f92;
  --stale: #b3201b; --stale-bg: #fdecea; --undecided: #855100; --undecided-bg: #fdf1dc;
  --live: #1d6a8c; --live-bg: #e3f1f7; --good: #2a6a3f; --leaked: #7c4d9e;
  --bar-past: #a9bccb; --bar-past-ink: #16222d; --bar-live: #24759f; --bar-stale: #c9352e; --bar-undecided: #9c6107;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #11161b; --card: #191f26; --ink: #e2e8ed; --soft: #9aa7b3; --line: #2b343d; --shade: #212932;
    --link: #85bfea; --focus: #85bfea;
    --stale: #ff9a92; --stale-bg: #45201f; --undecided: #f2bd63; --undecided-bg: #3d2f14;
    --live: #82c6e6; --live-bg: #173443; --good: #8fd0a4; --leaked: #c9a3e6;
    --bar-past: #41525f; --bar-past-ink: #e2e8ed; --bar-live: #2a7499; --bar-stale: #b8403a; --bar-undecided: #96600f;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 5rem; }
body {
  margin: 0 auto; padding: 1rem clamp(.75rem, 2.5vw, 2rem) 3rem; max-width: 1500px;
  background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums;
}
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 2px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
code, pre, th[scope=row], .name, .free li, .attention a { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 12.5px; }
small { font-size: 12px; color: var(--soft); }
h1 { font-size: 1.25rem; margin: 0; letter-spacing: -.01em; }
h2 { font-size: .95rem; margin: 0; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; padding: .4rem .7rem; background: var(--card); z-index: 9; }

header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .1rem 1.1rem; color: var(--soft); }
header h1 { color: var(--ink); }
header p { margin: 0; display: flex; flex-wrap: wrap; gap: 0 1.1rem; }
header p:last-child { margin-left: auto; gap: 0 .4rem; }
#age.old { color: var(--undecided); font-weight: 600; }

.tiles { display: grid; grid-template-columns: repeat(6, 1fr); margin: .8rem 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.tile { display: flex; flex-direction: column; padding: .55rem .9rem .6rem; border-left: 1px solid var(--line); box-shadow: inset 0 3px 0 var(--tint, transparent); }
.tile:first-child { border-left: 0; }
.tile dd { margin: 0; font-size: 1.55rem; line-height: 1.15; font-weight: 600; color: var(--tint, inherit); }
.tile dt { color: var(--soft); font-size: 12.5px; }
.tile.zero dd { color: var(--soft); font-weight: 400; }
.tile.stale { --tint: var(--stale); } .tile.undecided { --tint: var(--undecided); } .tile.released { --tint: var(--good); }

section.warnings, section.attention, section.released, .calm, .pool { background: var(--card); border: 1px solid var(--line); border-radius: 8px; margin: .7rem 0; }
section.warnings, section.attention, section.released, .calm { padding: .65rem .9rem; }
section.warnings { border-left: 4px solid var(--bar-undecided); }
.warnings ul { margin: .3rem 0 0; padding-left: 1.1rem; }
.warnings summary { cursor: pointer; margin-top: .3rem; }
.calm { color: var(--good); }
.attention ol { list-style: none; margin: .35rem 0 0; padding: 0; max-height: 24rem; overflow: auto; }
.attention li { display: grid; grid-template-columns: 5.6rem minmax(0, 1fr) minmax(0, 1.4fr); gap: 0 .7rem; align-items: baseline; padding: .2rem 0; border-top: 1px solid var(--line); }
.attention li:first-child { border-top: 0; }
.facts b { display: inline-block; min-width: 4.6rem; }

.pill { display: inline-block; padding: 0 .5em; border-radius: 99px; font-size: 12px; font-weight: 600; line-height: 1.55; white-space: nowrap; justify-self: start; }
.pill.stale { color: var(--stale); background: var(--stale-bg); }
.pill.undecided { color: var(--undecided); background: var(--undecided-bg); }
.pill.live { color: var(--live); background: var(--live-bg); }

#filter { position: sticky; top: 0; z-index: 3; display: flex; flex-wrap: wrap; gap: .45rem .9rem; align-items: center; padding: .5rem 0; background: var(--paper); border-bottom: 1px solid var(--line); }
#words { flex: 1 1 15rem; max-width: 26rem; min-width: 0; padding: .4rem .65rem; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--soft); border-radius: 6px; }
#words::placeholder { color: var(--soft); opacity: 1; }
fieldset { display: flex; flex-wrap: wrap; gap: .15rem .85rem; margin: 0; padding: 0; border: 0; min-width: 0; }
label { display: inline-flex; align-items: center; gap: .3rem; min-height: 24px; }
label span { color: var(--soft); }
input[type=checkbox] { width: 16px; height: 16px; margin: 0; accent-color: var(--link); }
button { font: inherit; font-size: 12.5px; min-height: 26px; padding: .1rem .6rem; color: var(--link); background: none; border: 1px solid var(--line); border-radius: 6px; cursor: pointer; }
button + button { margin-left: .3rem; }
button:hover { background: var(--shade); }
#shown { color: var(--soft); margin-left: auto; }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; list-style: none; margin: .6rem 0 0; padding: 0; color: var(--soft); font-size: 12px; }
.legend svg { vertical-align: -1px; margin-right: .15rem; }

.pool > summary { display: flex; flex-wrap: wrap; align-items: baseline; gap: .1rem .8rem; padding: .5rem .9rem; cursor: pointer; list-style: none; border-radius: 8px; }
.pool > summary::-webkit-details-marker { display: none; }
.pool > summary::before { content: ""; width: .42em; height: .42em; border: solid var(--soft); border-width: 0 2px 2px 0; transform: rotate(-45deg); align-self: center; margin-right: -.1rem; }
.pool[open] > summary::before { transform: rotate(45deg); }
.pool > summary:hover { background: var(--shade); }
.pool h2 { min-width: 0; }
.counts { display: flex; flex-wrap: wrap; gap: 0 .8rem; color: var(--soft); font-size: 13px; }
.note, .free, .timeline { margin: .5rem .9rem .7rem; }
.note { color: var(--soft); font-size: 12.5px; }

table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
th, td { text-align: left; vertical-align: top; padding: .38rem .9rem .42rem 0; border-top: 1px solid var(--line); }
thead th { border-top: 0; padding-block: .15rem .25rem; font-size: 12px; font-weight: 500; color: var(--soft); }
th[scope=row] { font-weight: 600; }
.locks { border-top: 1px solid var(--line); }
.locks tr > :first-child { padding-left: .9rem; box-shadow: inset 3px 0 0 var(--edge, transparent); }
.locks tr.stale { --edge: var(--bar-stale); } .locks tr.undecided { --edge: var(--bar-undecided); }
.locks tr:target { background: var(--shade); }
.locks th:nth-child(1) { width: 17%; } .locks th:nth-child(2) { width: 9.5rem; } .locks th:nth-child(3) { width: 21%; } .locks th:nth-child(4) { width: 10rem; }
.locks { table-layout: fixed; }
td b { white-space: nowrap; }
.locks td > small { display: block; }

.evidence > summary, .holds > summary { display: inline-block; color: var(--link); font-size: 12px; cursor: pointer; min-height: 24px; padding-top: 3px; }
.evidence > summary::after, .holds > summary::after { content: " \25BE"; }
.evidence[open] > summary::after, .holds[open] > summary::after { content: " \25B4"; }
/* In the line of the sentence where the browser can; below it where not. */
.evidence, .evidence > summary { display: inline; }
.evidence > summary { margin-left: .35rem; white-space: nowrap; }
dl { margin: 0; }
.evidence dl { margin: .3rem 0 .1rem; padding: .3rem .7rem .45rem; background: var(--shade); border-radius: 6px; }
.evidence dt { font-size: 12px; color: var(--soft); }
.evidence dd { margin: 0 0 .25rem; }
pre { margin: .2rem 0; max-height: 9rem; overflow: auto; white-space: pre-wrap; }
.status { font-weight: 600; }
.status.failed, .status.errored { color: var(--stale); } .status.aborted { color: var(--undecided); }
.status.succeeded { color: var(--good); } .status.started, .status.pending { color: var(--live); }

.free { display: flex; gap: .25rem .8rem; font-size: 12.5px; color: var(--soft); }
.free > span { white-space: nowrap; }
.free ul { display: flex; flex-wrap: wrap; gap: .1rem .8rem; list-style: none; margin: 0; padding: 0; min-width: 0; color: var(--ink); }

figure { margin: 0; }
.timeline { padding-top: .5rem; border-top: 1px solid var(--line); }
.pool > .timeline:nth-child(2) { border-top: 0; padding-top: 0; }
figcaption { font-size: 12.5px; color: var(--soft); margin-bottom: .15rem; }
.row { display: grid; grid-template-columns: minmax(0, 17%) minmax(0, 1fr); gap: .7rem; align-items: center; min-height: 20px; }
.row .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.row svg { display: block; }
.rows line { stroke: var(--line); }
.axis text { fill: var(--soft); font-size: 11px; }
g.past rect { fill: var(--bar-past); } g.live rect { fill: var(--bar-live); }
g.stale rect { fill: var(--bar-stale); } g.undecided rect { fill: var(--bar-undecided); }
g.leaked rect { fill: var(--card); stroke: var(--leaked); stroke-width: 1.5px; }
g.past:hover rect, g.live:hover rect, g.stale:hover rect, g.undecided:hover rect { filter: brightness(1.12); }
g text { font-size: 11px; fill: #fff; pointer-events: none; }
g.past text { fill: var(--bar-past-ink); } g.leaked text { fill: var(--leaked); }
.holds table { margin-top: .2rem; font-size: 12.5px; }

@media (max-width: 760px) {
  html { scroll-padding-top: 7rem; }
  .tiles { grid-template-columns: repeat(3, 1fr); }
  .tile:nth-child(4) { border-left: 0; } .tile:nth-child(n + 4) { border-top: 1px solid var(--line); }
  header p:last-child { margin-left: 0; }
  .attention li { grid-template-columns: auto minmax(0, 1fr); }
  .facts { grid-column: 1 / -1; padding-bottom: .15rem; }
  .facts b { min-width: 0; margin-right: .4rem; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr { display: block; }
  .locks th, .locks td, .holds th, .holds td, .released th, .released td { display: grid; grid-template-columns: 5.2rem minmax(0, 1fr); width: auto; padding: .1rem 0; border: 0; }
  .locks th:nth-child(n), .holds th:nth-child(n) { width: auto; }
  tbody th[scope=row] { display: block !important; padding-top: .2rem !important; }
  td::before { content: attr(data-label); color: var(--soft); font-size: 12px; }
  td[data-label=Held], td[data-label=Verdict] { grid-template-columns: 5.2rem auto minmax(0, 1fr); column-gap: 0; }
  td[data-label=Why] { display: block !important; padding-bottom: .3rem !important; }
  td[data-label=Why]::before { content: none; }
  td > small { padding-left: .4rem; }
  .locks td > small { display: inline; }
  tbody tr { padding: .35rem 0; border-top: 1px solid var(--line); }
  .locks tbody tr { padding-inline: .9rem; box-shadow: inset 3px 0 0 var(--edge, transparent); }
  .locks tr > :first-child { padding-left: 0; box-shadow: none; }
  .free { display: block; }
  .row { display: block; padding-bottom: .2rem; }
  .row .name { display: block; }
  .axis text { font-size: 10px; }
  .row.axis > span { display: none; }
  #filter { gap: .3rem .6rem; } fieldset { gap: 0 .55rem; font-size: 13px; } #words { max-width: none; flex-basis: 100%; }
  label { gap: .2rem; }
  .folds { display: none; }
  #shown { margin-left: 0; }
}
@media (max-width: 760px) and (max-height: 480px) { #filter { position: static; } }
@media print {
  #filter, .skip { display: none; }
  body { max-width: none; background: none; }
}
`;

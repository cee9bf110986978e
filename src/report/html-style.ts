/** The style of the HTML report: readable on screen in light and dark, and on paper. */
export const PAGE_STYLE = `:root {
  color-scheme: light dark;
  --ink: light-dark(#1c2024, #e4e7ea);
  --quiet: light-dark(#5c6670, #9aa4ae);
  --paper: light-dark(#fff, #14171a);
  --panel: light-dark(#f5f6f8, #1d2226);
  --line: light-dark(#d9dde2, #343b42);
  --mark: light-dark(#ffe58a, #6b5600);
  --link: light-dark(#0b5cad, #7db8f0);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 0 0 .4rem; }
h3 { font-size: 1rem; margin: 0 0 .3rem; }
h4 { font-size: .9rem; margin: .9rem 0 .2rem; }
p { margin: .3rem 0; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
.tool, .meta, small { color: var(--quiet); font-size: .87rem; font-weight: normal; }
.tool { margin: 0; }
table { border-collapse: collapse; width: 100%; font-size: .87rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--quiet); font-weight: 600; }
.overview { margin: 1.2rem 0 1.8rem; }
.overview td, .overview thead th { padding-right: 1rem; }
.evidence th { width: 12rem; font-weight: 600; overflow-wrap: anywhere; }
.evidence td:nth-child(3) { width: 30%; }
.related td { white-space: nowrap; }
.related td.value, .related td.meta { white-space: pre-wrap; }
.related td.meta { width: 24%; overflow-wrap: anywhere; }
.value, code { font-family: ui-monospace, Consolas, Menlo, monospace; font-size: .82rem; unicode-bidi: isolate; overflow-wrap: anywhere; }
.value { white-space: pre-wrap; overflow-wrap: anywhere; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
mark { background: var(--mark); color: inherit; border-radius: 2px; }
.pattern { display: inline-block; color: var(--quiet); overflow-wrap: anywhere; }
.tag { display: inline-block; border: 1px solid var(--line); border-radius: 3px; padding: 0 .35rem; }
.rule { border-top: 3px solid var(--line); padding: 1rem 0 .4rem; }
article { background: var(--panel); border-radius: 6px; padding: .8rem 1rem; margin: .8rem 0; overflow-x: auto; }
.notes { margin: .5rem 0; padding-left: 1.2rem; }
details { margin-top: .7rem; }
summary { cursor: pointer; color: var(--quiet); font-size: .87rem; overflow-wrap: anywhere; }
.attention th { color: light-dark(#9a5b00, #f0b429); }
.level { display: inline-block; min-width: 4.4rem; text-align: center; border-radius: 3px; padding: 0 .4rem; font-size: .75rem; font-weight: 700; text-transform: uppercase; color: #fff; background: #6b7580; }
.level.critical { background: #8f1028; }
.level.high { background: #c4371f; }
.level.medium { background: #a86500; }
.level.low { background: #2d6ea8; }
@media (max-width: 45rem) {
  main { padding: .8rem; }
  .overview { display: block; overflow-x: auto; }
  .related td { white-space: normal; }
  .evidence th { width: auto; }
}
@media print {
  :root { color-scheme: light; }
  body { font-size: 11px; }
  main { max-width: none; padding: 0; }
  article { border: 1px solid var(--line); break-inside: avoid-page; }
  .level { border: 1px solid #000; color: #000; background: none; }
  details:not([open]) { display: none; }
}
`;

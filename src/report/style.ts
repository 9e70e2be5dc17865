import { GRID, INK, MUTED, PAPER } from './palette.ts';

/**
 * The style sheet of a page. Figures are drawn in the light colours, so that their files can stand alone; in dark mode
 * the page exchanges those of text, axes and background, and leaves those of the policies.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: ${INK}; --muted: ${MUTED}; --line: ${GRID}; --paper: ${PAPER};
  --ground: #f6f7f9; --accent: #0072b2; --tint: #0072b214; --bar: #0072b22e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6e8eb; --muted: #9aa3ad; --line: #30353c; --paper: #191c20;
    --ground: #111316; --accent: #56b4e9; --tint: #56b4e91a; --bar: #56b4e93d;
  }
  svg [fill="${INK}"] { fill: var(--ink) }
  svg [fill="${MUTED}"] { fill: var(--muted) }
  svg [fill="${PAPER}"] { fill: var(--paper) }
  svg [stroke="${INK}"] { stroke: var(--ink) }
  svg [stroke="${MUTED}"] { stroke: var(--muted) }
  svg [stroke="${GRID}"] { stroke: var(--line) }
  svg [stroke="${PAPER}"] { stroke: var(--paper) }
}
* { box-sizing: border-box }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 58rem; margin: 0 auto; padding: 3.5rem 1.5rem 5rem }
h1 { margin: 0 0 .75rem; font-size: 1.9rem; line-height: 1.2; letter-spacing: -.015em; text-wrap: balance }
h2 { margin: 3rem 0 .75rem; font-size: 1.15rem; letter-spacing: -.005em }
p, ul { max-width: 44rem; margin: .6rem 0; overflow-wrap: anywhere }
h1 { overflow-wrap: anywhere }
.lead { font-size: 1.06rem }
.note { color: var(--muted); font-size: .92rem }
ul.note { padding-left: 1.1rem }
a { color: var(--accent) }
code, pre { font: .88em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
.card {
  background: var(--paper); border: 1px solid var(--line); border-radius: 10px; overflow-x: auto;
}
table { width: 100%; margin-bottom: .6rem; border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums }
th, td { padding: .32rem .7rem; text-align: left; white-space: nowrap }
th:first-child, td:first-child { padding-left: 1.1rem }
th:last-child, td:last-child { padding-right: 1.1rem }
thead th { padding-top: .8rem; padding-bottom: .5rem; color: var(--muted); font-weight: 500; vertical-align: bottom }
tbody th { padding-top: 1rem; padding-bottom: .35rem; font-weight: 650; border-top: 1px solid var(--line) }
.number { text-align: right }
.yardstick td { color: var(--muted) }
.best td { font-weight: 700; background-color: var(--tint) }
.best td:first-child { box-shadow: inset 3px 0 var(--accent) }
.gap { padding-left: 4.6rem; background: linear-gradient(var(--bar) 0 0) 1.2rem center / calc(var(--closed) * 3.2rem) .55rem no-repeat }
figure { margin: 1rem 0 2.5rem }
figure .card { padding: .6rem }
figure svg { display: block; min-width: 36rem; max-width: 100%; height: auto }
figcaption { max-width: 44rem; margin-top: .7rem; color: var(--muted); font-size: .92rem }
pre { margin: .6rem 0; padding: .9rem 1.1rem; white-space: pre-wrap }
/* A command is broken between its words only, not behind a hyphen. */
pre span { display: inline-block }
@media (max-width: 40rem) {
  main { padding: 2rem 1rem 3rem }
  h1 { font-size: 1.45rem }
  table { font-size: .78rem }
  th, td { padding: .3rem .45rem }
  th:first-child, td:first-child { padding-left: .7rem }
}
`;

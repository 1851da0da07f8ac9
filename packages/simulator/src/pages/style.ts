/** One stylesheet for every page. It names no colour twice: both schemes fill the same variables. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --ground: #f4f2ee; --card: #fffefc; --ink: #1d2529; --soft: #55616a; --line: #dcd8d0; --edge: #7b858d;
  --accent: #0d6668; --accent-deep: #094d4f; --on-accent: #ffffff;
  --note: #fdf0cf; --note-ink: #5a4300; --bad: #a32018; --bad-ground: #fdecea;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14191c; --card: #1c2327; --ink: #e9ecee; --soft: #a9b4bb; --line: #333d43; --edge: #7d8a92;
    --accent: #6fcfc9; --accent-deep: #93e0db; --on-accent: #06211f;
    --note: #3b300f; --note-ink: #f8dd93; --bad: #ffb0a8; --bad-ground: #431a17;
  }
}
* { box-sizing: border-box }
body {
  margin: 0; min-height: 100vh; display: flex; flex-direction: column;
  background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
}
.note { margin: 0; padding: .6rem 1rem; background: var(--note); color: var(--note-ink); text-align: center; font-size: .9rem }
main { width: 100%; max-width: 27rem; margin: auto; padding: 1.5rem 1rem }
main.wide { max-width: 60rem; margin-top: 0 }
.brand { display: flex; align-items: center; gap: .6rem; margin: 0 0 1.25rem; font-weight: 600; color: var(--soft) }
.brand svg { width: 1.9rem; height: 1.9rem; flex: none; color: var(--accent) }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.75rem; overflow-wrap: anywhere }
.card + .card { margin-top: 1.25rem }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; letter-spacing: -.01em }
h2 { margin: 0 0 .75rem; font-size: 1.05rem }
.lead { margin: .35rem 0 1.5rem; color: var(--soft) }
.lead:last-child { margin-bottom: 0 }
label { display: block; margin: 1rem 0 .3rem; font-weight: 600; font-size: .925rem }
input {
  width: 100%; min-height: 2.75rem; padding: .5rem .75rem; font: inherit; color: inherit;
  background: var(--card); border: 1px solid var(--edge); border-radius: 8px;
}
input[aria-invalid] { border-color: var(--bad) }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem }
button {
  flex: 1 1 8rem; min-height: 2.9rem; padding: .5rem 1rem; font: inherit; font-weight: 600; cursor: pointer;
  border: 1px solid var(--accent); border-radius: 8px; background: var(--accent); color: var(--on-accent);
}
button:hover { background: var(--accent-deep); border-color: var(--accent-deep) }
button.quiet { background: transparent; color: var(--ink); border-color: var(--edge) }
button.quiet:hover { background: var(--ground) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.alert { margin: 0 0 1rem; padding: .7rem .9rem; border-radius: 8px; background: var(--bad-ground); color: var(--bad); font-size: .95rem }
.scopes { margin: 0; padding: 0; list-style: none; border-top: 1px solid var(--line) }
.scopes li { display: flex; justify-content: space-between; gap: 1rem; padding: .6rem 0; border-bottom: 1px solid var(--line) }
code { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; color: var(--soft); overflow-wrap: anywhere }
.scopes code { flex: none; max-width: 45% }
.fine { margin: 1.25rem 0 0; font-size: .875rem; color: var(--soft) }
table { width: 100%; min-width: 34rem; overflow-wrap: normal; border-collapse: collapse; font-size: .925rem }
th, td { padding: .55rem .75rem .55rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line) }
tr:last-child > * { border-bottom: 0 }
thead th { color: var(--soft); font-weight: 600; font-size: .85rem }
tbody th { font-weight: 600 }
.scroll { overflow-x: auto }
a { color: var(--accent) }
@media (forced-colors: active) { .card, button { border: 1px solid } }
@media (max-width: 26rem) { .card { padding: 1.25rem } }
`

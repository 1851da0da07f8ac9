export const STYLE = `
:root { color-scheme: light dark; font: 1.0625rem/1.6 system-ui, sans-serif; --ink: light-dark(#16232e, #e6edf3); --tint: light-dark(#0b6e4f, #57c79c) }
body { margin: 0; color: var(--ink); background: light-dark(#fbfaf7, #10171d) }
main { max-width: 40rem; margin: 12vh auto; padding: 0 1.5rem }
h1 { font-size: 2.5rem; line-height: 1.1; margin: 0 0 .5rem }
.lead { font-size: 1.25rem; margin: 0 0 2rem }
a { color: var(--tint) }
.button, button { display: inline-block; border: 0; border-radius: .375rem; padding: .6rem 1.1rem; font: inherit; cursor: pointer }
.button { background: var(--tint); color: light-dark(#fff, #10171d); text-decoration: none }
button { background: none; color: inherit; text-decoration: underline; padding-left: 0 }
aside { border-left: .25rem solid var(--tint); padding-left: 1rem; margin-top: 2rem }
aside h2 { font-size: 1rem; margin: 0 }
.no { opacity: .7 }
`

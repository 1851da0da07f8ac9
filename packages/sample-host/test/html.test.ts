import { expect, it } from 'vitest'
import { html } from '../src/html.ts'
import type { Html } from '../src/html.ts'

it('escapes what is put in, in text and in attributes', () => {
  const evil = `"><script>alert('&')</script>`
  const safe = '&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;'
  expect(html`<p title="${evil}">${evil}</p>`.text).toBe(`<p title="${safe}">${safe}</p>`)
})

it('takes templates as they are, one or many, and nothing for undefined', () => {
  const items = ['<a>', 'b'].map((item) => html`<i>${item}</i>`)
  expect(html`<b>${items}</b>${undefined}${7}`.text).toBe('<b><i>&lt;a&gt;</i><i>b</i></b>7')
})

it('refuses what only looks like a template', () => {
  const forged = JSON.parse('{"text":"<script>"}') as Html
  expect(() => html`${forged}`).toThrow('Only the html template makes HTML')
})

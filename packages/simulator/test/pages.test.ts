import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  approvalPage,
  deviceDeniedPage,
  devicePage,
  errorPage,
  homePage,
  loginPage,
  pageSecurityPolicy,
  successPage,
} from '../src/pages/index.ts'

const login = {
  org: { name: 'Acme' },
  app: { label: 'Orgpass sample' },
  action: '/login',
  hidden: { token: 'abc' },
  rememberedUsers: [],
}
const approval = {
  org: { name: 'Acme' },
  app: { label: 'Orgpass sample' },
  user: { name: 'Ada Byron', username: 'ada@acme.example' },
  scopes: ['api', 'refresh_token'],
  action: '/approve',
  hidden: { token: 'abc' },
}
const device = { userCode: '', action: '/setup/connect', hidden: { token: 'abc' } }
const home = {
  orgs: [{ name: 'Acme', kind: 'production', url: 'http://127.0.0.1:1', sites: [{ url: 'http://127.0.0.1:1/shop' }] }],
  apps: [{ label: 'Orgpass sample', clientId: '3MVG9x', callbackUrls: ['http://localhost:3000/auth/callback'] }],
  users: [
    { name: 'Ada Byron', username: 'ada@acme.example', password: 'simulator' },
    { name: 'Alan Mathison', username: 'alan@acme.example' },
  ],
}
const pages: readonly (readonly [string, string])[] = [
  ['login', loginPage(login)],
  [
    'login with an error',
    loginPage({ ...login, username: 'ada@acme.example', error: 'No.', rememberedUsers: ['a@b'] }),
  ],
  ['approval', approvalPage(approval)],
  ['approval for a device', approvalPage({ ...approval, userCode: 'AB12CD34' })],
  ['device', devicePage(device)],
  ['device with an error', devicePage({ ...device, userCode: 'AB12CD34', error: 'No.' })],
  ['device denied', deviceDeniedPage()],
  ['error', errorPage({ status: 400, title: 'Stop', message: 'It cannot go on.', detail: 'error=x' })],
  ['success', successPage()],
  ['home', homePage(home)],
]

function tags(page: string, name: string): string[] {
  return page.match(new RegExp(`<${name}\\b[^>]*>`, 'g')) ?? []
}

describe.each(pages)('the %s page', (_, page) => {
  it('says plainly that it is a simulator', () => {
    expect(page.replaceAll(/<[^>]+>/g, '')).toMatch(/This is a simulator\s+– do not type a real password\./)
  })

  it('is a whole document with language, title, one main landmark and one h1', () => {
    expect(page).toMatch(/^<!doctype html>\s*<html lang="en">/)
    expect(page).toMatch(/<title>[^<]+ \| Orgpass simulator<\/title>/)
    expect([tags(page, 'main').length, tags(page, 'h1').length]).toEqual([1, 1])
  })

  it('needs no script and nothing from elsewhere', () => {
    expect(page).not.toMatch(/<script|<img|<iframe|\son\w+=|\sstyle=|@import|url\(/)
    for (const [, address = ''] of page.matchAll(/(?:src|href)="([^"]*)"/g)) expect(address).toMatch(/^data:/)
  })

  it('has exactly the stylesheet that the policy allows', () => {
    const [, css = ''] = /<style>([^]*?)<\/style>/.exec(page) ?? []
    const hash = createHash('sha256').update(css).digest('base64')
    expect(pageSecurityPolicy).toContain(`style-src 'sha256-${hash}'`)
  })

  it('gives every field a label and every reference to an id its element', () => {
    for (const input of tags(page, 'input').filter((tag) => !tag.includes('type="hidden"'))) {
      const [, id] = / id="([^"]+)"/.exec(input) ?? []
      expect(page).toContain(`<label for="${id}">`)
    }
    for (const [, id] of page.matchAll(/aria-(?:labelledby|describedby)="([^"]+)"/g))
      expect(page).toContain(` id="${id}"`)
  })
})

describe('the policy', () => {
  it('forbids everything but the stylesheet and the icon, and framing', () => {
    const directives = pageSecurityPolicy.split('; ').filter((directive) => !directive.startsWith('style-src'))
    expect(directives).toEqual(["default-src 'none'", 'img-src data:', "base-uri 'none'", "frame-ancestors 'none'"])
  })
})

describe('the login page', () => {
  it('posts username, password and the hidden values to the action', () => {
    const page = loginPage(login)
    expect(page).toContain('<form method="post" action="/login">')
    expect(page).toContain('<input type="hidden" name="token" value="abc" />')
    expect([...page.matchAll(/ name="(username|password)"/g)].map(([, name]) => name)).toEqual(['username', 'password'])
  })

  it('names the org and the app', () => {
    const page = loginPage(login)
    expect(page).toContain('<h1 id="heading">Log in to Acme</h1>')
    expect(page).toContain('to continue to <strong>Orgpass sample</strong>')
  })

  it('starts at the username, or at the password when the username is known', () => {
    const focused = (page: string): string | undefined =>
      tags(page, 'input')
        .find((tag) => /\sautofocus\b/.test(tag))
        ?.match(/name="(\w+)"/)?.[1]
    expect(focused(loginPage(login))).toBe('username')
    expect(focused(loginPage({ ...login, username: 'ada@acme.example' }))).toBe('password')
  })

  it('announces an error and ties it to both fields', () => {
    const page = loginPage({ ...login, error: 'Wrong.' })
    expect(page).toContain('<p class="alert" id="login-error" role="alert">Wrong.</p>')
    expect(page).toContain('<title>Error: Log in to Acme')
    expect(page.match(/aria-invalid="true" aria-describedby="login-error"/g)).toHaveLength(2)
    expect(loginPage(login)).not.toContain('aria-invalid="true"')
  })

  it('suggests remembered users', () => {
    const page = loginPage({ ...login, rememberedUsers: ['ada@acme.example', 'grace@acme.example'] })
    expect(page).toContain('list="remembered"')
    expect(tags(page, 'option')).toEqual(['<option value="ada@acme.example">', '<option value="grace@acme.example">'])
    expect(loginPage(login)).not.toContain('list=')
  })
})

describe('the approval page', () => {
  it('says who allows what to whom, allow first', () => {
    const page = approvalPage(approval)
    for (const text of ['Orgpass sample', 'Ada Byron', 'ada@acme.example', 'Acme', '<code>refresh_token</code>'])
      expect(page).toContain(text)
    expect(page).toContain('Read and change your data through the APIs')
    expect([...page.matchAll(/name="decision" value="(\w+)"/g)].map(([, value]) => value)).toEqual(['allow', 'deny'])
  })

  it('explains a scope it does not know', () => {
    expect(approvalPage({ ...approval, scopes: ['toString'] })).toContain('<span>Use one more service for you</span>')
  })
})

describe('the device page', () => {
  it('posts the code and the hidden values to the action, by one button', () => {
    const page = devicePage({ ...device, userCode: 'AB12CD34' })
    expect(page).toContain('<form method="post" action="/setup/connect">')
    expect(page).toContain('<input type="hidden" name="token" value="abc" />')
    expect(page).toMatch(/name="user_code"\s+type="text"\s+value="AB12CD34"/)
    expect(tags(page, 'button')).toEqual(['<button type="submit">'])
  })

  it('announces an error and ties it to the field', () => {
    const page = devicePage({ ...device, error: 'Wrong.' })
    expect(page).toContain('<p class="alert" id="code-error" role="alert">Wrong.</p>')
    expect(page).toContain('<title>Error: Connect a device')
    expect(page).toContain('aria-invalid="true" aria-describedby="code-error"')
    expect(devicePage(device)).not.toContain('aria-invalid="true"')
  })
})

describe('the home page', () => {
  it('lists addresses, logins and client ids', () => {
    const page = homePage(home)
    for (const text of ['http://127.0.0.1:1', 'http://127.0.0.1:1/shop', 'ada@acme.example', 'simulator', '3MVG9x'])
      expect(page).toContain(`<code>${text}</code>`)
    expect(page).toContain('<td>as in your seed</td>')
  })
})

describe('whatever the values', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      'x" onfocus="alert(1)',
      "'><b>",
      '</title><h1>',
      '&lt;',
      '${1}',
    ),
  )
  // Every tag with the names of its attributes, but not their values.
  const elements = (page: string): string[] =>
    page.match(/<[^>]*>/g)?.map((tag) => tag.replaceAll(/="[^"]*"/g, '')) ?? []

  it('no value becomes markup', () => {
    const plain = [
      loginPage({ ...login, username: 'x', error: 'x', rememberedUsers: ['x'], hidden: { x: 'x' } }),
      approvalPage({ ...approval, user: { name: 'x', username: 'x' }, scopes: ['x'], userCode: 'x' }),
      devicePage({ userCode: 'x', error: 'x', action: 'x', hidden: { x: 'x' } }),
      errorPage({ status: 400, title: 'x', message: 'x', detail: 'x' }),
      homePage({
        orgs: [{ name: 'x', kind: 'x', url: 'x' }],
        apps: [],
        users: [{ name: 'x', username: 'x', password: 'x' }],
      }),
    ].map(elements)
    const check = fc.property(hostile, (text) => {
      const filled = [
        loginPage({
          org: { name: text },
          app: { label: text },
          username: `${text}!`,
          error: text,
          action: text,
          hidden: { [text]: text },
          rememberedUsers: [text],
        }),
        approvalPage({
          ...approval,
          org: { name: text },
          app: { label: text },
          user: { name: text, username: text },
          scopes: [text],
          userCode: text,
        }),
        devicePage({ userCode: text, error: text, action: text, hidden: { [text]: text } }),
        errorPage({ status: 400, title: text, message: text, detail: text }),
        homePage({
          orgs: [{ name: text, kind: text, url: text }],
          apps: [],
          users: [{ name: text, username: text, password: text }],
        }),
      ].map(elements)
      expect(filled).toEqual(plain)
    })
    expect(fc.check(check).failed).toBe(false)
  })
})

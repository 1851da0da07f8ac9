import type { Agent } from '@orgpass/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { accountsIn, asScript, tell, textOf } from './story.ts'
import type { ShownAccount, Story } from './story.ts'

const HOSTILE = `<img src=x onerror="alert('1')">&amp;`
const ESCAPED = '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;'

let story: Story

beforeAll(async () => {
  story = await tell()
})
beforeEach(() => story.sim.reset())
afterAll(async () => story.close())

async function search(user: Agent, q: string): Promise<string[]> {
  const page = await (await user.get(`/?${new URLSearchParams({ q }).toString()}`)).text()
  return accountsIn(page).map(({ name }) => name)
}

async function firstAccount(user: Agent): Promise<ShownAccount> {
  const [first] = accountsIn(await (await user.get('/')).text())
  if (first === undefined) throw new Error('The page shows no account.')
  return first
}

describe('searching', () => {
  it('finds a part of a name, whatever its case', async () => {
    expect(await search(await story.user(), 'METAL')).toEqual(['Ferrous Metalworks'])
  })

  it.each(['%', '_', "'", '\\', '"', "' OR Name LIKE '%"])('takes %s as text', async (sign) => {
    const user = await story.user()
    const { id } = await firstAccount(user)
    expect(await search(user, sign)).toEqual([])
    await user.post(`/accounts/${id}`, { form: { name: `x${sign}y` } })
    expect(await search(user, sign)).toHaveLength(1)
  })

  it('escapes the search text in the page', async () => {
    const page = await (await story.user()).get(`/?${new URLSearchParams({ q: HOSTILE }).toString()}`)
    const text = await page.text()
    expect(text).toContain(`value="${ESCAPED}"`)
    expect(text).toContain(`No account with “${ESCAPED}”`)
    expect(text).not.toContain('<img src=x')
  })

  it('answers the script with the table alone', async () => {
    const response = await (await story.user()).get('/accounts?q=metal', { headers: asScript })
    const text = await response.text()
    expect(accountsIn(text).map(({ name }) => name)).toEqual(['Ferrous Metalworks'])
    expect(text).not.toContain('<body')
    expect(textOf(`<body>${text}`)).toMatch(/^1 account with “metal” in the name\./)
  })

  it('shows the whole page to a person who opens the address of the table', async () => {
    const response = await (await story.user()).get('/accounts?q=a%26b')
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toBe('/?q=a%26b')
  })

  it('tells the script that a login is needed, and sends a person to it', async () => {
    const visitor = story.visitor()
    const answer = await visitor.get('/accounts?q=metal', { headers: asScript })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ needsLogin: true, login: '/auth/login' })
    const page = await visitor.get('/accounts?q=metal')
    expect(page.status).toBe(302)
    expect(page.headers.get('location')).toContain('/services/oauth2/authorize?')
  })

  it('tells the script when the grant died', async () => {
    const user = await story.user()
    story.sim.updateUser('ada@acme.example', { active: false })
    story.sim.expireAccessTokens()
    const answer = await user.get('/accounts?q=metal', { headers: asScript })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ needsLogin: true })
  })

  it('shows fifty accounts and says that there are more', async () => {
    const held: string[] = []
    const crowded = await tell({ onLogin: ({ tokens }) => void held.push(tokens.accessToken) })
    const user = await crowded.user()
    const { instanceUrl } = crowded.sim.org()
    const headers = { authorization: `Bearer ${held[0]}`, 'content-type': 'application/json' }
    for (let number = 0; number < 21; number++) {
      const body = JSON.stringify({ Name: `Another ${number}` })
      const made = await fetch(`${instanceUrl}/services/data/v64.0/sobjects/Account`, { method: 'POST', headers, body })
      expect(made.status).toBe(201)
    }
    const page = await (await user.get('/')).text()
    await crowded.close()
    expect(accountsIn(page)).toHaveLength(50)
    expect(textOf(page)).toContain('The first 50 accounts. Search to see others.')
  })
})

describe('renaming by a form', () => {
  it('writes to Salesforce, goes back to the search and says so', async () => {
    const user = await story.user()
    const { id } = await firstAccount(user)
    const response = await user.post(`/accounts/${id}`, { form: { name: '  Aurora & Sons ', q: 'aurora' } })
    expect(response.status).toBe(303)
    const page = await (await user.follow(response)).text()
    expect(textOf(page)).toContain('1 account with “aurora” in the name. Saved: Aurora &amp; Sons.')
    expect(await search(await story.user('grace'), 'Aurora & Sons')).toEqual(['Aurora &amp; Sons'])
  })

  it('works when the access token has died', async () => {
    const user = await story.user()
    const { id } = await firstAccount(user)
    story.sim.expireAccessTokens()
    expect((await user.post(`/accounts/${id}`, { form: { name: 'After all' } })).status).toBe(303)
    expect(await search(user, 'After all')).toEqual(['After all'])
  })

  it('escapes names everywhere in the page', async () => {
    const user = await story.user()
    const { id } = await firstAccount(user)
    const page = await (await user.follow(await user.post(`/accounts/${id}`, { form: { name: HOSTILE } }))).text()
    expect(accountsIn(page).map(({ name }) => name)).toContain(ESCAPED)
    expect(page).toContain(`aria-label="Rename ${ESCAPED}"`)
    expect(page).not.toContain('<img src=x')
  })

  it('shows at the row that the user may not edit, and keeps what was typed', async () => {
    const user = await story.user('alan')
    const { id, name } = await firstAccount(user)
    const response = await user.post(`/accounts/${id}`, { form: { name: 'Not allowed' } })
    const page = await response.text()
    expect(response.status).toBe(403)
    const row = page.slice(page.indexOf(`id="row-${id}"`), page.indexOf('</tr>', page.indexOf(`id="row-${id}"`)))
    expect(row).toContain('insufficient access rights')
    expect(row).toContain('value="Not allowed"')
    expect(row).toContain('aria-invalid="true"')
    expect(await search(user, name)).toEqual([name])
  })

  it('shows at the row what Salesforce says of a bad name, escaped', async () => {
    const user = await story.user()
    const { id } = await firstAccount(user)
    const response = await user.post(`/accounts/${id}`, { form: { name: HOSTILE + 'x'.repeat(300) } })
    const page = await response.text()
    expect(response.status).toBe(400)
    expect(page).toContain('data value too large: &lt;img')
    expect(page).not.toContain('<img src=x')
  })

  it('shows the refusal above the table when the row is not in the search', async () => {
    const user = await story.user('alan')
    const { id } = await firstAccount(user)
    const page = await (await user.post(`/accounts/${id}`, { form: { name: 'x', q: 'metal' } })).text()
    expect(page).toMatch(/<p class="problem" role="alert">Salesforce says: insufficient access rights/)
  })

  it.each(['http://evil.localhost/', 'https://localhost/'])('is refused to a page of %s', async (from) => {
    const user = await story.user()
    const { id, name } = await firstAccount(user)
    const response = await user.post(`/accounts/${id}`, { form: { name: 'Forged' }, from })
    expect(response.status).toBe(403)
    expect(await search(user, 'Forged')).toEqual([])
    expect(await search(user, name)).toEqual([name])
  })

  it('is refused to a request that does not say where it comes from', async () => {
    const user = await story.user()
    const { id } = await firstAccount(user)
    const headers = { origin: undefined, 'sec-fetch-site': undefined }
    expect((await user.post(`/accounts/${id}`, { form: { name: 'Forged' }, headers })).status).toBe(403)
  })

  it('says that nothing was saved when the session had ended', async () => {
    const { id } = await firstAccount(await story.user())
    const response = await story.visitor().post(`/accounts/${id}`, { form: { name: 'Too late' } })
    const page = await response.text()
    expect(response.status).toBe(401)
    expect(textOf(page)).toContain('Nothing was saved')
    expect(page).toContain('href="/auth/login?returnTo=%2F"')
  })

  it.each(['nonsense', '003000000000000', '0010000000000000AA', '..%2F..%2Flimits'])(
    'knows no account %s',
    async (id) => {
      const user = await story.user()
      const before = story.sim.requests.length
      expect((await user.post(`/accounts/${id}`, { form: { name: 'x' } })).status).toBe(404)
      expect(story.sim.requests).toHaveLength(before)
    },
  )

  it('refuses a form that is too large', async () => {
    const user = await story.user()
    const { id } = await firstAccount(user)
    expect((await user.post(`/accounts/${id}`, { form: { name: 'x'.repeat(9_000) } })).status).toBe(413)
  })
})

describe('renaming by the script', () => {
  it('answers the new name', async () => {
    const user = await story.user()
    const { id } = await firstAccount(user)
    const response = await user.post(`/accounts/${id}`, { form: { name: 'By script' }, headers: asScript })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ name: 'By script' })
    expect(await search(user, 'By script')).toEqual(['By script'])
  })

  it("answers Salesforce's refusal", async () => {
    const user = await story.user('alan')
    const { id } = await firstAccount(user)
    const response = await user.post(`/accounts/${id}`, { form: { name: 'No' }, headers: asScript })
    expect(response.status).toBe(403)
    const message = 'Salesforce says: insufficient access rights on object id (INSUFFICIENT_ACCESS_OR_READONLY)'
    expect(await response.json()).toEqual({ message })
  })

  it('says that a login is needed', async () => {
    const { id } = await firstAccount(await story.user())
    const response = await story.visitor().post(`/accounts/${id}`, { form: { name: 'No' }, headers: asScript })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ needsLogin: true })
  })
})

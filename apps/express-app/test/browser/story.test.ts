import { launchBrowser } from '@orgpass/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { BROWSER_TIME, PATIENT, setStage } from './stage.ts'
import { allow, connect, logIn, names, rename } from './steps.ts'

const browser = await launchBrowser('the sample app in a browser')
afterAll(async () => browser?.close())

describe.skipIf(browser === undefined)('in a browser', BROWSER_TIME, () => {
  const stage = setStage(browser)

  it('logs in and shows who one is and the accounts', async () => {
    const { page, story } = stage
    await page.goto(story.url)
    await page.getByRole('link', { name: 'Connect to Salesforce' }).click()
    await logIn(page)
    await allow(page)
    await page.getByRole('heading', { name: 'Accounts' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/')
    expect(new URL(page.url()).search).toBe('')
    expect(await page.getByText('Ada Lovell').isVisible()).toBe(true)
    expect(await names(page)).toHaveLength(30)
  })

  it('says what happened after Deny, and connects after all', async () => {
    const { page, story } = stage
    await page.goto(story.url)
    await page.getByRole('link', { name: 'Connect to Salesforce' }).click()
    await logIn(page)
    await page.getByRole('button', { name: 'Deny' }).click()
    await page.getByRole('heading', { name: 'You are not connected' }).waitFor()
    await page.getByRole('link', { name: 'Connect to Salesforce' }).click()
    await allow(page)
    await page.getByRole('heading', { name: 'Accounts' }).waitFor()
    expect(await names(page)).toHaveLength(30)
  })

  it('stays at Salesforce with a message after a wrong password', async () => {
    const { page, story } = stage
    await page.goto(story.url)
    await page.getByRole('link', { name: 'Connect to Salesforce' }).click()
    await logIn(page, { password: 'wrong' })
    const alert = page.getByRole('alert')
    await alert.waitFor()
    expect(new URL(page.url()).origin).toBe(story.sim.org().url)
    expect(await alert.textContent()).toMatch(/password/i)
    await logIn(page)
    await allow(page)
    await page.getByRole('heading', { name: 'Accounts' }).waitFor()
  })

  it('logs in in two tabs at once', async () => {
    const { page, story } = stage
    const other = await stage.openTab()
    for (const tab of [page, other]) {
      await tab.goto(story.url)
      await tab.getByRole('link', { name: 'Connect to Salesforce' }).click()
      await tab.getByLabel('Username').waitFor()
    }
    await logIn(page)
    await allow(page)
    await page.getByRole('heading', { name: 'Accounts' }).waitFor()
    await logIn(other)
    if (await other.getByRole('button', { name: 'Allow' }).isVisible()) await allow(other)
    await other.getByRole('heading', { name: 'Accounts' }).waitFor()
    await page.reload()
    expect(await names(page)).toHaveLength(30)
  })

  it('shows the accounts after going back to the login and forward, and after a reload of the callback', async () => {
    const { page, story } = stage
    const callback = page.waitForRequest((request) => request.url().includes('/auth/callback?'))
    await connect(page, story)
    const url = (await callback).url()
    await page.goBack()
    await page.goForward()
    await page.getByRole('heading', { name: 'Accounts' }).waitFor()
    await page.goto(url)
    await page.getByRole('heading', { name: 'Accounts' }).waitFor()
    expect(new URL(page.url()).search).toBe('')
  })

  it('explains a callback that is opened again after logging out', async () => {
    const { page, story } = stage
    const callback = page.waitForRequest((request) => request.url().includes('/auth/callback?'))
    await connect(page, story)
    const url = (await callback).url()
    await page.getByRole('button', { name: 'Disconnect' }).click()
    await page.goto(url)
    await page.getByRole('heading', { name: 'The login did not finish' }).waitFor()
    await page.getByRole('link', { name: 'Back to the start' }).click()
    await page.getByRole('link', { name: 'Connect to Salesforce' }).waitFor()
    expect(page.url()).toBe(`${story.url}/`)
  })

  it('keeps working when the access token expires in mid-use', async () => {
    const { page, story } = stage
    await connect(page, story)
    story.sim.expireAccessTokens()
    await page.getByRole('searchbox').fill('metal')
    await expect.poll(async () => names(page), PATIENT).toEqual(['Ferrous Metalworks'])
    story.sim.expireAccessTokens()
    await rename(page, { from: 'Ferrous Metalworks', to: 'Iron Works' })
    await expect.poll(async () => names(page), PATIENT).toEqual(['Iron Works'])
    await page.goto(story.url)
    expect(await page.getByText('2 times since this app started').isVisible()).toBe(true)
  })

  it('says clearly that the session ended when the grant died in mid-use, and connects again', async () => {
    const { page, story } = stage
    await connect(page, story)
    story.sim.updateUser('ada@acme.example', { active: false })
    story.sim.expireAccessTokens()
    await page.getByRole('searchbox').fill('metal')
    const alert = page.getByRole('alert').filter({ hasText: 'Your session ended.' })
    await alert.waitFor()
    story.sim.updateUser('ada@acme.example', { active: true })
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Accounts' }).or(page.getByLabel('Username')).waitFor()
    if (await page.getByLabel('Username').isVisible()) await logIn(page)
    await page.getByRole('heading', { name: 'Accounts' }).waitFor()
    expect(await names(page)).toHaveLength(30)
  })

  it('logs out, and shows no accounts on the way back', async () => {
    const { page, story } = stage
    await connect(page, story)
    await page.getByRole('button', { name: 'Disconnect' }).click()
    await page.getByText('You are disconnected.').waitFor()
    await page.goBack()
    await page.getByRole('link', { name: 'Connect to Salesforce' }).waitFor()
    expect(await names(page)).toEqual([])
  })

  it('lets a second user log in', async () => {
    const { page, story } = stage
    await connect(page, story)
    await page.getByRole('link', { name: 'Log in as someone else' }).click()
    await logIn(page, { username: 'grace@acme.example' })
    await allow(page)
    await page.getByText('Grace Hofmann').waitFor()
    expect(await page.getByText('Ada Lovell').count()).toBe(0)
  })

  it('searches while one types, and says how many were found', async () => {
    const { page, story } = stage
    await connect(page, story)
    await page.getByRole('searchbox').pressSequentially('metal')
    await expect
      .poll(async () => page.getByRole('status').textContent(), PATIENT)
      .toBe('1 account with “metal” in the name.')
    expect(page.url()).toBe(`${story.url}/?q=metal`)
    await page.reload()
    expect(await names(page)).toEqual(['Ferrous Metalworks'])
    await page.getByRole('searchbox').fill('%')
    await expect
      .poll(async () => page.getByRole('status').textContent(), PATIENT)
      .toBe('No account with “%” in the name.')
  })
})

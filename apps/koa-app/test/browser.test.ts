import { launchBrowser } from '@orgpass/testing'
import { expect, it } from 'vitest'
import { openStage } from './stage.ts'

const browser = await launchBrowser('the browser story of koa-app')

it.skipIf(browser === undefined)(
  'a person connects, watches the check, and does not notice that the token dies on the way',
  { timeout: 90_000 },
  async () => {
    await using stage = await openStage({ pace: 150 })
    stage.sim.updateApp(stage.sim.app().clientId, { refreshTokenRotation: true })
    const page = await browser?.newPage()
    if (page === undefined) throw new Error('There is no browser.')
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (line) => line.text().includes('Content Security Policy') && problems.push(line.text()))
    await page.goto(stage.url)
    await page.getByRole('link', { name: 'Connect to Salesforce' }).click()
    await page.getByLabel('Username').fill('ada@acme.example')
    await page.getByLabel('Password').fill('simulator')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.getByRole('button', { name: 'Check the customers' }).click()
    await page.locator('#customers li').nth(4).waitFor()
    stage.sim.expireAccessTokens()
    await page.getByText('customers hang by one thread').waitFor({ timeout: 30_000 })
    expect(await page.locator('#summary').textContent()).toMatch(/^\d+ of 20 customers/)
    expect(await page.locator('#customers li').count()).toBe(20)
    expect(stage.sim.requests.filter(({ grantType }) => grantType === 'refresh_token')).toHaveLength(1)
    expect(problems).toEqual([])
    await browser?.close()
  },
)

import { eventually, launchBrowser } from '@orgpass/testing'
import { afterAll, expect, it } from 'vitest'
import { countAll } from '../src/worker.ts'
import { openStage, stopServices } from './stage.ts'

const browser = await launchBrowser('the browser story of saas-connect')
afterAll(stopServices)

it.skipIf(browser === undefined)(
  'a person signs in, connects an org though the cookie is SameSite=Strict, and sees its accounts',
  { timeout: 90_000 },
  async () => {
    await using stage = await openStage()
    const page = await browser?.newPage()
    if (page === undefined) throw new Error('There is no browser.')
    const problems: string[] = []
    page.on('console', (line) => line.text().includes('Content Security Policy') && problems.push(line.text()))
    await page.goto(stage.url)
    await page.getByLabel('Name').fill('nora')
    await page.getByLabel('Password').fill('sample')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('Where its people log in').fill(stage.sim.org('Globex').url)
    await page.getByLabel('What you call it').fill('Our Globex')
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await page.getByLabel('Username').fill('hank@globex.example')
    await page.getByLabel('Password').fill('simulator')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.getByRole('heading', { name: 'Our Globex (default)' }).waitFor()
    await countAll(stage.rounds)
    await eventually(async () => {
      await page.reload()
      return (await page.getByText('1, at').count()) === 1
    })
    await page.getByRole('button', { name: 'Disconnect' }).click()
    await page.getByText('No org is connected yet').waitFor()
    expect(stage.sim.approvals('hank@globex.example')).toEqual([])
    expect(problems).toEqual([])
    await browser?.close()
  },
)

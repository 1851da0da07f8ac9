import { launchBrowser } from '@orgpass/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { BROWSER_TIME, PATIENT, setStage } from './stage.ts'
import { connect, names, rename } from './steps.ts'

const browser = await launchBrowser('renaming accounts in a browser')
afterAll(async () => browser?.close())

describe.skipIf(browser === undefined)('renaming', BROWSER_TIME, () => {
  const stage = setStage(browser)

  it('works by keyboard alone, and leaves the focus where it was', async () => {
    const { page, story } = stage
    await connect(page, story)
    const focused = async (): Promise<string | null> => page.locator(':focus').getAttribute('aria-label')
    await page.getByRole('button', { name: 'Search' }).focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Rename Bluefin Robotics Works')
    await page.keyboard.press('Enter')
    await expect.poll(focused, PATIENT).toBe('New name for Bluefin Robotics Works')
    await page.keyboard.type('Typed & <b>bold</b>')
    await page.keyboard.press('Enter')
    await expect.poll(focused, PATIENT).toBe('Rename Typed & <b>bold</b>')
    expect(await page.getByRole('status').textContent()).toBe('Saved: Typed & <b>bold</b>.')
    await page.reload()
    expect(await names(page)).toContain('Typed & <b>bold</b>')
  })

  it('is given up with Escape or Cancel', async () => {
    const { page, story } = stage
    await connect(page, story)
    const summary = page.getByLabel('Rename Aurora Textiles')
    const field = page.getByRole('textbox', { name: 'New name for Aurora Textiles' })
    for (const giveUp of [async () => field.press('Escape'), async () => page.getByText('Cancel').first().click()]) {
      await summary.click()
      await field.fill('Never mind')
      await giveUp()
      await field.waitFor({ state: 'hidden' })
      expect(await summary.evaluate((element) => element === document.activeElement)).toBe(true)
    }
    await summary.click()
    expect(await field.inputValue()).toBe('Aurora Textiles')
    await page.reload()
    expect(await names(page)).toContain('Aurora Textiles')
  })

  it('shows at the row that the user may not edit', async () => {
    const { page, story } = stage
    await connect(page, story, 'alan@acme.example')
    await rename(page, { from: 'Aurora Textiles', to: 'Mine now' })
    const alert = page.locator('tr:first-child').getByRole('alert')
    await alert.filter({ hasText: 'insufficient access rights' }).waitFor()
    const field = page.getByRole('textbox', { name: 'New name for Aurora Textiles' })
    expect(await field.inputValue()).toBe('Mine now')
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    await field.press('Escape')
    await page.getByLabel('Rename Aurora Textiles').click()
    expect(await alert.isVisible()).toBe(false)
  })

  it('shows at the row that the app does not answer', async () => {
    const { page, story } = stage
    await connect(page, story)
    await page.route('**/accounts/*', async (route) => route.abort())
    await rename(page, { from: 'Aurora Textiles', to: 'Nobody there' })
    await page.getByRole('alert').filter({ hasText: 'This app did not answer' }).waitFor()
    await page.unroute('**/accounts/*')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect.poll(async () => names(page), PATIENT).toContain('Nobody there')
  })

  it('says that the session ended when somebody logged out in another tab', async () => {
    const { page, story } = stage
    await connect(page, story)
    const other = await stage.openTab()
    await other.goto(story.url)
    await other.getByRole('button', { name: 'Disconnect' }).click()
    await other.getByText('You are disconnected.').waitFor()
    await rename(page, { from: 'Aurora Textiles', to: 'Too late' })
    await page.getByRole('alert').filter({ hasText: 'Your session ended.' }).waitFor()
    expect(await page.locator(':focus').textContent()).toBe('Connect again')
  })
})

describe.skipIf(browser === undefined)('without JavaScript', BROWSER_TIME, () => {
  const stage = setStage(browser, { javaScriptEnabled: false })

  it('searches, renames, shows a refusal and disconnects', async () => {
    const { page, story } = stage
    await connect(page, story)
    await page.getByRole('searchbox').fill('aurora')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByText('1 account with “aurora” in the name.').waitFor()
    expect(await page.getByText('Cancel').isVisible()).toBe(false)
    await rename(page, { from: 'Aurora Textiles', to: 'Aurora Fabrics' })
    await page.getByText('Saved: Aurora Fabrics.').waitFor()
    expect(await names(page)).toEqual(['Aurora Fabrics'])
    story.sim.updateUser('ada@acme.example', { admin: false, canEditRecords: false })
    await rename(page, { from: 'Aurora Fabrics', to: 'Not mine' })
    await page.getByRole('alert').filter({ hasText: 'insufficient access rights' }).waitFor()
    expect(await page.getByRole('textbox', { name: 'New name for Aurora Fabrics' }).inputValue()).toBe('Not mine')
    await page.getByRole('button', { name: 'Disconnect' }).click()
    await page.getByText('You are disconnected.').waitFor()
  })

  it('says that nothing was saved when the session had ended', async () => {
    const { page, story } = stage
    await connect(page, story)
    await page.context().clearCookies({ domain: 'localhost' })
    await rename(page, { from: 'Aurora Textiles', to: 'Too late' })
    await page.getByRole('heading', { name: 'Your session ended' }).waitFor()
    expect(await page.getByText('Nothing was saved').isVisible()).toBe(true)
    await page.getByRole('link', { name: 'Connect again' }).click()
    await page.getByRole('heading', { name: 'Accounts' }).waitFor()
    expect(await names(page)).toContain('Aurora Textiles')
  })
})

describe.skipIf(browser === undefined)('on a phone', BROWSER_TIME, () => {
  const stage = setStage(browser, { viewport: { width: 320, height: 640 }, hasTouch: true })

  it('never needs sideways scrolling, not even for a long name without a space', async () => {
    const { page, story } = stage
    const overflow = async (): Promise<number> =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    await page.goto(story.url)
    await page.getByText('Use your own org').click()
    expect(await overflow()).toBe(0)
    await connect(page, story)
    await rename(page, { from: 'Aurora Textiles', to: 'A'.repeat(255) })
    await expect.poll(async () => names(page), PATIENT).toContain('A'.repeat(255))
    await page.getByLabel('Rename Bluefin Robotics Works').click()
    expect(await overflow()).toBe(0)
  })
})

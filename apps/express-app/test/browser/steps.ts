import type { Page } from 'playwright-core'
import type { Story } from '../story.ts'

/** Fills in Salesforce's login page. */
export async function logIn(page: Page, { username = 'ada@acme.example', password = 'simulator' } = {}): Promise<void> {
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
}

/** Answers Salesforce's question whether the app may have access. */
export async function allow(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Allow' }).click()
}

/** The whole way from the start page to the accounts. */
export async function connect(page: Page, story: Story, username?: string): Promise<void> {
  await page.goto(story.url)
  await page.getByRole('link', { name: 'Connect to Salesforce' }).click()
  await logIn(page, username === undefined ? {} : { username })
  await allow(page)
  await page.getByRole('heading', { name: 'Accounts' }).waitFor()
}

/** The names in the table, in its order. */
export async function names(page: Page): Promise<string[]> {
  return page.locator('.accounts .name').allTextContents()
}

/** Renames an account in its row, with the mouse. */
export async function rename(page: Page, { from, to }: { from: string; to: string }): Promise<void> {
  await page.getByLabel(`Rename ${from}`).click()
  await page.getByRole('textbox', { name: `New name for ${from}` }).fill(to)
  await page.getByRole('button', { name: 'Save' }).click()
}

import { afterEach, expect, test, vi } from 'vitest'
import { launchBrowser, listen } from '../src/index.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

test('drives the installed Chromium', async ({ skip }) => {
  const browser = await launchBrowser('the test of the browser launcher')
  if (browser === undefined) return skip()
  const server = await listen((_, res) => res.setHeader('content-type', 'text/html').end('<title>It works</title>'))
  try {
    const page = await browser.newPage()
    await page.goto(server.url)
    expect(await page.title()).toBe('It works')
  } finally {
    await browser.close()
    await server.close()
  }
})

test.each([{ PATH: '/nowhere' }, { PATH: process.env['PATH'], CHROMIUM_PATH: '/nowhere/chromium' }])(
  'without a browser names what is skipped (%o)',
  async (env) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    expect(await launchBrowser('login in a browser', { env })).toBeUndefined()
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('NO CHROMIUM: skipping login in a browser'))
  },
)

test('without a browser fails when services are required', async () => {
  const env = { PATH: '/nowhere', REQUIRE_SERVICES: '1' }
  await expect(launchBrowser('login in a browser', { env })).rejects.toThrow('REQUIRE_SERVICES=1 forbids the skip')
})

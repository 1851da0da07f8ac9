import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'rolldown'
import { afterAll, expect, test } from 'vitest'
import { startSimulator } from '../../packages/simulator/src/index.ts'
import { launchBrowser, listen } from '../../packages/testing/src/index.ts'
import { linkPackages } from '../docs/link-packages.ts'
import { read } from '../docs/pages.ts'

const root = join(import.meta.dirname, '../..')
const browser = await launchBrowser("the documentation's code for a page without a server")
const desk = mkdtempSync(join(tmpdir(), 'orgpass-page-'))

afterAll(async () => {
  rmSync(desk, { recursive: true })
  await browser?.close()
})

test.skipIf(browser === undefined)(
  'the code for a page without a server logs in and calls the org from a browser',
  { timeout: 60_000 },
  async () => {
    const sim = await startSimulator()
    const app = { loginUrl: sim.org().url, clientId: sim.app().clientId }
    sim.updateApp(app.clientId, { secretRequired: false })
    const script = await bundle(`
      const app = { ...${JSON.stringify(app)}, redirectUri: location.origin + location.pathname }
      const tokens = await comeBack(app)
      if (tokens === undefined) await leaveForLogin(app)
      else {
        const headers = { authorization: 'Bearer ' + tokens.accessToken }
        const { status } = await fetch(tokens.instanceUrl + '/services/data/v64.0/limits', { headers })
        document.title = [status, location.search, sessionStorage.length, localStorage.length].join()
      }`)
    const html = `<!doctype html><link rel="icon" href="data:,"><script type="module">${script}</script>`
    const server = await listen((_, response) => response.setHeader('content-type', 'text/html').end(html))
    try {
      const page = await (await browser?.newContext())?.newPage()
      if (page === undefined) throw new Error('no browser')
      // What an org does for an origin that it lists under CORS.
      await page.route(/\/services\/(?:data|oauth2\/token)/, async (route) => {
        const answer = await route.fetch()
        const headers = { ...answer.headers(), 'access-control-allow-origin': server.url }
        await route.fulfill({ response: answer, headers })
      })
      const leaving = page.waitForRequest(/\/services\/oauth2\/authorize/)
      await page.goto(server.url)
      const callback = await sim.signIn(new URL((await leaving).url()), { username: 'grace@acme.example' })
      await page.goto(callback.href)
      await page.waitForFunction('document.title !== ""')
      expect(await page.title()).toBe('200,,0,0')
    } finally {
      await server.close()
      await sim.close()
    }
  },
)

/** The block of the page that is for browsers, with this behind it. */
async function bundle(more: string): Promise<string> {
  const path = 'docs/flows/authorization-code.md'
  const { blocks } = read({ path, lines: readFileSync(join(root, path), 'utf8').split('\n') })
  const [block] = blocks.filter(({ code }) => code.includes('sessionStorage'))
  mkdirSync(join(desk, 'node_modules'))
  linkPackages(root, join(desk, 'node_modules'))
  const input = join(desk, 'page.ts')
  writeFileSync(input, `${block?.code}\n${more}`)
  const conditionNames = ['@orgpass/source', 'browser', 'import', 'default']
  const { output } = await build({ input, platform: 'browser', resolve: { conditionNames }, write: false })
  return output[0].code.replaceAll('</script', '<\\/script')
}

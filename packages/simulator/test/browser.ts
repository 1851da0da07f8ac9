import { type HtmlForm, readHtmlForm, textOf } from '../src/browser/html-form.ts'
import type { Simulator } from '../src/index.ts'

export interface Shown {
  url: URL
  status: number
  text: string
  html: string
  form: HtmlForm | undefined
}

/** A browser with cookies that stops at redirects away from the simulator. */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly #sim: Simulator

  constructor(sim: Simulator) {
    this.#sim = sim
  }

  async open(url: URL | string, body?: Record<string, string>): Promise<Shown> {
    const target = new URL(url)
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ')
    const init = body ? { method: 'POST', body: new URLSearchParams(body) } : {}
    const response = await this.#sim.fetch(new Request(target, { ...init, headers: { cookie } }))
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (line.includes('Max-Age=0')) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    const location = response.headers.get('location')
    if (location !== null) {
      const next = new URL(location, target)
      if (next.origin === target.origin) return this.open(next)
      return { url: next, status: response.status, text: '', html: '', form: undefined }
    }
    const html = await response.text()
    return { url: target, status: response.status, text: textOf(html), html, form: readHtmlForm(html) }
  }

  /** Presses a button of the form shown. */
  async submit({ form, url }: Shown, fields: Record<string, string>): Promise<Shown> {
    if (!form) throw new Error('The page shows no form.')
    return this.open(new URL(form.action, url), { ...form.hidden, ...fields })
  }

  async logIn(url: URL, username = 'ada@acme.example'): Promise<Shown> {
    return this.submit(await this.open(url), { username, password: 'simulator' })
  }

  async allow(url: URL, username?: string): Promise<Shown> {
    return this.submit(await this.logIn(url, username), { decision: 'allow' })
  }
}

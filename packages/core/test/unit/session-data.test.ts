import { describe, expect, it } from 'vitest'
import { checkSessionData } from '../../src/auth/session-data.ts'
import { readForm } from '../../src/http/form.ts'

describe('session data', () => {
  it('is copied as JSON keeps it', () => {
    const data = { theme: 'dark', ids: [1, null], gone: undefined }
    const kept = checkSessionData(data)
    expect(kept).toEqual({ theme: 'dark', ids: [1, null] })
    expect(kept).not.toBe(data)
  })

  const circular: Record<string, unknown> = {}
  circular['self'] = circular
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'dark'],
    ['a list', ['dark']],
    ['a date, which JSON turns into a text', new Date(0)],
    ['a circle', circular],
    ['a big integer', { count: 1n }],
    ['more than 2,000 characters', { text: 'x'.repeat(2_000) }],
  ])('is refused when it is %s', (_, data) => {
    expect(() => checkSessionData(data)).toThrow(expect.objectContaining({ code: 'session/data-invalid' }))
  })
})

it('a form whose stream breaks off is a typed error', async () => {
  async function* broken(): AsyncIterable<Uint8Array> {
    yield new TextEncoder().encode('returnTo=')
    throw new Error('socket hang up')
  }
  await expect(readForm(broken(), 'application/x-www-form-urlencoded')).rejects.toMatchObject({
    code: 'request/body-unreadable',
    status: 400,
  })
})

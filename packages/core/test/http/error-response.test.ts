import { afterEach, expect, it, vi } from 'vitest'
import { ConfigError, RequestError } from '../../src/index.ts'

afterEach(() => vi.restoreAllMocks())

it('an error for the visitor answers itself: its status, and its JSON with the hint', async () => {
  const printed = vi.spyOn(console, 'error').mockReturnValue()
  const error = new RequestError('request/cross-origin', 'Not from here.', { hint: 'Send it from there.' })
  const response = error.getResponse()
  expect([response.status, response.headers.get('cache-control')]).toEqual([403, 'no-store'])
  expect(await response.json()).toEqual(error.toJSON())
  expect(printed).not.toHaveBeenCalled()
})

it('an error for the app’s owner answers its code, and keeps the rest for the console', async () => {
  const printed = vi.spyOn(console, 'error').mockReturnValue()
  const error = new ConfigError([{ option: 'loginUrl', problem: 'is no address', hint: 'Write https://…' }])
  const response = error.getResponse()
  const body: unknown = await response.json()
  expect([response.status, body]).toMatchObject([500, { error: 'config/invalid', message: expect.any(String) }])
  expect(JSON.stringify(body)).not.toMatch(/loginUrl|https/)
  expect(printed).toHaveBeenCalledExactlyOnceWith(error)
})

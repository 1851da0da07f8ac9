import { expect, it, vi } from 'vitest'
import { keepPassed, openOnce, recallPassed } from '../../src/http/passed-auth.ts'
import type { RequestAuth } from '../../src/index.ts'

const auth = async (): Promise<RequestAuth> => ({}) as RequestAuth

it('the auth of an instance is opened when it is asked for, and once', () => {
  const open = vi.fn<(name: string) => Promise<RequestAuth>>(auth)
  const find = openOnce(open)
  expect(open).not.toHaveBeenCalled()
  expect(find('partner')).toBe(find('partner'))
  expect(find()).toBe(find('salesforce'))
  expect(find()).not.toBe(find('partner'))
  expect(open.mock.calls).toEqual([['partner'], ['salesforce']])
})

it('each handler of a client has what its own guard let pass, the last time', () => {
  const [client, other] = [{}, {}]
  const [first, second, third] = [openOnce(auth), openOnce(auth), openOnce(auth)]
  keepPassed(client, ['Live', 'me'], first)
  keepPassed(client, ['Live', 'api'], second)
  expect(recallPassed(client, ['Live', 'me'])).toBe(first)
  keepPassed(client, ['Live', 'me'], third)
  expect(recallPassed(client, ['Live', 'me'])).toBe(third)
  expect(recallPassed(client, ['Live', 'api'])).toBe(second)
  for (const handler of [['Base', 'me'], ['Live'], ['Live', 'me', 'more'], []]) {
    expect(recallPassed(client, handler)).toBeUndefined()
  }
  expect(recallPassed(other, ['Live', 'me'])).toBeUndefined()
})

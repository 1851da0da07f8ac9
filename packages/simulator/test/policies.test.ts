import { describe, expect, it } from 'vitest'
import { isAddressAllowed, isAddressRange } from '../src/apps/address-ranges.ts'
import { isRecordId, newConsumerKey, to18 } from '../src/ids.ts'

describe('IP ranges', () => {
  it.each([
    [[], '127.0.0.1', true],
    [['127.0.0.1'], '127.0.0.1', true],
    [['127.0.0.0/8'], '127.9.9.9', true],
    [['10.0.0.1-10.0.0.9'], '10.0.0.9', true],
    [['10.0.0.1-10.0.0.9'], '10.0.0.10', false],
    [['10.0.0.1', '127.0.0.1'], '::ffff:127.0.0.1', true],
    [['::1'], '::1', true],
    [['fe80::/10'], '127.0.0.1', false],
  ])('%j and %s: %s', (ranges, address, isAllowed) => {
    expect(isAddressAllowed(ranges, address)).toBe(isAllowed)
  })

  it.each(['', 'localhost', '10.0.0', '10.0.0.0/x', '10.0.0.9-10.0.0.1', '10.0.0.1-'])('refuse %j', (range) => {
    expect(isAddressRange(range)).toBe(false)
  })
})

describe('ids', () => {
  it('get the checksum that Salesforce gives them', () => {
    expect(to18('00Dx0000000BV7z')).toBe('00Dx0000000BV7zEAG')
    expect(to18('005x00000012Q9P')).toBe('005x00000012Q9PAAU')
    expect(isRecordId('00Dx0000000BV7zEAG', '00D')).toBe(true)
    expect(isRecordId('00Dx0000000bV7zEAG', '00D')).toBe(false)
  })

  it('of apps look like consumer keys', () => {
    expect(newConsumerKey()).toMatch(/^3MVG9[\w.]{80}$/)
  })
})

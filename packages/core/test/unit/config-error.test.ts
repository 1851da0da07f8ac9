import { spawnSync } from 'node:child_process'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/errors/errors.ts'

const clientId = { option: 'clientId', problem: 'is missing', hint: 'Copy the Consumer Key.' }
const loginUrl = { option: 'loginUrl', problem: 'is not https', hint: 'Write https://acme.my.salesforce.com.' }

/** How often a text stands in another. */
const count = (text: string, part: string): number => text.split(part).length - 1

describe('a ConfigError', () => {
  it('says what is wrong in its message and what to change in its hint, neither twice', () => {
    const { message, hint, faults } = new ConfigError([clientId])
    expect({ message, hint, faults }).toEqual({
      message: 'clientId: is missing.',
      hint: 'Copy the Consumer Key.',
      faults: [clientId],
    })
    expect(count(`${message} ${hint}`, 'Copy')).toBe(1)
  })

  it('names in each line of its hint the option, when there are several', () => {
    const { message, hint } = new ConfigError([clientId, loginUrl])
    expect(message).toBe('clientId: is missing.\nloginUrl: is not https.')
    expect(hint).toBe('clientId: Copy the Consumer Key.\nloginUrl: Write https://acme.my.salesforce.com.')
  })

  it('is logged as JSON with both', () => {
    expect(new ConfigError([clientId]).toJSON()).toMatchObject({
      error: 'config/invalid',
      message: 'clientId: is missing.',
      hint: 'Copy the Consumer Key.',
    })
  })

  it.each([
    ['that nobody catches', 'throw error'],
    ['that a promise brings', 'await Promise.reject(error)'],
    ['that is printed', 'console.error(error); process.exitCode = 1'],
  ])('%s shows on the console what to change', (_, act) => {
    const from = new URL('../../src/errors/errors.ts', import.meta.url).href
    const script = `import { ConfigError } from '${from}'
      const error = new ConfigError(${JSON.stringify([clientId, loginUrl])})
      ${act}`
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toContain('ConfigError: clientId: is missing.\nloginUrl: is not https.')
    expect(stderr).toMatch(/hint: .*Copy the Consumer Key\..*Write https:\/\/acme\.my\.salesforce\.com\./s)
  })

  it('shows its hint wherever Node inspects it', () => {
    expect(inspect(new ConfigError([clientId]))).toMatch(/hint: 'Copy the Consumer Key\.'/)
  })
})

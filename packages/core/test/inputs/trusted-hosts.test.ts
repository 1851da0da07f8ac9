import { describe, expect, it } from 'vitest'
import { clientCredentialsGrant, clientSecretPost, ConfigError } from '../../src/index.ts'
import { createServiceConnection, openTokenEndpoint } from '../../src/index.ts'

const usual = {
  loginUrl: 'https://acme.my.salesforce.com',
  clientId: '3MVG9',
  clientAuthentication: clientSecretPost('s'),
}

/** What is wrong with these hosts, by both doors that a program without a baseUrl has. */
function faultsOf(trustedHosts: unknown, change: Partial<typeof usual> = {}): ConfigError['faults'][] {
  const options = { ...usual, ...change, trustedHosts } as typeof usual
  const attempts = [
    () => openTokenEndpoint(options),
    () => createServiceConnection({ ...options, grant: clientCredentialsGrant() }),
  ]
  return attempts.map((attempt) => {
    try {
      attempt()
      return []
    } catch (error) {
      if (error instanceof ConfigError) return error.faults
      throw error
    }
  })
}

describe('trustedHosts of a token endpoint', () => {
  it.each<[string, unknown]>([
    ['a text, whose parts would all be trusted', 'portal.acme.com'],
    ['a list in a text', 'portal.acme.com,sso.acme.com'],
    ['an object', { 0: 'portal.acme.com' }],
    ['null', null],
    ['an address', ['https://portal.acme.com']],
    ['a wildcard', ['*.acme.com']],
    ['capitals', ['Portal.acme.com']],
    ['something that is no text', [5]],
  ])('are refused as %s', (_, hosts) => {
    for (const faults of faultsOf(hosts)) {
      expect(faults).toEqual([
        {
          option: 'trustedHosts',
          problem: expect.stringMatching(/host name/) as string,
          hint: expect.stringContaining("['login.example.com']") as string,
        },
      ])
    }
  })

  it('are told of together with everything else that is wrong', () => {
    for (const faults of faultsOf(['*.acme.com'], { loginUrl: 'https://example.com', clientId: '' })) {
      expect(faults.map(({ option }) => option).toSorted()).toEqual(['clientId', 'loginUrl', 'trustedHosts'])
    }
  })

  it('lead to the hosts they name and to no part of them', () => {
    expect(faultsOf(['portal.acme.com:443'], { loginUrl: 'https://portal.acme.com' })).toEqual([[], []])
    const [faults = []] = faultsOf(['portal.acme.com'], { loginUrl: 'https://me.com' })
    expect(faults).toMatchObject([{ option: 'loginUrl' }])
  })

  it('may be on this machine, as the login host may', () => {
    expect(faultsOf(['localhost:8443'])).toEqual([[], []])
  })
})

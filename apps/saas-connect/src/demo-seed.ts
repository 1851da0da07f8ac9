import type { SampleOptions } from '@orgpass/sample-host'

/** Two customers' orgs beside the default one, and an app that any of them can connect, with rotation. */
export const demoSeed: NonNullable<SampleOptions['seed']> = {
  orgs: [
    {
      name: 'Globex',
      users: [{ username: 'hank@globex.example', firstName: 'Hank', lastName: 'Scorpio', admin: true }],
      records: { Account: [{ Name: 'Cypress Creek', Owner: 'hank@globex.example' }] },
    },
    {
      name: 'Initech',
      users: [{ username: 'bill@initech.example', firstName: 'Bill', lastName: 'Lumbergh', admin: true }],
      records: {
        Account: [
          { Name: 'Flingers', Owner: 'bill@initech.example' },
          { Name: 'Initrode', Owner: 'bill@initech.example' },
        ],
      },
    },
  ],
  apps: [
    {
      label: 'Account counter',
      org: 'Acme',
      distribution: 'packaged',
      refreshTokenRotation: true,
      dangerouslyAllowAnyLoopbackCallback: true,
      scopes: ['openid', 'id', 'api', 'refresh_token'],
    },
  ],
}

import type { SampleOptions } from '@orgpass/sample-host'

/** Customers' orgs beside the default one: its app can be connected by any of them. */
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
      records: { Account: [{ Name: 'Flingers', Owner: 'bill@initech.example' }] },
    },
  ],
}

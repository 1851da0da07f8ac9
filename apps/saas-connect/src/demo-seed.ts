/** Three customers' orgs, and an app that any of them can connect, with refresh tokens that rotate. */
export const demoSeed = {
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

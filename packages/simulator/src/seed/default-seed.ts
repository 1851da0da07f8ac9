import { defaultAccounts, defaultContacts } from './default-records.ts'
import type { Seed } from './seed.ts'

/** The org "Acme" and the app "Orgpass sample": enough to start without any configuration. */
export const defaultSeed: Seed = {
  orgs: [
    {
      name: 'Acme',
      myDomain: 'acme',
      users: [
        {
          username: 'ada@acme.example',
          firstName: 'Ada',
          lastName: 'Lovell',
          admin: true,
          permissionSets: ['Integrations'],
          customPermissions: ['Approve_Discounts'],
        },
        {
          username: 'grace@acme.example',
          firstName: 'Grace',
          lastName: 'Hofmann',
          profile: 'Sales User',
          permissionSets: ['Sales_Insights'],
        },
        {
          username: 'alan@acme.example',
          firstName: 'Alan',
          lastName: 'Turner',
          profile: 'Read Only',
          permissionSets: ['Reports'],
          canEditRecords: false,
        },
      ],
      records: { Account: defaultAccounts, Contact: defaultContacts },
    },
  ],
  apps: [
    {
      label: 'Orgpass sample',
      org: 'Acme',
      clientId: '3MVG9PtYgjmUhBel31iEl2hpChYgCfrL1spNxnyVmihA_2O76UMFxFkM_R5Kjp1vRt.1fjORS_6ilI8ihN5KX',
      clientSecret: 'B0EB53F16947CCF25EC84D8DBC74254770F58904DBA41ECCCC3FC1626E53A130',
      callbackUrls: ['http://localhost:3000/auth/callback'],
      dangerouslyAllowAnyLoopbackCallback: true,
      scopes: ['openid', 'id', 'api', 'refresh_token', 'web', 'profile', 'email'],
      flows: { clientCredentials: true, device: true },
      runAs: 'ada@acme.example',
    },
  ],
}

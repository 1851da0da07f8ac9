import { listen } from '@orgpass/testing'
import { describeAdapter } from '@orgpass/testing/adapter'
import { beforeAll, vi } from 'vitest'
import { contractApp } from './contract-app.ts'
import { hosts } from './stage.ts'

// Without an error handler of the app's, Express prints each error.
beforeAll(() => void vi.spyOn(console, 'error').mockReturnValue())

for (const { name, express } of hosts) {
  describeAdapter(name, (setup) => listen(contractApp(express, setup), setup.port))
}

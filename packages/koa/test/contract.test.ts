import { listen } from '@orgpass/testing'
import { describeAdapter } from '@orgpass/testing/adapter'
import { contractApp } from './contract-app.ts'
import { hosts } from './hosts.ts'

for (const { name, Koa } of hosts) {
  describeAdapter(name, (setup) => listen(contractApp(Koa, setup).callback(), setup.port))
}

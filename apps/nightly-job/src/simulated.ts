import { generateKeyPairSync } from 'node:crypto'
import { startSimulator } from '@orgpass/simulator'
import type { Org } from './settings.ts'

const CLIENT_ID = '3MVG9nightly_job.with_a_certificate'
/** Milliseconds an answer takes: a real org is no faster, and the progress can be seen. */
const LATENCY = 60

/** A Salesforce on this machine that knows the job's new key and lets it act as an administrator. */
export async function startSimulated(): Promise<Org> {
  const { privateKey: key, publicKey: certificate } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  const simulator = await startSimulator({
    seed: {
      apps: [
        {
          label: 'Nightly job',
          org: 'Acme',
          clientId: CLIENT_ID,
          certificate,
          callbackUrls: ['http://localhost/unused'],
          permittedUsers: 'adminApproved',
          permissionSets: ['Integrations'],
        },
      ],
    },
  })
  simulator.faults.next('data', { latency: LATENCY }, 10_000)
  return {
    source: 'simulator',
    loginUrl: simulator.org().url,
    clientId: CLIENT_ID,
    username: 'ada@acme.example',
    key,
    close: () => simulator.close(),
  }
}

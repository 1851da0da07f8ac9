import { createServer } from 'node:http'
import { listen } from '@orgpass/testing'

const ID = '/id/00D000000000001EAA/005000000000001AAA'

/** An org that lets everybody in at once and answers queries with this text. */
export async function startEvilOrg(queryAnswer: string): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer()
  const listening = await listen(server)
  const { url } = listening
  const answers: Record<string, unknown> = {
    device_code: {
      device_code: 'a-device-code',
      user_code: 'ABCD1234',
      verification_uri: `${url}/setup/connect`,
      interval: 1,
    },
    device: { access_token: '00D!evil', token_type: 'Bearer', instance_url: url, id: `${url}${ID}` },
    [ID]: {
      user_id: '005000000000001AAA',
      organization_id: '00D000000000001EAA',
      username: 'eve@evil.example',
      display_name: 'Eve',
    },
  }
  server.on('request', (req, res) => {
    let body = ''
    req.on('data', (chunk: Buffer) => (body += chunk.toString()))
    req.on('end', () => {
      const form = new URLSearchParams(body)
      const asked = form.get('response_type') ?? form.get('grant_type') ?? req.url ?? ''
      res.end(asked in answers ? JSON.stringify(answers[asked]) : queryAnswer)
    })
  })
  return { url, [Symbol.asyncDispose]: () => listening.close() }
}

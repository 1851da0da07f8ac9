import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { pollDevice, startDevice } from '../../src/flows/index.ts'
import type { DeviceProgress, PollDeviceOptions } from '../../src/flows/index.ts'
import { DeviceError } from '../../src/index.ts'
import type { DeviceCode, TokenSet } from '../../src/index.ts'
import { listenBriefly } from './breakdowns.ts'
import { failureOf, oauthFailure, refusal, tokenRefusals, transportFailure } from './refusals.ts'
import { lastSent, openWire } from './wire.ts'
import type { Wire } from './wire.ts'

const username = 'grace@acme.example'
const TEN_MINUTES = 600_000
let wire: Wire

beforeAll(async () => {
  wire = await openWire()
})
afterEach(() => {
  wire.sim.reset()
  wire.sent.length = 0
})
afterAll(() => wire.close())

/** A poll whose pauses take no time here and six seconds on the simulator's clock. */
function pollFast(code: DeviceCode, options: PollDeviceOptions = {}): Promise<TokenSet> {
  const { onProgress, ...rest } = options
  return pollDevice(
    wire.endpoint(),
    { ...code, intervalMs: 1 },
    {
      ...rest,
      onProgress(progress) {
        wire.sim.clock.advance(6_000)
        onProgress?.(progress)
      },
    },
  )
}

async function deviceFailure(promise: Promise<unknown>): Promise<DeviceError> {
  const error = await failureOf(promise)
  if (error instanceof DeviceError) return error
  throw new Error('The call failed with something other than a DeviceError.', { cause: error })
}

describe('a login on another device starts', () => {
  it('with one POST to the token endpoint that names no secret', async () => {
    const { sim } = wire
    await startDevice(wire.endpoint(), { scope: ['api', 'refresh_token'] })
    expect(lastSent(wire)).toEqual({
      method: 'POST',
      origin: sim.org().url,
      target: '/services/oauth2/token',
      redirect: 'manual',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
      form: {
        response_type: 'device_code',
        client_id: sim.app().clientId,
        scope: 'api refresh_token',
        format: 'json',
      },
    })
  })

  it('with codes that live ten minutes and an address that can carry the code', async () => {
    const { sim } = wire
    const code = await startDevice(wire.endpoint())
    expect(lastSent(wire).form).not.toHaveProperty('scope')
    expect(code).toEqual({
      deviceCode: expect.stringMatching(/\w{8}/),
      userCode: expect.stringMatching(/^[A-Z0-9]{8}$/),
      verificationUri: `${sim.org().url}/setup/connect`,
      verificationUriComplete: `${sim.org().url}/setup/connect?user_code=${code.userCode}`,
      intervalMs: 5_000,
      expiresAt: expect.any(Number),
    })
    expect(Math.abs(code.expiresAt - sim.clock.now() - TEN_MINUTES)).toBeLessThan(2_000)
  })

  it.each([
    ['no device code', { device_code: undefined }, /device_code/],
    ['a user code of control characters', { user_code: '\u001b[2J' }, /user_code/],
    ['a foreign address', { verification_uri: 'https://example.com/setup/connect' }, /verification_uri/],
    ['a script as address', { verification_uri: 'javascript:alert(1)' }, /verification_uri/],
    ['no address', { verification_uri: 7 }, /verification_uri/],
  ])('and is given up when the answer has %s', async (_, change, message) => {
    const usual = { device_code: 'UGxh', user_code: '7K2PXR9Q', verification_uri: 'http://localhost:1/setup/connect' }
    await using server = await listenBriefly((_req, res) => void res.end(JSON.stringify({ ...usual, ...change })))
    const failure = await deviceFailure(startDevice(wire.endpoint({ base: server.url })))
    expect(failure).toMatchObject({ code: 'device/malformed-answer', message: expect.stringMatching(message) })
  })

  it('with an address that a terminal can print, whatever was answered', async () => {
    const address = 'http://localhost:1/setup/\u001b[2J\u009b31m\u202econnect\n'
    const answer = { device_code: 'UGxh', user_code: '7K2PXR9Q', verification_uri: address }
    await using server = await listenBriefly((_req, res) => void res.end(JSON.stringify(answer)))
    const { verificationUri, verificationUriComplete } = await startDevice(wire.endpoint({ base: server.url }))
    expect(verificationUri).toBe('http://localhost:1/setup/%1B[2J%C2%9B31m%E2%80%AEconnect')
    expect(verificationUriComplete).toBe(`${verificationUri}?user_code=7K2PXR9Q`)
  })

  it.each([
    [0.001, 1_000],
    ['1e-9', 1_000],
    [1, 1_000],
    [7, 7_000],
    [1e9, 60_000],
    ['Infinity', 60_000],
  ])('with pauses of a second at least and a minute at most when the interval is %s', async (interval, intervalMs) => {
    const answer = { device_code: 'UGxh', user_code: '7K2PXR9Q', verification_uri: 'http://localhost:1/x', interval }
    await using server = await listenBriefly((_req, res) => void res.end(JSON.stringify(answer)))
    expect(await startDevice(wire.endpoint({ base: server.url }))).toMatchObject({ intervalMs })
  })

  it.each([[undefined], [0], [-3], ['soon'], [null]])(
    'with pauses of five seconds when the interval is %s',
    async (interval) => {
      const answer = { device_code: 'UGxh', user_code: '7K2PXR9Q', verification_uri: 'http://localhost:1/x', interval }
      await using server = await listenBriefly((_req, res) => void res.end(JSON.stringify(answer)))
      expect(await startDevice(wire.endpoint({ base: server.url }))).toMatchObject({ intervalMs: 5_000 })
    },
  )
})

describe('polling', () => {
  it('asks with grant, client and code, and no secret, until the person has approved', async () => {
    const { sim } = wire
    const code = await startDevice(wire.endpoint())
    const seen: DeviceProgress[] = []
    const tokens = await pollFast(code, {
      async onProgress(progress) {
        seen.push(progress)
        if (seen.length === 3) await sim.approveDevice(code.userCode, { username })
      },
    })
    expect(lastSent(wire)).toMatchObject({
      method: 'POST',
      target: '/services/oauth2/token',
      form: { grant_type: 'device', client_id: sim.app().clientId, code: code.deviceCode, format: 'json' },
    })
    expect(Object.keys(lastSent(wire).form)).toHaveLength(4)
    expect(seen.length).toBeGreaterThanOrEqual(3)
    expect(seen[0]).toEqual({ state: 'pending', polls: 1, intervalMs: 1, remainingMs: expect.any(Number) })
    expect(TEN_MINUTES - (seen[2]?.remainingMs ?? 0)).toBeGreaterThan(11_000)
    expect(tokens).toMatchObject({
      tokenType: 'Bearer',
      instanceUrl: sim.org().url,
      refreshToken: expect.stringMatching(/^5Aep861/),
      identity: { orgId: sim.org().id },
      scope: expect.arrayContaining(['api']),
    })
    expect(sim.tokenState(tokens.accessToken)).toBe('active')
  })

  it('pauses five seconds longer when Salesforce asks for it', async () => {
    const code = await startDevice(wire.endpoint())
    await wire.sim.approveDevice(code.userCode, { username })
    wire.sim.faults.next('token', { error: 'slow_down', description: 'polling too quickly for the token endpoint.' })
    const seen: DeviceProgress[] = []
    const before = performance.now()
    await pollFast(code, { onProgress: (progress) => void seen.push(progress) })
    expect(seen).toMatchObject([{ state: 'slow-down', intervalMs: 5_001 }])
    expect(performance.now() - before).toBeGreaterThan(4_900)
  })

  it('ends with device/denied when the person says no', async () => {
    const code = await startDevice(wire.endpoint())
    await wire.sim.approveDevice(code.userCode, { username, deny: true })
    expect(await deviceFailure(pollFast(code))).toMatchObject({ code: 'device/denied', status: 403, retryable: false })
  })

  it('ends with device/expired after ten minutes, without asking once more', async () => {
    const code = await startDevice(wire.endpoint())
    wire.sim.clock.advance(TEN_MINUTES - 15_000)
    const failure = await deviceFailure(pollFast(code))
    expect(failure).toMatchObject({ code: 'device/expired', needsLogin: true })
    expect(wire.sent.filter(({ form }) => form['grant_type'] === 'device')).toHaveLength(3)
  })

  it.each([Number.NaN, undefined])('takes an end of %s for one that is past, and asks nothing', async (expiresAt) => {
    const code = await startDevice(wire.endpoint())
    const polling = pollDevice(wire.endpoint(), { ...code, intervalMs: 1, expiresAt } as DeviceCode)
    expect(await deviceFailure(polling)).toMatchObject({ code: 'device/expired' })
    expect(wire.sent.filter(({ form }) => form['grant_type'] === 'device')).toEqual([])
  })

  it('ends with device/code-refused when the code was redeemed elsewhere', async () => {
    const code = await startDevice(wire.endpoint())
    await wire.sim.approveDevice(code.userCode, { username })
    await pollFast(code)
    wire.sim.clock.advance(6_000)
    const failure = await deviceFailure(pollFast(code))
    expect(failure).toMatchObject({ code: 'device/code-refused', cause: { description: 'token exchange failed' } })
    expect(failure.message).not.toContain(code.deviceCode)
  })

  it('ends with device/code-refused when nobody knows the code', async () => {
    const code = await startDevice(wire.endpoint())
    const failure = await deviceFailure(pollFast({ ...code, deviceCode: 'unknown' }))
    expect(failure).toMatchObject({ code: 'device/code-refused' })
  })

  it.each(['before', 'during a pause', 'during a request'])(
    'ends with device/aborted when given up %s',
    async (when) => {
      const code = await startDevice(wire.endpoint())
      const abort = new AbortController()
      const { signal } = abort
      const reason = new Error('the person went away')
      if (when === 'before') abort.abort(reason)
      if (when === 'during a request') wire.sim.faults.next('token', { latency: 2_000 })
      const polling = pollDevice(
        wire.endpoint(),
        { ...code, intervalMs: when === 'during a pause' ? 60_000 : 1 },
        { signal },
      )
      setTimeout(() => abort.abort(reason), 200)
      const before = performance.now()
      expect(await deviceFailure(polling)).toMatchObject({ code: 'device/aborted', cause: reason })
      expect(performance.now() - before).toBeLessThan(1_500)
    },
  )

  it('survives an answer that does not come', async () => {
    const code = await startDevice(wire.endpoint())
    await wire.sim.approveDevice(code.userCode, { username })
    wire.sim.faults.next('token', { drop: 'before' })
    const seen: string[] = []
    await pollFast(code, { onProgress: ({ state }) => void seen.push(state) })
    expect(seen).toEqual(['retrying'])
  })

  it.each([
    refusal('oauth/invalid_grant', 'device flow is not enabled for the app', { hint: /Enable/ }),
    ...tokenRefusals.filter(({ retryable }) => retryable !== true),
  ])('ends with $error: $description', async ({ error, description, code, hint }) => {
    const started = await startDevice(wire.endpoint())
    wire.sim.faults.next('token', { error, description })
    const failure = await oauthFailure(pollFast(started))
    expect(failure).toMatchObject({ code, error, description })
    expect(failure.hint).toMatch(hint)
  })

  it('gives up after five polls in a row without an answer', async () => {
    const code = await startDevice(wire.endpoint())
    wire.sim.faults.next('token', { status: 503 }, 9)
    expect(await transportFailure(pollFast(code))).toMatchObject({ code: 'net/server-error', retryable: true })
    expect(wire.sent.filter(({ form }) => form['grant_type'] === 'device')).toHaveLength(5)
  })
})

describe('an app without the device flow', () => {
  it('is told so when the login starts', async () => {
    wire.sim.updateApp(wire.sim.app().clientId, { flows: { device: false } })
    const failure = await oauthFailure(startDevice(wire.endpoint()))
    expect(failure).toMatchObject({
      code: 'oauth/invalid_grant',
      description: 'device flow is not enabled for the app',
    })
    expect(failure.hint).toMatch(/Enable/)
  })
})

import { ConnectionError } from '../errors/connection-error.ts'
import { ConfigError } from '../errors/errors.ts'

/** Who the host app says is asking: the id of its own user or tenant; nobody when it answers nothing. */
export type OwnerBinding = () => string | null | undefined | Promise<string | null | undefined>

const MAX_BYTES = 512
const utf8 = new TextEncoder()

/**
 * The owner of a request, or `undefined` when nobody is signed in to the host app.
 * @throws {ConfigError} when the adapter was given no owner, or answers something that names nobody.
 */
export async function readOwner(binding: OwnerBinding | undefined): Promise<string | undefined> {
  if (binding === undefined) {
    const hint = 'Say whose connections they are: salesforceAuth(options, { owner: (request) => request.user?.id }).'
    throw new ConfigError([{ option: 'owner', problem: 'is missing', hint }])
  }
  const owner: unknown = await binding()
  if (owner === undefined || owner === null) return undefined
  if (typeof owner === 'string' && owner.trim() !== '' && utf8.encode(owner).length <= MAX_BYTES) return owner
  const hint = `Answer the id of your user or tenant as a text of 1 to ${MAX_BYTES} bytes, and undefined for nobody.`
  throw new ConfigError([{ option: 'owner', problem: 'answered something that names nobody', hint }])
}

/** @throws {ConnectionError} `connection/owner-missing` when nobody is signed in to the host app. */
export async function requireOwner(binding: OwnerBinding | undefined): Promise<string> {
  const owner = await readOwner(binding)
  if (owner !== undefined) return owner
  throw new ConnectionError(
    'connection/owner-missing',
    'Nobody is signed in to this app, so nobody can own a connection.',
    {
      hint: 'Sign in to the app first. If you are, the option owner does not find out who you are.',
    },
  )
}

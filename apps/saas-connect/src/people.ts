import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Environment } from '@orgpass/core'
import { isLocalAddress } from '@orgpass/sample-host'

/** Somebody who may sign in to this app. */
export interface Person {
  readonly name: string
  /** Whose connections are theirs. */
  readonly tenant: string
}

export interface People {
  readonly tenants: readonly string[]
  /** The person, or `undefined` for a wrong name or password: which of the two is not told. */
  check(name: string, password: string): Promise<Person | undefined>
}

interface Known extends Person {
  readonly salt: Buffer
  readonly hash: Promise<Buffer>
}

/** Public: for this machine only. */
export const DEMO_PASSWORD = 'sample'
const DEMO_PEOPLE = 'nora:northwind:sample,nils:northwind:sample,tess:tailspin:sample'
const LENGTH = 32
const derive = promisify<string, Buffer, number, Buffer>(scrypt)

/**
 * Who may sign in: `PEOPLE`, a comma list of `name:tenant:password`; three people of two tenants on this machine when it
 * is not set. A real app has a database of users in the place of this.
 * @throws {TypeError} when it is missing on an app that others can reach, or cannot be read.
 */
export function createPeople({ PEOPLE, APP_BASE_URL = '' }: Environment): People {
  if (PEOPLE === undefined && !isLocalAddress(APP_BASE_URL)) {
    throw new TypeError('PEOPLE is missing: list who may sign in, as name:tenant:password, separated by commas.')
  }
  const people = (PEOPLE ?? DEMO_PEOPLE).split(',').map(readPerson)
  return {
    tenants: [...new Set(people.map(({ tenant }) => tenant))],
    async check(name, password) {
      const known = people.find((person) => person.name === name)
      // Strangers take as long as people who mistype.
      const { salt, hash } = known ?? { salt: randomBytes(16), hash: Promise.resolve(randomBytes(LENGTH)) }
      const isRight = timingSafeEqual(await derive(password, salt, LENGTH), await hash)
      return isRight && known !== undefined ? { name: known.name, tenant: known.tenant } : undefined
    },
  }
}

function readPerson(entry: string): Known {
  const [name = '', tenant = '', password = '', ...rest] = entry.trim().split(':')
  if (name === '' || tenant === '' || password === '' || rest.length > 0) {
    throw new TypeError('PEOPLE has an entry that is not name:tenant:password, without colons in any of the three.')
  }
  const salt = randomBytes(16)
  return { name, tenant, salt, hash: derive(password, salt, LENGTH) }
}

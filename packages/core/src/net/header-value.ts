import { RequestError } from '../errors/errors.ts'

/**
 * The value, when a header can carry it as it is. What `Headers` says about any other repeats the value.
 * @throws {RequestError} `request/unsendable`, which names the value by `name` alone.
 */
export function headerValue(name: string, value: string): string {
  if (/^[\x21-\x7e]+$/.test(value)) return value
  const problem = value === '' ? 'is empty' : 'has characters that no header can carry'
  throw new RequestError('request/unsendable', `${name} ${problem}; nothing was sent.`, {
    hint: 'Look for a line break, a space or a letter with an accent in it: it may have been cut or copied wrongly.',
  })
}

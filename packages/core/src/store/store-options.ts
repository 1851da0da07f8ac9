/** A shorter lease ends before it can be renewed. Milliseconds. */
const LEAST: Partial<Record<string, number>> = { lease: 100, lockTimeout: 0 }

/**
 * For stores: the options that were given, with defaults for the others.
 * @param store the function that was given them.
 * @throws {TypeError} for an option that there is not, or of another type. {RangeError} for numbers that cannot be meant.
 */
export function readStoreOptions<Options extends object>(
  store: string,
  given: Partial<Options>,
  defaults: Options,
): Options {
  const options = { ...defaults }
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) options[name as keyof Options] = checked(store, { name, value, defaults })
  }
  return options
}

interface GivenOption<Options> {
  readonly name: string
  readonly value: unknown
  readonly defaults: Options
}

function checked<Options extends object>(
  store: string,
  { name, value, defaults }: GivenOption<Options>,
): Options[keyof Options] {
  if (!Object.hasOwn(defaults, name))
    throw new TypeError(`${store}: ${name} is not an option. Options are ${Object.keys(defaults).join(', ')}.`)
  const type = typeof defaults[name as keyof Options]
  if (typeof value !== type) throw new TypeError(`${store}: ${name} is no ${type}.`)
  const least = LEAST[name] ?? 1
  if (typeof value === 'number' && !(Number.isFinite(value) && value >= least))
    throw new RangeError(`${store}: ${name} is ${value}. Give a number, ${least} or more.`)
  return value as Options[keyof Options]
}

/** The least of each duration: a shorter lease ends before it can be renewed. Milliseconds. */
const DURATIONS: Partial<Record<string, number>> = { lease: 100, lockTimeout: 0, timeout: 1 }
/** Timers go no further. Milliseconds. */
const LONGEST = 2 ** 31 - 1

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
  if (typeof value === 'number') requireRange(`${store}: ${name} is ${value}.`, { value, least: DURATIONS[name] })
  return value as Options[keyof Options]
}

function requireRange(fault: string, { value, least }: { value: number; least: number | undefined }): void {
  if (least === undefined) {
    if (!(value >= 1)) throw new RangeError(`${fault} Give a number, 1 or more.`)
  } else if (!(value >= least && value <= LONGEST)) {
    throw new RangeError(`${fault} Give milliseconds, from ${least} to ${LONGEST}.`)
  }
}

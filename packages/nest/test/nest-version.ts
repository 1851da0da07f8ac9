/** Which Nest the tests run on: the one that the project of the same name points at. */
export const nest = `Nest ${process.env['NEST_VERSION'] ?? '12'}`

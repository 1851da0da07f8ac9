export { loggedInAs } from '@orgpass/core/testing'
export type { TestLogin } from '@orgpass/core/testing'

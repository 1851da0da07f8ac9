export { loggedInAs, type TestLogin } from '@orgpass/core/testing'

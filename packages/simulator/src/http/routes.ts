import { Hono } from 'hono'
import { approve } from '../endpoints/approve.ts'
import { authorize, authorizePath } from '../endpoints/authorize.ts'
import { approveConnect, connect, deviceApprovalPath } from '../endpoints/connect.ts'
import { controlRoutes } from '../endpoints/control.ts'
import { authConfiguration, discovery } from '../endpoints/discovery.ts'
import { forgotPassword, initPasswordlessLogin, initRegistration } from '../endpoints/headless-services.ts'
import { home } from '../endpoints/home.ts'
import { identity } from '../endpoints/identity.ts'
import { introspect } from '../endpoints/introspect.ts'
import { keys } from '../endpoints/keys.ts'
import { login } from '../endpoints/login.ts'
import { logout } from '../endpoints/logout.ts'
import { register } from '../endpoints/register.ts'
import { revoke } from '../endpoints/revoke.ts'
import { frontdoor, singleAccess } from '../endpoints/single-access.ts'
import { token } from '../endpoints/token.ts'
import { usage } from '../endpoints/usage.ts'
import { userinfo } from '../endpoints/userinfo.ts'
import { verificationPath } from '../grants/device.ts'
import { successPage } from '../pages/index.ts'
import { mountRest, type RestMount } from '../rest/mount.ts'
import type { Org } from '../state.ts'
import type { EndpointContext, Env, World } from '../world.ts'
import { showError, showPage } from './page-answer.ts'

type Endpoint = (world: World, context: EndpointContext) => Response | Promise<Response>

/** Every path, below whatever base it was addressed at. */
export function createRoutes(world: World): Hono<Env> {
  // Sites prefix every path; `place` has already taken the prefix off.
  const app = new Hono<Env>({ getPath: (_request, options) => placePath(options) })
  // A dropped connection has to get through to the socket; Hono would answer 500.
  app.onError((error) => {
    throw error
  })
  const at = (endpoint: Endpoint) => (context: EndpointContext) => endpoint(world, context)
  const rest = new WeakMap<Org, RestMount>()

  app.get('/', at(home))
  app.post('/login', at(login))
  app.post('/approve', at(approve))
  app.on(['GET', 'POST'], verificationPath, at(connect))
  app.on(['GET', 'POST'], deviceApprovalPath, at(approveConnect))
  app.all(authorizePath, at(authorize))
  app.get('/services/oauth2/success', (context) => showPage(context, successPage()))
  app.all('/services/oauth2/token', at(token))
  app.on(['GET', 'POST'], '/services/oauth2/revoke', at(revoke))
  app.get('/id/keys', at(keys))
  app.get('/services/auth/idp/oidc/logout', at(logout))
  app.on(['GET', 'POST'], '/services/oauth2/userinfo', at(userinfo))
  app.post('/services/oauth2/introspect', at(introspect))
  app.on(['GET', 'POST'], '/id/:org/:user', at(identity))
  app.get('/.well-known/openid-configuration', at(discovery))
  app.get('/.well-known/auth-configuration', at(authConfiguration))
  app.route('/__simulator', controlRoutes(world))
  app.post('/services/oauth2/singleaccess', at(singleAccess))
  app.on(['GET', 'POST'], '/secur/frontdoor.jsp', at(frontdoor))
  app.post('/services/oauth2/register', at(register))
  app.post('/services/auth/headless/init/passwordless/login', at(initPasswordlessLogin))
  app.post('/services/auth/headless/init/registration', at(initRegistration))
  app.post('/services/auth/headless/forgot_password', at(forgotPassword))
  app.on(['GET', 'DELETE'], '/services/data/:version/apps/oauth/usage/*', at(usage))
  app.all('/services/data/*', (context) => {
    const { org } = context.env.place
    if (!org) return context.notFound()
    const mount = rest.get(org) ?? mountRest(world, org)
    rest.set(org, mount)
    return mount(context)
  })
  app.notFound((context) =>
    showError(context, {
      status: 404,
      title: 'Nothing here',
      message: 'The simulator has no page at this address on this host.',
      detail: context.env.place.path,
    }),
  )
  return app
}

function placePath(options: { env?: Env['Bindings'] } | undefined): string {
  return options?.env?.place.path ?? '/'
}

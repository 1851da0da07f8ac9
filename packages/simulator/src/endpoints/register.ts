import { z } from 'zod'
import { answerAsJson } from '../http/json-refusal.ts'
import { OAuthError } from '../http/oauth-error.ts'
import { json } from '../http/response-format.ts'
import { createApp } from '../seed/create-state.ts'
import * as rule from '../seed/rules.ts'
import type { App } from '../state.ts'
import { type EndpointContext, orgOf, type World } from '../world.ts'

const grantTypes = ['authorization_code', 'implicit', 'refresh_token'] as const
const registration = z.looseObject({
  redirect_uris: z.array(rule.callbackUrl).min(1),
  response_types: z.array(z.enum(['code', 'token', 'id_token'])).default(['code']),
  grant_types: z.array(z.enum(grantTypes)).default(['authorization_code']),
  application_type: z.string().default('web'),
  contacts: z.array(z.string()).default([]),
  client_name: rule.filled.optional(),
})

const limit = 100

/** Makes an app below the one whose initial access token comes along. */
export async function register(world: World, context: EndpointContext): Promise<Response> {
  return answerAsJson(world, context, {
    fault: 'register',
    work: async () => {
      const parent = findParent(world, context)
      const given = registration.safeParse(await readJson(context))
      if (!given.success) {
        const path = given.error.issues[0]?.path.join('.') || 'body'
        throw new OAuthError('invalid_request', `missing or invalid parameter: ${path}`)
      }
      const siblings = world.state.apps.filter((app) => app.parentClientId === parent.clientId)
      if (siblings.length >= limit) {
        throw new OAuthError('exceeded_registration_limit', `at most ${limit} apps can be registered`)
      }
      const { client_name: name = `Registered app ${siblings.length + 1}`, ...metadata } = given.data
      const app = addChild(world, parent, { name, ...metadata })
      return json(
        context,
        {
          client_id: app.clientId,
          client_secret: app.clientSecret,
          client_id_issued_at: Math.floor(world.clock.now() / 1000),
          client_secret_expires_at: 0,
          client_name: name,
          redirect_uris: metadata.redirect_uris,
          response_types: metadata.response_types,
          grant_types: metadata.grant_types,
          application_type: metadata.application_type,
          contacts: metadata.contacts,
          token_endpoint_auth_method: 'client_secret_post',
        },
        201,
      )
    },
  })
}

function findParent(world: World, context: EndpointContext): App {
  const [, token] = /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '') ?? []
  const parent = token !== undefined && world.state.apps.find(({ initialAccessToken }) => initialAccessToken === token)
  if (!parent || !parent.enabled) throw new OAuthError('invalid_token', 'invalid initial access token')
  return parent
}

async function readJson(context: EndpointContext): Promise<unknown> {
  try {
    return await context.req.json()
  } catch {
    throw new OAuthError('invalid_request', 'the body is no JSON')
  }
}

interface Child {
  name: string
  redirect_uris: readonly string[]
  grant_types: readonly (typeof grantTypes)[number][]
}

function addChild(world: World, parent: App, { name, redirect_uris: callbackUrls, grant_types: grants }: Child): App {
  const child = createApp(
    {
      label: name,
      org: orgOf(world, parent).name,
      callbackUrls,
      scopes: parent.scopes,
      pkceRequired: parent.pkceRequired,
      distribution: parent.distribution,
      flows: {
        webServer: grants.includes('authorization_code'),
        userAgent: grants.includes('implicit'),
        refreshToken: grants.includes('refresh_token'),
        jwtBearer: false,
        samlBearer: false,
        hybrid: false,
      },
    },
    world.state.orgs,
  )
  const app = { ...child, parentClientId: parent.clientId }
  world.state.apps.push(app)
  return app
}

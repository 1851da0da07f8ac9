import { Inject } from '@nestjs/common'
import { SalesforceAuth } from '@orgpass/core'
import type { InstanceOptions, nodeExchange, RequestSource } from '@orgpass/core/node'

export const DEFAULT_NAME = 'salesforce'

export type NodeRequest = Parameters<typeof nodeExchange>[0]
/** What the middleware and the guard open requests with. */
export type Source = RequestSource<NodeRequest>

export function sourceToken(name: string): string {
  return `orgpass:source:${name}`
}

/** What is injected, and overridden in tests: the class `SalesforceAuth` itself or, under another name, a text. */
export function salesforceToken(name: string = DEFAULT_NAME): typeof SalesforceAuth | string {
  return name === DEFAULT_NAME ? SalesforceAuth : `orgpass:${name}`
}

/** Injects an instance by name; that of the default name is injected by its class alone. */
export function InjectSalesforce({ name }: InstanceOptions = {}): PropertyDecorator & ParameterDecorator {
  return Inject(salesforceToken(name))
}

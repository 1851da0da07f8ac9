import { Inject } from '@nestjs/common'
import { SalesforceAuth } from '@orgpass/core'
import type { InstanceOptions } from '@orgpass/core/node'

export const DEFAULT_NAME = 'salesforce'

/** What is injected, and overridden in tests: the class `SalesforceAuth` itself or, under another name, a text. */
export function salesforceToken(name: string = DEFAULT_NAME): typeof SalesforceAuth | string {
  return name === DEFAULT_NAME ? SalesforceAuth : `orgpass:${name}`
}

/** Injects an instance by name; that of the default name is injected by its class alone. */
export function InjectSalesforce({ name }: InstanceOptions = {}): PropertyDecorator & ParameterDecorator {
  return Inject(salesforceToken(name))
}

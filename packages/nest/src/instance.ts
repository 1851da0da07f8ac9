import { Inject } from '@nestjs/common'
import { SalesforceAuth } from '@orgpass/core'

/** Which instance is meant, when an app has several. */
export interface InstanceOptions {
  /** The `name` that the module was given. @default 'salesforce' */
  name?: string
}

export const DEFAULT_NAME = 'salesforce'

/** What to inject and to override in tests: the class {@link SalesforceAuth} itself, or a token for another name. */
export function salesforceToken(name: string = DEFAULT_NAME): typeof SalesforceAuth | string {
  return name === DEFAULT_NAME ? SalesforceAuth : `orgpass:${name}`
}

/** Injects the app's {@link SalesforceAuth}: for work outside of requests. */
export function InjectSalesforce({ name }: InstanceOptions = {}): PropertyDecorator & ParameterDecorator {
  return Inject(salesforceToken(name))
}

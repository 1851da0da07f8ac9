import type { Order } from './steps.ts'

/** How a process of the app is made. */
export interface WorkerSettings {
  readonly storeUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly loginUrl: string
  readonly baseUrl: string
  readonly secret: string
  /** How long a dead holder's lock lasts. Milliseconds. */
  readonly lease: number
  /** How long one request to Salesforce may take. Milliseconds. */
  readonly timeout: number
  /** The port of the gate that stands before Salesforce, where one does. */
  readonly gate?: number
}

/** Whom a call is made for: a stored connection, or the session of a cookie. */
export type Subject = { readonly connection: string } | { readonly cookie: string }

/** What a worker is told to do. */
export interface Task {
  readonly id: number
  readonly subjects: readonly Subject[]
  /** Calls at once for each subject. */
  readonly users: number
  /** Goes on calling until then, pausing a little; once when it is absent. Milliseconds. */
  readonly duration?: number
  readonly order?: Order
}

/** How many calls ended how: `200`, or the code of the error and whether it said that another try may work. */
export type Outcomes = Readonly<Record<string, number>>

export interface Done {
  readonly id: number
  readonly outcomes: Outcomes
}

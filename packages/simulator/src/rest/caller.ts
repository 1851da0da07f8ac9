/** Who makes a call, as far as the REST API must know. */
export interface RestCaller {
  readonly user: {
    /** 18 characters. */
    readonly id: string
    /** May change users, too. */
    readonly isAdmin: boolean
    /** May change records. */
    readonly mayEdit: boolean
  }
  /** Where this user's identity is served; the resource list names it. */
  readonly identityUrl: string
}

export interface RestEnvironment {
  Variables: { caller: RestCaller; version: string }
}

/** A refusal in Salesforce's words; each endpoint prints it in its own shape. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError'
  readonly code: string

  /** A page that explains it. */
  readonly uri: string | undefined

  constructor(code: string, description = '', { uri }: { uri?: string } = {}) {
    super(description)
    this.code = code
    this.uri = uri
  }

  get description(): string {
    return this.message
  }

  toForm(): URLSearchParams {
    return new URLSearchParams({ error: this.code, ...(this.description && { error_description: this.description }) })
  }
}

/** A refusal in Salesforce's words; each endpoint prints it in its own shape. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError'
  readonly code: string

  constructor(code: string, description = '') {
    super(description)
    this.code = code
  }

  get description(): string {
    return this.message
  }

  toForm(): URLSearchParams {
    return new URLSearchParams({ error: this.code, ...(this.description && { error_description: this.description }) })
  }
}

export type RestErrorCode =
  | 'ENTITY_IS_DELETED'
  | 'INSUFFICIENT_ACCESS_OR_READONLY'
  | 'INVALID_FIELD'
  | 'INVALID_FIELD_FOR_INSERT_UPDATE'
  | 'INVALID_QUERY_FILTER_OPERATOR'
  | 'INVALID_TYPE'
  | 'JSON_PARSER_ERROR'
  | 'MALFORMED_ID'
  | 'MALFORMED_QUERY'
  | 'METHOD_NOT_ALLOWED'
  | 'NOT_FOUND'
  | 'NUMBER_OUTSIDE_VALID_RANGE'
  | 'REQUIRED_FIELD_MISSING'
  | 'STRING_TOO_LONG'
  | 'UNSUPPORTED_MEDIA_TYPE'

interface RestErrorOptions {
  /** HTTP status, 400 when not given. */
  readonly status?: 400 | 403 | 404 | 405 | 415
  /** Fields at fault. Salesforce sends the member for writes only, so an absent list stays absent. */
  readonly fields?: readonly string[]
}

/** A refusal in the words of Salesforce's REST API. */
export class RestError extends Error {
  override readonly name = 'RestError'
  readonly code: RestErrorCode
  readonly status: 400 | 403 | 404 | 405 | 415
  readonly fields: readonly string[] | undefined

  constructor(code: RestErrorCode, message: string, { status = 400, fields }: RestErrorOptions = {}) {
    super(message)
    this.code = code
    this.status = status
    this.fields = fields
  }

  /** The body: always an array, even for one error. */
  toJSON(): unknown {
    return [{ message: this.message, errorCode: this.code, ...(this.fields && { fields: this.fields }) }]
  }
}

export function resourceNotFound(): RestError {
  return new RestError('NOT_FOUND', 'The requested resource does not exist', { status: 404 })
}

import { GraphQLError } from 'graphql'
import type { ASTVisitor, ValidationContext } from 'graphql'

const MOST = 5

/** Each field of a root is a question to Salesforce, and aliases would repeat one without end. */
export function limitQuestions(context: ValidationContext): ASTVisitor {
  const schema = context.getSchema()
  const roots: unknown[] = [schema.getQueryType(), schema.getMutationType()]
  let count = 0
  return {
    Field(node) {
      if (!roots.includes(context.getParentType())) return
      count += 1
      if (count === MOST + 1)
        context.reportError(new GraphQLError(`Ask at most ${MOST} things at a time.`, { nodes: node }))
    },
  }
}

import { join } from 'node:path'
import type { ESTree } from 'rolldown/utils'
import type { FlowName } from '../../packages/core/src/chooser/flows.ts'
import { completeSituation } from '../../packages/core/src/chooser/situation.ts'
import type { Situation } from '../../packages/core/src/chooser/situation.ts'
import { code, plain, table } from './markdown.ts'
import { membersNamed, membersOf } from './members.ts'
import type { Member } from './members.ts'
import { open } from './source.ts'
import type { Source } from './source.ts'

const core = join(import.meta.dirname, '../../packages/core/src')

/** The functions of a flow, each with all that it can be given. */
export function parametersOf(flow: FlowName): string {
  const source = open(join(core, 'flows', `${flow}.ts`))
  const isExported = ({ start }: { start: number }): boolean => source.text.slice(0, start).endsWith('export ')
  return source.body
    .flatMap((node) => (node.type === 'FunctionDeclaration' && isExported(node) ? [describe(node, source)] : []))
    .concat('`endpoint`: see [endpoint and connection](../choosing-a-flow.md#endpoint-and-connection).')
    .join('\n\n')
}

/** What every flow function takes first. */
export function endpointTable(): string {
  return optionsTable('oauth/open-token-endpoint.ts', 'TokenEndpointOptions')
}

export function serviceTable(): string {
  return optionsTable('connection/service-connection.ts', 'ServiceConnectionOptions')
}

function optionsTable(path: string, name: string): string {
  return parameterTable(membersNamed(name, open(join(core, path))))
}

function describe({ id, params }: Pick<ESTree.Function, 'id' | 'params'>, source: Source): string {
  const given = params.map((one) => parameter(one, source))
  const signature = `${id?.name ?? ''}(${given.map(({ text }) => text).join(', ')})`
  return [code(signature), '', parameterTable(given.flatMap(({ members }) => members))].join('\n')
}

interface Parameter {
  readonly text: string
  readonly members: readonly Member[]
}

function parameter(param: ESTree.ParamPattern, source: Source): Parameter {
  const target = param.type === 'AssignmentPattern' ? param.left : param
  const annotation = 'typeAnnotation' in target ? target.typeAnnotation?.typeAnnotation : undefined
  if (annotation === undefined) throw new Error(`A parameter in ${source.path} has no type.`)
  const typeName = source.text.slice(annotation.start, annotation.end)
  if (typeName === 'TokenEndpoint') return { text: 'endpoint', members: [] }
  const name = target.type === 'Identifier' ? target.name : ''
  const members = membersOf(annotation, source)
  if (members === undefined) {
    return { text: name, members: [{ name, type: typeName, isOptional: false, doc: '', fallback: undefined }] }
  }
  const inside = members.map((one) => `${one.name}${one.isOptional ? '?' : ''}`).join(', ')
  return { text: `{ ${inside} }${param.type === 'AssignmentPattern' ? '?' : ''}`, members }
}

function parameterTable(members: readonly Member[]): string {
  const rows = members.map(({ name, type, isOptional, doc, fallback }) => {
    const meaning = doc || WELL_KNOWN[name] || (fallback === undefined ? undefined : '')
    if (meaning === undefined) throw new Error(`Say what the parameter ${name} is, in its doc comment.`)
    const taken =
      fallback === undefined
        ? ''
        : `Default: ${/^['\d]|^(?:true|false)$/.test(fallback) ? code(fallback) : plain(fallback)}.`
    return [code(name), isOptional ? 'no' : 'yes', code(type), `${plain(meaning)} ${taken}`.trim()]
  })
  return table(['parameter', 'required', 'type', 'what it is'], rows)
}

// Where the sources say nothing more, because the name says it to whoever reads code.
const WELL_KNOWN: Readonly<Record<string, string>> = {
  signal: 'Gives up.',
  code: 'What the callback brought.',
  codeVerifier: 'The PKCE verifier whose challenge was sent to authorize.',
  redirectUri: "One of the app's callback URLs.",
  urlOrFragment: 'The address that the browser came back to.',
  display: 'How the login page is laid out.',
  token: 'The refresh token.',
  username: 'The Salesforce user name; not an e-mail address.',
  password: "The user's password.",
  loginHint: "In place of `username`: whatever the site's user discovery handler understands.",
  newPassword: 'What the person chose.',
  user: 'Who signs up.',
  method: 'Where the one-time code goes.',
  challenge: 'What the function that starts answered.',
  subjectTokenType: 'What it is.',
}

/** All that the chooser can be told, and what it takes for granted. */
export function situationTable(): string {
  const source = open(join(core, 'chooser/situation.ts'))
  const [alone, withSomebody] = [false, true].map((userPresent) => completeSituation({ userPresent }))
  const rows = membersNamed('Situation', source).map(({ name, type, isOptional, doc }) => {
    const [first, second] = [alone, withSomebody].map((one) => JSON.stringify(one?.[name as keyof Situation]))
    const fallback = first === second ? code(String(first)) : `as ${code('userPresent')}`
    return [code(name), code(type), isOptional ? fallback : 'required', plain(doc)]
  })
  return table(['member', 'type', 'default', 'what it tells'], rows)
}

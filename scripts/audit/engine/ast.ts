import type * as t from '@babel/types'

export type Node = t.Node & { start: number; end: number; parent?: Node }
export type Fn = (t.FunctionDeclaration | t.FunctionExpression | t.ArrowFunctionExpression | t.ObjectMethod | t.ClassMethod) & Node
export type Call = t.CallExpression & Node
/** One link of a call chain: `.where(x)` is `{ name: 'where', args: [x] }`; a plain property has no arguments. */
export interface Step {
  name: string
  args: Node[] | undefined
  node: Node
}

const skipped = new Set(['parent', 'loc', 'start', 'end', 'extra', 'leadingComments', 'trailingComments', 'innerComments', 'comments', 'errors', 'tokens', 'range', 'type'])

/** Give every node below `root` its parent and list the nodes by type, in the order of the text. */
export function indexTree(root: object): Map<string, Node[]> {
  const byType = new Map<string, Node[]>()
  const walk = (node: any, parent: Node | undefined): void => {
    node.parent = parent
    const list = byType.get(node.type)
    if (list) list.push(node)
    else byType.set(node.type, [node])
    for (const key in node) {
      if (skipped.has(key)) continue
      const value = node[key]
      if (value === null || typeof value !== 'object') continue
      if (Array.isArray(value)) {
        for (const item of value) if (item !== null && typeof item === 'object' && typeof item.type === 'string') walk(item, node)
      } else if (typeof value.type === 'string') walk(value, node)
    }
  }
  walk(root, undefined)
  return byType
}

/** The expression inside type assertions, `!`, parentheses and `await`. */
export function bare(node: any): Node {
  while (node && /^(?:TSAsExpression|TSSatisfiesExpression|TSNonNullExpression|TSTypeAssertion|ParenthesizedExpression|AwaitExpression|TSInstantiationExpression)$/.test(node.type))
    node = node.expression ?? node.argument
  return node
}

export function isCall(node: any): node is Call {
  return node?.type === 'CallExpression' || node?.type === 'OptionalCallExpression'
}

function isMember(node: any): boolean {
  return node?.type === 'MemberExpression' || node?.type === 'OptionalMemberExpression'
}

/** `ctx.db.select` as text; undefined when the expression is no path of names. */
export function pathOf(given: any): string | undefined {
  const node: any = bare(given)
  if (!node) return undefined
  if (node.type === 'Identifier') return node.name
  if (node.type === 'ThisExpression') return 'this'
  if (node.type === 'MetaProperty') return `${node.meta.name}.${node.property.name}`
  if (!isMember(node) || node.computed) return undefined
  const object = pathOf(node.object)
  const name = node.property.name ?? (node.property.id?.name && `#${node.property.id.name}`)
  return object && name ? `${object}.${name}` : undefined
}

export interface Chain {
  /** What the first call is made on: an identifier, or any other expression. */
  root: Node
  /** Text of the root when it is a path of names. */
  rootPath: string | undefined
  steps: Step[]
}

/** `db.select().from(x)` as its root `db` and the steps `select()`, `from(x)`. */
export function chainOf(given: any): Chain {
  const steps: Step[] = []
  let node: any = bare(given)
  for (;;) {
    if (isCall(node) && isMember(bare(node.callee))) {
      const callee: any = bare(node.callee)
      steps.push({ name: callee.property.name ?? '', args: node.arguments as Node[], node })
      node = bare(callee.object)
    } else if (isCall(node)) {
      const name = (bare(node.callee) as any).name
      steps.push({ name: name ?? '', args: node.arguments as Node[], node })
      return { root: bare(node.callee), rootPath: pathOf(node.callee), steps: steps.reverse() }
    } else if (isMember(node) && steps.length > 0) {
      steps.push({ name: node.property.name ?? '', args: undefined, node })
      node = bare(node.object)
    } else {
      return { root: node, rootPath: pathOf(node), steps: steps.reverse() }
    }
  }
}

/** Whether `call` is the last call of its chain: nothing is called on its result. */
export function endsChain(call: Node): boolean {
  let node: any = call
  while (node.parent && /^(?:TSNonNullExpression|ParenthesizedExpression|TSAsExpression)$/.test(node.parent.type)) node = node.parent
  return !(isMember(node.parent) && node.parent.object === node)
}

export function isFunction(node: any): node is Fn {
  return /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ObjectMethod|ClassMethod|ClassPrivateMethod)$/.test(node?.type ?? '')
}

/** The nearest function around `node`, or undefined at the top of the module. */
export function functionAround(node: Node): Fn | undefined {
  for (let up = node.parent; up; up = up.parent) if (isFunction(up)) return up
  return undefined
}

/** Ancestors of `node`, nearest first. */
export function* ancestors(node: Node): Generator<Node> {
  for (let up = node.parent; up; up = up.parent) yield up
}

export function isWithin(node: { start: number; end: number }, outer: { start: number; end: number }): boolean {
  return node.start >= outer.start && node.end <= outer.end
}

/** Name that a function has in its file: its own, its variable's, its property's. */
export function functionName(fn: Fn): string | undefined {
  const own = (fn as any).id?.name ?? (fn as any).key?.name
  if (own) return own
  const parent: any = fn.parent
  return parent?.type === 'VariableDeclarator' ? parent.id.name : parent?.type === 'ObjectProperty' ? parent.key.name : undefined
}

/** Text of a string literal; of a template, its text with `${}` for each expression. */
export function stringOf(given: any): string | undefined {
  const node: any = bare(given)
  if (node?.type === 'StringLiteral') return node.value
  if (node?.type === 'TemplateLiteral') return node.quasis.map((part: any) => part.value.cooked ?? '').join('${}')
  return undefined
}

/** Value node of the property `name` of an object literal; methods count. */
export function propertyOf(object: any, name: string): Node | undefined {
  const node: any = bare(object)
  if (node?.type !== 'ObjectExpression') return undefined
  for (const entry of node.properties) {
    if (entry.type === 'SpreadElement' || (entry.key.name ?? entry.key.value) !== name) continue
    return entry.type === 'ObjectMethod' ? entry : entry.value
  }
  return undefined
}

/** Whether an object literal takes in others, so that what it lacks is not known. */
export function hasSpread(object: any): boolean {
  return (bare(object) as any)?.properties?.some((entry: any) => entry.type === 'SpreadElement') ?? false
}

/** Nodes below `node` (itself included) for which `test` holds, not entering what `stop` names. */
export function within(node: any, test: (node: any) => boolean, stop: (node: any) => boolean = () => false): Node[] {
  const found: Node[] = []
  const walk = (at: any): void => {
    if (test(at)) found.push(at)
    if (at !== node && stop(at)) return
    for (const key in at) {
      if (skipped.has(key)) continue
      const value = at[key]
      if (value === null || typeof value !== 'object') continue
      if (Array.isArray(value)) {
        for (const item of value) if (typeof item?.type === 'string') walk(item)
      } else if (typeof value.type === 'string') walk(value)
    }
  }
  if (node) walk(node)
  return found
}

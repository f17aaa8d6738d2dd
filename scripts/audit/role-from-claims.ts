import { isWithin, pathOf, type Node } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'

const claim = /(?:sessionClaims|claims|publicMetadata|public_metadata|jwtPayload|tokenPayload)(?:\??\.\w+)*\.(?:role|roles|isAdmin|permissions)$/i

/** Rights read from a token that may be old. */
export const rule: Rule = {
  id: 'role-from-claims',
  summary: 'a role read from token claims or metadata to decide about access',
  severity: 'warning',
  why: 'A claim is as old as its token and follows the database late: a right that was taken away still works.',
  fix: 'Read the effective role from the database (through the session cache that is invalidated); use claims as a hint only.',
  operation: 'behaviour change',
  reference: 'request-lifecycle.md#identity-and-context',
  mentions: /[cC]laims|[mM]etadata|jwtPayload|tokenPayload/,
  check(source, report) {
    if (source.side === 'web') return
    const told: Node[] = []
    for (const node of [...source.all('MemberExpression'), ...source.all('OptionalMemberExpression')]) {
      const path = pathOf(node)
      if (!path || !claim.test(path) || told.some((other) => isWithin(node, other)) || !decides(source, node)) continue
      told.push(node)
      report(node, `${path} decides here and may be out of date; read the role from the database`)
    }
  },
}

/** Whether a value is compared, tested, or becomes the role of the context. */
function decides(source: { text: string }, given: Node): boolean {
  let node: any = given
  while (/^(?:TSAsExpression|TSNonNullExpression|LogicalExpression|TSSatisfiesExpression)$/.test(node.parent?.type ?? '')) node = node.parent
  const parent = node.parent
  if (/^(?:BinaryExpression|IfStatement|ConditionalExpression|UnaryExpression|SwitchStatement)$/.test(parent?.type ?? '')) return true
  if (parent?.type === 'VariableDeclarator') return new RegExp(`\\b${parent.id.name}\\b\\s*(?:[!=]==?|\\))|(?:includes|has)\\(\\s*${parent.id.name}\\b|!${parent.id.name}\\b`).test(source.text)
  if (parent?.type === 'ObjectProperty') return /^(?:role|isAdmin|permissions)$/.test(parent.key.name ?? '')
  return /CallExpression$/.test(parent?.type ?? '') && /(?:includes|has|can|allow|require\w*|check\w*|assert\w*)$/.test(pathOf(parent.callee) ?? '')
}

import { pathOf, stringOf, within } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'

const sessionSql = /\b(?:LISTEN\s+["\w$]|UNLISTEN\b|pg_(?:try_)?advisory_lock\s*\(|pg_advisory_unlock|SET\s+(?:SESSION\s+)?(?!LOCAL\b)(?:search_path|statement_timeout|lock_timeout|role|app\.)|PREPARE\s+\w+\s+AS|set_config\s*\([^)]*,\s*false\s*\)|CREATE\s+TEMP)/i

/** State of a session where no session lasts. */
export const rule: Rule = {
  id: 'session-state-on-pooled',
  summary: 'LISTEN, session advisory locks or SET over a pooled connection',
  severity: 'warning',
  why: 'A transaction pooler gives each transaction another server session: locks stay with strangers, settings leak, notifications never arrive.',
  fix: 'Use the direct URL for LISTEN and migrations; pg_advisory_xact_lock and SET LOCAL inside a transaction elsewhere.',
  operation: 'behaviour change',
  reference: 'database-design.md#drivers-and-atomicity',
  mentions: /LISTEN|advisory|set_config|\bSET\b|PREPARE|-pooler|drizzle-kit|defineConfig/i,
  collect(source, add) {
    for (const node of [...source.all('StringLiteral'), ...source.all('TemplateLiteral')] as any[]) {
      if (/^(?:ImportDeclaration|ImportSpecifier|JSXAttribute)$/.test(node.parent?.type ?? '')) continue
      const text = stringOf(node)!
      if (text.length < 8 || !sessionSql.test(text) || !isSql(node)) continue
      const found = sessionSql.exec(text)![0].replace(/\s+/g, ' ').replace(/["(]$/, '').replace(/\(.*$/, '').trim()
      add(node, { kind: 'use', what: found, isSetting: found === 'set_config' && !/(?:^|\.)(?:tx|trx)\./.test(runnerOf(node)), isDirect: /direct|unpooled|listen(?:er)?Url|session/i.test(source.text) })
    }
    if (/-pooler\./.test(source.text)) {
      const node = (source.all('StringLiteral') as any[]).find(({ value }) => /-pooler\./.test(value))
      if (node) add(node, { kind: 'url', isMigration: /drizzle\.config\.[cm]?[jt]s$|migrate\.[cm]?[jt]s$/.test(source.path) })
    }
    if (/drizzle\.config\.[cm]?[jt]s$/.test(source.path)) {
      const pooled = within(source.all('Program')[0] ?? source.calls[0], (node) => /^(?:process\.env|env|Bun\.env)\.\w*POOL(?:ED|ER)?\w*$/i.test(pathOf(node) ?? '') && !/unpooled|non_pooling|session/i.test(pathOf(node) ?? ''))[0]
      if (pooled) add(pooled, { kind: 'url', isMigration: true })
    }
  },
  judge(candidates, project, report) {
    const isNeon = project.packages.some(({ versions }) => '@neondatabase/serverless' in versions)
    const hasPooler = isNeon || candidates.some(({ data }) => data.kind === 'url') || project.others.some(({ text }) => /-pooler\.|pgbouncer/i.test(text))
    for (const { path, place, data } of candidates) {
      if (data.kind === 'url' && data.isMigration) report(path, place, 'migrations over the pooled URL lose their locks and session settings; give them the direct URL', { severity: 'error' })
      if (data.kind !== 'use' || data.isDirect) continue
      if (hasPooler) report(path, place, `${data.what} needs a session, which a pooled connection does not keep; use the direct URL, or the form that ends with the transaction`)
      else if (data.isSetting) report(path, place, 'set_config(…, false) stays on a connection of the pool that the next request gets; use a transaction and true')
    }
  },
}

/** Path of the call that runs a tagged or plain statement. */
function runnerOf(node: any): string {
  for (let up = node.parent; up; up = up.parent) if (/CallExpression$/.test(up.type)) return pathOf(up.callee) ?? ''
  return ''
}

/** Whether a text is SQL: tagged, or handed to something that runs statements. */
function isSql(node: any): boolean {
  const parent = node.parent
  if (parent?.type === 'TaggedTemplateExpression') return /(?:^|\.)(?:sql|sql\w*|raw)$/i.test(pathOf(parent.tag) ?? '') || /^sql/i.test(pathOf(parent.tag) ?? '')
  if (/CallExpression$/.test(parent?.type ?? '')) return /(?:query|execute|raw|unsafe|exec|run|sql)$/i.test(pathOf(parent.callee) ?? '')
  return false
}

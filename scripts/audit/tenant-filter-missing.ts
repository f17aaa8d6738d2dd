import { bare, isCall, pathOf, within, type Node } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'
import type { Source } from './engine/source.ts'
import { argsOf, optionsOf, proceduresOf, queriesOf, type Query } from './model/handlers.ts'
import type { Table } from './model/schema.ts'
import type { Project } from './model/project.ts'
import { isWithin } from './engine/ast.ts'

const tenantWords = /^(?:mentorado|tenant|org|organi[sz]ation|workspace|company|account|clinic|team|store|shop)_?(?:Id|id)$/i
const acting = /(?:^|\.)(?:ctx|context|c|opts\.ctx|scope|actor|subject|session|auth)\b|mentorado|tenant|org(?:anization)?Id|workspace|company|clinic/i
const crossTenant = /admin|public|system|internal|webhook|cron|super|platform|service/i

/** Rows of one tenant that another may read or change. */
export const rule: Rule = {
  id: 'tenant-filter-missing',
  summary: 'a query on a tenant table in a tenant procedure without the tenant key',
  severity: 'error',
  why: 'An id from the input names a row of any tenant: one guessed number reads or changes what belongs to somebody else.',
  fix: 'Put the tenant key of the context into every where and values; never one from the input.',
  operation: 'behaviour change',
  reference: 'operational-guardrails.md#tenant-isolation',
  mentions: /rocedure/,
  collect(source, add) {
    for (const { base, resolver } of proceduresOf(source)) {
      if (crossTenant.test(base)) continue
      for (const query of queriesOf(source)) {
        if (!isWithin(query.node, resolver) || !query.table || /^(?:insert)$/.test(query.verb)) continue
        const where = whereOf(query)
        if (where && namesTenant(source, where, query.node)) {
          add(query.node, { table: query.table, isFiltered: true, isRelational: /^find/.test(query.verb) })
          continue
        }
        add(query.node, { isChecked: checksTenant(resolver), table: query.table, verb: query.verb, base, columns: where ? columnsIn(where) : [], isRelational: /^find/.test(query.verb), isOpen: !where })
      }
    }
  },
  judge(candidates, project, report) {
    const tenantKey = commonTenantKey(project)
    const tableOf = (path: string, data: any): Table | undefined => data.isRelational ? project.tables.find(({ name }) => name === data.table) : project.tableAt(path, data.table) ?? onlyOne(project, data.table)
    const filtered = new Set(candidates.filter(({ data }) => data.isFiltered).map(({ path, data }) => tableOf(path, data)))
    for (const { path, place, data } of candidates) {
      if (data.isFiltered) continue
      const table = tableOf(path, data)
      const key = table && tenantKeyOf(table, tenantKey)
      const isTenantProcedure = tenantKey !== undefined && (tenantWords.test(`${String(data.base).replace(/Procedure$/, '')}Id`) || data.base.toLowerCase().includes(tenantKey.replace(/_?id$/i, '').toLowerCase()))
      if (!key && !table && isTenantProcedure === false && project.tables.length === 0 && tenantWords.test(`${String(data.base).replace(/Procedure$/, '')}Id`) && !data.isOpen) {
        report(path, place, `${data.verb} on "${data.table}" in ${data.base} without the tenant key of the context; add it to where()`)
        continue
      }
      if (!key || data.columns.includes(key)) continue
      const verb = /^find|select/.test(data.verb) ? 'reads' : data.verb === 'update' ? 'changes' : 'deletes'
      const severity = data.isChecked || (!isTenantProcedure && !filtered.has(table)) ? 'info' : isTenantProcedure ? 'error' : 'warning'
      report(path, place, `this ${verb} rows of "${table.sqlName}" of any tenant; add eq(${data.table}.${key}, <the tenant of ctx>) to where()`, { severity })
    }
  },
}

/** Whether the procedure compares the tenant somewhere, so that this statement may follow a check. */
function checksTenant(resolver: Node): boolean {
  return within(resolver, (node) => {
    if (/MemberExpression$/.test(node.type)) return /^(?:ctx|opts|context)\b.*(?:mentorado|tenant|org(?:anization)?|workspace|company|clinic|team|account)\w*(?:\.id)?$/i.test(pathOf(node) ?? '')
    const name = isCall(node) ? pathOf(node.callee)?.split('.').at(-1) ?? '' : ''
    return /^(?:assert|verify|require|ensure|check|authorize|can|has|guard)[A-Z]|Access|Permission|Authoriz|Member|Owner|ForUser/.test(name)
  }).length > 0
}

function onlyOne(project: Project, name: string): Table | undefined {
  const found = project.tables.filter((table) => table.name === name.split('.').at(-1))
  return found.length === 1 ? found[0] : undefined
}

/** The tenant key that most tables carry. */
function commonTenantKey(project: Project): string | undefined {
  const counts = new Map<string, number>()
  for (const { columns } of project.tables) for (const { key } of columns) if (tenantWords.test(key)) counts.set(key, (counts.get(key) ?? 0) + 1)
  const [best] = [...counts].sort((a, b) => b[1] - a[1])
  return best && best[1] >= 2 ? best[0] : undefined
}

function tenantKeyOf(table: Table, key: string | undefined): string | undefined {
  return key !== undefined && table.columns.some((column) => column.key === key && column.isNotNull) ? key : undefined
}

function whereOf(query: Query): Node | undefined {
  const step = argsOf(query, 'where')?.[0]
  if (step) return step
  const options: any = optionsOf(query)
  return options?.type === 'ObjectExpression' ? options.properties.find((entry: any) => (entry.key?.name ?? '') === 'where')?.value : undefined
}

/** Whether a condition takes the tenant from somewhere, or is built elsewhere. */
function namesTenant(source: Source, where: Node, at: Node): boolean {
  const node: any = bare(where)
  if (node.type === 'Identifier') {
    const value = source.valueOf(node.name, at)
    return !value || namesTenant(source, value, at)
  }
  if (isCall(node) && !/^(?:eq|and|or|ne|gt|gte|lt|lte|inArray|isNull|like|ilike|not|between|isNotNull|desc|sql)$/.test(pathOf(node.callee) ?? '')) return true
  return within(node, (child) => {
    const path = pathOf(child)
    if (path && acting.test(path) && !/^input\b/.test(path)) return true
    const value = child.type === 'Identifier' ? source.valueOf(child.name, at) : undefined
    if (value && acting.test(pathOf(value) ?? '')) return true
    if (child.type === 'SpreadElement' || child.type === 'TaggedTemplateExpression') return true
    return isCall(child) && !/^(?:eq|and|or|ne|gt|gte|lt|lte|inArray|isNull|like|ilike|not|between|isNotNull)$/.test(pathOf(child.callee) ?? '')
  }).length > 0
}

function columnsIn(where: Node): string[] {
  return within(where, (node) => node.type === 'MemberExpression').flatMap((node) => pathOf(node)?.split('.').at(-1) ?? [])
}

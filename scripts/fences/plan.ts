import type pg from 'pg'

/** What `explain (format json)` says of one node. */
export interface PlanNode {
  'Node Type': string
  'Index Name'?: string
  'Relation Name'?: string
  'Index Cond'?: string
  'Scan Direction'?: string
  'Actual Rows'?: number
  'Heap Fetches'?: number
  Plans?: PlanNode[]
}

export interface Explained {
  /** All nodes, from the root down. */
  nodes: PlanNode[]
  /** Types of `nodes`, such as `Sort` or `Index Only Scan`. */
  types: string[]
  /** Constraint triggers that ran, by name; only with `analyze`. */
  triggers: string[]
}

/** The plan of `sql` after the statements of `after`; with `analyze` it is executed. All of it is rolled back. */
export async function planOf(
  client: pg.Client, sql: string, { after = [] as string[], analyze = false } = {},
): Promise<Explained> {
  await client.query('begin')
  try {
    for (const statement of after) await client.query(statement)
    const { rows } = await client.query(`explain (format json${analyze ? ', analyze' : ''}) ${sql}`)
    const [plan] = rows[0]['QUERY PLAN']
    const nodes = flat(plan.Plan)
    const triggers = (plan.Triggers ?? []).map((one: Record<string, string>) => one['Constraint Name'])
    return { nodes, types: nodes.map((node) => node['Node Type']), triggers }
  } finally {
    await client.query('rollback')
  }
}

function flat(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flat)]
}

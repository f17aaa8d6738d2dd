import { pathOf, type Node } from './engine/ast.ts'
import { isScript } from './engine/source.ts'
import type { Rule } from './engine/rule.ts'

const envModule = /(?:^|\/)(?:env|config|configuration|settings|environment|constants)(?:\.[\w-]+)?\.[cm]?[jt]s$|(?:^|\/)(?:env|config)\/|\.config\.[cm]?[jt]s$|(?:^|\/)instrumentation\.[jt]s$/
const free = /^(?:NODE_ENV|CI|TZ|PORT|VERCEL\w*|npm_\w+|DEBUG|HOME|PATH|PWD|HOSTNAME|USERPROFILE|APPDATA|LOCALAPPDATA|XDG_\w+|SHELL|USER|LANG|TERM|TMPDIR)$/

/** Variables that are read where they are used. */
export const rule: Rule = {
  id: 'env-outside-module',
  summary: 'process.env read outside of the module that parses it',
  severity: 'warning',
  why: 'A missing variable is found at the first request that needs it, as undefined in a URL or a check that passes.',
  fix: 'Parse the environment once with a schema at start-up and import the typed result.',
  operation: 'behaviour change',
  reference: 'typescript-patterns.md#env-and-json',
  mentions: /process\.env|Bun\.env/,
  check(source, report) {
    if (source.side !== 'server' || isScript(source.path) || envModule.test(source.path)) return
    const reads: Node[] = []
    for (const node of [...source.all('MemberExpression'), ...source.all('OptionalMemberExpression')] as any[]) {
      const path = pathOf(node.object)
      if (path !== 'process.env' && path !== 'Bun.env') continue
      const name = node.computed ? node.property.value : node.property.name
      if (name === undefined || free.test(name) || isWritten(node)) continue
      reads.push(node)
    }
    reads.sort((a, b) => a.start - b.start)
    const [first] = reads
    if (!first) return
    const names = [...new Set(reads.map((node: any) => node.property.name ?? node.property.value))]
    const listed = names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
    report(first, `${listed} read from the environment here; parse it once in the env module and import the result`)
  },
}

function isWritten(node: any): boolean {
  return node.parent?.type === 'AssignmentExpression' && node.parent.left === node
}

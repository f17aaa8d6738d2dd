import { execFile } from 'node:child_process'
import type pg from 'pg'
import type { PlacedFence } from '../../fences/documents.ts'
import { statementsOf } from '../../fences/sql.ts'
import { example } from './stage.ts'

/** Runs a block of the guide as it stands and returns what it prints; of SQL its rows, one a line. */
export async function runBlock(
  fence: PlacedFence, { client, functions, env }: { client: pg.Client; functions: string; env: NodeJS.ProcessEnv },
): Promise<string> {
  if (fence.lang === 'sql') return runSql(fence, client)
  if (fence.lang === 'sh') return runShell(fence, functions, env)
  throw new Error(`${fence.place} is ${fence.lang || 'without a language'}; a rehearsal runs sql and sh`)
}

async function runSql(fence: PlacedFence, client: pg.Client): Promise<string> {
  const lines: string[] = []
  for (const { text, line } of await statementsOf(fence.node.value)) {
    try {
      const { rows } = await client.query(text)
      lines.push(...rows.map((row) => JSON.stringify(row)))
    } catch (error) {
      const { code = 'error', message } = error as Error & { code?: string }
      throw new Error(`${fence.document.path}:${fence.line + line} ${code} ${message}`)
    }
  }
  return lines.join('\n')
}

/** A command that prints nothing has said no; one that prints only complaints has said nothing. */
function runShell({ node, place }: PlacedFence, functions: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const script = `${functions}\n${node.value}`
    execFile('bash', ['-c', script], { cwd: example, env, timeout: 60_000 }, (error, stdout, stderr) => {
      const output = stdout.trim()
      // Bun names the script that it runs.
      const complaints = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('$ ')).join('\n')
      if (output === '' && complaints !== '') return reject(new Error(`${place} prints only: ${complaints}`))
      if (error?.killed) return reject(new Error(`${place} did not end within 60 s`))
      resolve(output)
    })
  })
}

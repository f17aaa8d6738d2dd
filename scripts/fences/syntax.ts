import { spawnSync } from 'node:child_process'
import type { PlacedFence } from './documents.ts'

/** Why a `json` or `jsonc` fence does not parse, as `references/x.md:12 reason`. */
export function jsonProblems({ node, lang, place }: PlacedFence): string[] {
  try {
    JSON.parse(lang === 'jsonc' ? withoutComments(node.value) : node.value)
    return []
  } catch (error) {
    const hint = lang === 'json' && parses(withoutComments(node.value)) ? '; name the language jsonc' : ''
    return [`${place} is no JSON: ${(error as Error).message.replace(/\s+/g, ' ')}${hint}`]
  }
}

/** Why Bash cannot parse an `sh` fence, as `references/x.md:12 reason`. Nothing of it is run. */
export function shellProblems({ document, node, line }: PlacedFence): string[] {
  const { error, status, stderr } = spawnSync('bash', ['--norc', '-n'], {
    input: `${node.value}\n`, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' },
  })
  if (error) throw error
  if (status === 0 && stderr === '') return []
  const [, inside = '0', reason = stderr] = /^bash: line (\d+): (.+)$/m.exec(stderr) ?? []
  return [`${document.path}:${line + Number(inside)} ${reason.trim()}`]
}

function withoutComments(text: string): string {
  const tokens = /("(?:\\.|[^"\\\n])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g
  return text.replace(tokens, (_, string?: string) => string ?? ' ').replace(/,(\s*[}\]])/g, '$1')
}

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

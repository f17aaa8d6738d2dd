import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from '../../core/text.ts'
import { factsOf, type ModuleFacts } from '../model/modules.ts'
import { ownerOf } from '../model/project.ts'
import { registry } from '../registry.ts'
import { placeOf, type Candidate, type RawFinding, type Rule } from './rule.ts'
import { parseSource, SyntaxProblem, type PackageInfo } from './source.ts'
import { directivesIn, type Directive } from './suppress.ts'

export interface ScanJob {
  root: string
  paths: string[]
  packages: PackageInfo[]
  /** Rules to run; all when left out. */
  only: string[] | undefined
}

/** What one pass over files gives. Plain data: it crosses threads. */
export interface ScanResult {
  findings: RawFinding[]
  candidates: Record<string, Candidate[]>
  modules: ModuleFacts[]
  directives: Record<string, Directive[]>
  /** Files that were looked at. */
  files: number
  bytes: number
}

/** Largest source file that is parsed, in bytes. */
const maxSourceBytes = 1_048_576
/** Files in which nothing of this stands can trip no rule and define nothing that one needs. */
const relevant = /\b(?:hono|trpc|drizzle|pgTable|procedure|[a-z]\w*Table\(|router|fetch|axios|stripe|redis|webhook|cron|setInterval|setTimeout|console\.|process\.env|Bun\.env|export\s+\*|export\s*\{|secret|jwt|queue|openai|clerk|sk_live|PRIVATE KEY|AKIA|postgres|server|api)/i

/** Read and parse each file once: findings of single files, and what the rules of the whole project need. */
export function scanFiles({ root, paths, packages, only }: ScanJob): ScanResult {
  const result: ScanResult = { findings: [], candidates: {}, modules: [], directives: {}, files: 0, bytes: 0 }
  const rules = registry.filter(({ id, check, collect }) => (check || collect) && (!only || only.includes(id)))
  for (const path of paths) {
    const text = readSource(root, path, result)
    if (text === undefined) continue
    result.files++
    result.bytes += text.length
    if (text.includes('audit-disable')) result.directives[path] = directivesIn(text)
    if (relevant.test(text) || relevant.test(path)) scanBounded(path, text, ownerOf(packages, path), rules, result)
  }
  return result
}

/** The parser and the rules follow the tree down; a stack that is full is a property of the file. */
function scanBounded(...[path, text, owner, rules, result]: Parameters<typeof scanText>): void {
  try {
    scanText(path, text, owner, rules, result)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    result.findings.push(unread(path, 'not audited: nested too deeply; split it', { line: 1, column: 1, endLine: 1, endColumn: 1 }))
  }
}

function scanText(path: string, text: string, owner: PackageInfo, rules: Rule[], result: ScanResult): void {
  let source
  try {
    source = parseSource(path, text, owner)
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error
    const { message, line, column } = error
    result.findings.push(unread(path, `not audited: syntax error (${message}); correct the file`, { line, column, endLine: line, endColumn: column }))
    return
  }
  result.modules.push(factsOf(source))
  for (const rule of rules) {
    if (rule.mentions && !rule.mentions.test(text) && !rule.mentions.test(path)) continue
    rule.check?.(source, (node, reason, options) => result.findings.push({
      path, ruleId: rule.id, reason, severity: options?.severity ?? rule.severity, place: placeOf(node),
    }))
    rule.collect?.(source, (node, data) => {
      (result.candidates[rule.id] ??= []).push({ path, place: placeOf(node), data })
    })
  }
}

function readSource(root: string, path: string, result: ScanResult): string | undefined {
  const full = join(root, path)
  const tell = (reason: string, severity: RawFinding['severity'] = 'warning') => void result.findings.push({ ...unread(path, reason, undefined), severity })
  try {
    const { size } = statSync(full)
    if (size === 0) return undefined
    if (size > maxSourceBytes) return tell(`not audited: ${size} bytes, the limit is ${maxSourceBytes}; split it or name it under "ignore"`)
    const bytes = readFileSync(full)
    const decoded = decode(isText(bytes) ? bytes.map((byte) => byte || 0x20) : bytes, maxSourceBytes)
    if ('problem' in decoded) return tell(`not audited: ${decoded.problem}`)
    if (decoded.text.length > 20_000 && decoded.text.length / decoded.text.split('\n').length > 500) {
      return tell('not audited: looks minified; name it under "ignore"', 'info')
    }
    return decoded.text
  } catch (error) {
    return tell(`not audited: the file cannot be read (${(error as NodeJS.ErrnoException).code}); make it readable`)
  }
}

/** Whether the NUL bytes of a file are a few separators in strings. */
function isText(bytes: Uint8Array): boolean {
  const zeros = bytes.includes(0) ? bytes.reduce((sum, byte) => sum + (byte === 0 ? 1 : 0), 0) : 0
  return zeros > 0 && zeros * 100 < bytes.length
}

/** A finding that says that a file was left out. */
export function unread(path: string, reason: string, place: RawFinding['place']): RawFinding {
  return { path, ruleId: 'readable', reason, severity: 'warning', place }
}

import { readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { finding, type Finding } from '../../core/finding.ts'
import type { FileReport } from '../../core/run.ts'
import { decode } from '../../core/text.ts'
import { readMigrations } from '../model/migrations.ts'
import { Project, type TextFile } from '../model/project.ts'
import { registry } from '../registry.ts'
import type { AuditConfig } from './config.ts'
import { listProject, type Listing } from './discover.ts'
import { readAliases, readPackages } from './packages.ts'
import type { RawFinding } from './rule.ts'
import { unread } from './scan.ts'
import { applyDirectives, directivesIn } from './suppress.ts'
import { scan } from './threads.ts'

export interface AuditResult {
  /** Every file with findings, by path as the user would type it. */
  files: FileReport[]
  /** How many files were looked at. */
  looked: number
  rules: number
  tables: number
}

/** Largest SQL, JSON or YAML file that is read, in bytes. */
const maxTextBytes = 2_097_152

/** Audit the project in the folder `root`. Throws `UsageError` when there is no such folder. */
export async function audit(root: string, config: AuditConfig, only?: string[]): Promise<AuditResult> {
  const listing = listProject(root, config.ignore)
  const findings: RawFinding[] = listing.problems.map(({ path, reason }) => unread(path, reason, undefined))
  const others = readAll(root, listing.others, findings)
  const sql = readAll(root, listing.migrations, findings)
  const packages = readPackages(others)
  const active = registry.filter(({ id }) => config.rules[id] !== 'off' && (!only || only.includes(id)))
  const ids = active.map(({ id }) => id)
  const scanned = await scan({ root, paths: listing.sources, packages, only: ids })
  findings.push(...scanned.findings)
  const migrations = await readMigrations(sql)
  for (const { path, place, reason } of migrations.problems) {
    findings.push({ ...unread(path, `not audited: not PostgreSQL (${reason}); correct the file if it is meant to be`, place), severity: 'info' })
  }
  const project = new Project({ packages, modules: scanned.modules, others, paths: listing.paths, aliases: readAliases(others), migrations })
  for (const rule of active) {
    await rule.judge?.(scanned.candidates[rule.id] ?? [], project, (path, place, reason, options) =>
      findings.push({ path, ruleId: rule.id, reason, severity: options?.severity ?? rule.severity, place }))
  }
  for (const { path, text } of [...sql, ...others]) if (text.includes('audit-disable')) scanned.directives[path] = directivesIn(text)
  const kept = applyDirectives(findings, scanned.directives, registry.map(({ id }) => id), new Set(ids))
  return {
    files: byFile(root, kept.filter(({ ruleId }) => ids.includes(ruleId)), config),
    looked: scanned.files + sql.length + others.length, rules: active.length, tables: project.tables.length,
  }
}

function readAll(root: string, paths: Listing['sources'], findings: RawFinding[]): TextFile[] {
  return paths.flatMap((path) => {
    try {
      const decoded = decode(readFileSync(join(root, path)), maxTextBytes)
      if ('text' in decoded) return [{ path, text: decoded.text }]
      findings.push(unread(path, `not audited: ${decoded.problem}`, undefined))
    } catch (error) {
      findings.push(unread(path, `not audited: the file cannot be read (${(error as NodeJS.ErrnoException).code}); make it readable`, undefined))
    }
    return []
  })
}

function byFile(root: string, findings: RawFinding[], config: AuditConfig): FileReport[] {
  const rules = new Map(registry.map((rule) => [rule.id, rule]))
  const files = new Map<string, Finding[]>()
  for (const { path, ruleId, reason, severity, place } of findings) {
    const level = config.rules[ruleId]
    const rule = rules.get(ruleId)!
    const message = finding(ruleId, reason, {
      severity: level && level !== 'off' ? level : severity, note: `${rule.why} Fix (${rule.operation}): ${rule.fix}`,
      place: place && { start: { line: place.line, column: place.column }, end: { line: place.endLine, column: place.endColumn } },
    })
    message.url = `references/${rule.reference}`
    const shown = relative(process.cwd(), join(root, path)).split(sep).join('/') || '.'
    files.set(shown, [...(files.get(shown) ?? []), message])
  }
  return [...files].map(([path, messages]) => ({ path, messages: messages.sort(byPlace) })).sort((a, b) => (a.path < b.path ? -1 : 1))
}

function byPlace(a: Finding, b: Finding): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0) || (a.ruleId! < b.ruleId! ? -1 : 1)
}

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import type { Records } from '../../agents/records.ts'
import { outcomeOf } from './page/outcome.ts'
import type { AgentResult, ResultRow } from '../../agents/result.ts'
import type { ReportData, Transcript } from './data.ts'
import { transcriptOf } from './transcript.ts'

/** Characters of all transcripts in one report. */
const maxTranscripts = 6_000_000

/**
 * The result as one HTML file that needs nothing else: no network, no other file. With `records` each run leads to
 * its transcript; when they are too many, runs that went wrong come first. Throws `UsageError` for a broken record.
 */
export function html(result: AgentResult, records?: Pick<Records, 'read'>, limit = maxTranscripts): string {
  const data: ReportData = { result, ...collect(result, records, limit) }
  const script = bundle()
  const style = readFileSync(join(import.meta.dirname, 'page/style.css'), 'utf8').trim()
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'; style-src '${digest(style)}'; script-src '${digest(script)}'">
<meta name="color-scheme" content="light dark">
<title>${escapeText(result.skill)}: trigger evals, ${result.verdict}</title>
<style>${style}</style>
</head>
<body>
<noscript><p>This report draws its tables with a script, which this browser does not run. The numbers are in the JSON at the end of the file.</p></noscript>
<div id="report"></div>
<script type="application/json" id="data">${embed(data)}</script>
<script>${script}</script>
</body>
</html>
`
}

/** JSON that cannot end the script element it stands in. */
export function embed(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}

function collect(
  { rows, prompts, skill }: AgentResult, records: Pick<Records, 'read'> | undefined, limit: number,
): Omit<ReportData, 'result'> {
  const transcripts: Record<string, Transcript> = {}
  let [room, leftOut] = [limit, 0]
  if (!records) return { transcripts, leftOut }
  const byId = new Map(prompts.map((prompt) => [prompt.id, prompt]))
  const wrong = (row: ResultRow) => !['loaded', 'left alone'].includes(outcomeOf(row, byId.get(row.prompt), skill))
  for (const { key } of rows.toSorted((a, b) => Number(wrong(b)) - Number(wrong(a)))) {
    const record = room > 0 ? records.read({ key }) : undefined
    if (record) {
      transcripts[key] = transcriptOf(record)
      room -= JSON.stringify(transcripts[key]).length
    } else if (room <= 0) leftOut++
  }
  return { transcripts, leftOut }
}

function bundle(): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(import.meta.dirname, 'page/main.ts')], bundle: true, write: false, format: 'iife', target: 'es2022',
    charset: 'utf8', legalComments: 'none',
  })
  return outputFiles[0]!.text.trim().replaceAll('</script', '<\\/script')
}

const digest = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`

const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

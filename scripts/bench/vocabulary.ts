/** Words that generated skills are made of; 40 subjects × 30 tasks give 1,200 names. */
export const subjects = [
  'invoice', 'payroll', 'webhook', 'postgres', 'kafka', 'terraform', 'helm', 'graphql', 'openapi', 'storybook',
  'playwright', 'spreadsheet', 'calendar', 'newsletter', 'translation', 'changelog', 'dashboard', 'warehouse',
  'airflow', 'snowflake', 'mobile', 'firmware', 'billing', 'inventory', 'shipping', 'search', 'embedding',
  'notebook', 'pdf', 'slide', 'podcast', 'video', 'icon', 'typography', 'contract', 'compliance', 'incident',
  'oncall', 'support', 'survey',
] as const

export const tasks = [
  'audit', 'import', 'export', 'review', 'migration', 'cleanup', 'forecast', 'summary', 'release', 'rollback',
  'triage', 'benchmark', 'onboarding', 'reconciliation', 'validation', 'linting', 'drafting', 'sync', 'backup',
  'conversion', 'scheduling', 'tagging', 'redaction', 'sampling', 'alerting', 'pricing', 'indexing', 'packaging',
  'comparison', 'archive',
] as const

export const objects = [
  'line items', 'duplicate rows', 'missing totals', 'broken headers', 'stale entries', 'time zones',
  'exchange rates', 'column types', 'retry counts', 'access tokens', 'file sizes', 'page ranges', 'region codes',
  'tax codes', 'batch sizes', 'naming rules', 'owner fields', 'due dates', 'change requests', 'error budgets',
  'sample sizes', 'status labels', 'input schemas', 'output folders', 'queue depths', 'cache keys', 'image ratios',
  'font weights', 'clause numbers', 'speaker notes', 'route prefixes', 'lock files', 'seed values', 'unit costs',
  'delivery windows', 'opt-out lists', 'postal codes', 'checksums', 'build targets', 'feature flags',
] as const

export const verbs = [
  'checks', 'collects', 'compares', 'converts', 'cleans', 'counts', 'drafts', 'explains', 'extracts', 'groups',
  'joins', 'maps', 'merges', 'normalizes', 'orders', 'parses', 'plans', 'rebuilds', 'renames', 'reports', 'sorts',
  'splits', 'traces', 'verifies',
] as const

export const adjectives = [
  'monthly', 'partial', 'nested', 'remote', 'signed', 'archived', 'shared', 'local', 'nightly', 'regional', 'legacy',
  'draft', 'large', 'empty', 'manual', 'public', 'internal', 'rejected', 'pending', 'scheduled',
] as const

export const symptoms = [
  'totals do not add up', 'a column went missing', 'the import stops halfway', 'two owners disagree',
  'an export is empty', 'numbers moved overnight', 'a deadline slipped', 'the layout broke after an update',
  'a customer reports the wrong amount', 'the queue keeps growing', 'a file will not open',
  'dates are off by one day', 'labels no longer match', 'a report takes an hour', 'the archive is too large',
  'names collide', 'a draft was overwritten', 'units are mixed', 'the preview differs from the result',
  'permissions were lost', 'a retry ran twice', 'old entries come back',
] as const

export const others = [
  'general spreadsheets', 'legal advice', 'visual design', 'deployment', 'hiring decisions', 'database tuning',
  'marketing copy', 'network outages', 'personal finance', 'translation', 'hardware faults', 'code formatting',
] as const

export const sentences = [
  'Read the {adjective} {object} before you touch the {subject}; most mistakes start there.',
  'Never change `{code}` by hand: the next run overwrites it.',
  'Ask for the {object} when they are not in the request, and say which default you used.',
  'Keep the original beside the result until somebody has compared the **{object}**.',
  'When the {subject} has no {object}, stop and report instead of guessing.',
  'A {adjective} {subject} may lack {object}; treat that as a finding, not as an error.',
  'Write the {object} to `{code}` so that a second run gives the same answer.',
  'Prefer one pass over the {adjective} {object}; a second pass hides what the first one changed.',
  'Report how many {object} were seen, how many were changed and how many were left alone.',
  'The service limits requests, so fetch {object} in batches of 100 and wait between them.',
  'Compare the {adjective} total with the sum of its {object} before you hand it over.',
  'Two {object} with the same key are kept apart until their dates have been read.',
] as const

export const headings = [
  'Read the input', 'Decide what to keep', 'Limits', 'Output format', 'Common mistakes', 'Naming',
  'Checks before delivery', 'Edge cases', 'How to compare two runs', 'Permissions', 'Large inputs',
  'When it fails halfway', 'Rounding', 'Time zones', 'Examples',
] as const

export const fences = [
  ['bash', [
    'set -euo pipefail', 'for file in input/*.csv; do', '  python scripts/{code} --input "$file" --check', 'done',
  ]],
  ['python', [
    'from pathlib import Path', '', 'rows = Path("{code}").read_text().splitlines()',
    'kept = [row for row in rows if row and not row.startswith("#")]', 'print(len(kept), "of", len(rows))',
  ]],
  ['ts', [
    "import { readFileSync } from 'node:fs'", '', "const rows = readFileSync('{code}', 'utf8').split('\\n')",
    "const kept = rows.filter((row) => row !== '' && !row.startsWith('#'))",
    'console.log(`${kept.length} of ${rows.length}`)',
  ]],
  ['yaml', ['source: {code}', 'batch: 100', 'checks:', '  - totals', '  - duplicates']],
  ['sql', [
    'select owner, count(*) as rows, sum(amount) as total', 'from {table}',
    "where changed_at >= now() - interval '30 days'", 'group by owner', 'order by total desc;',
  ]],
  ['json', ['{', '  "source": "{code}",', '  "keep": ["totals", "dates"],', '  "strict": true', '}']],
] as const

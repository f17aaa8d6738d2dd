import { expect, test } from 'vitest'
import { folderWith } from '../../../scripts/core/testing.ts'
import type { AgentRecord } from '../../agents/records.ts'
import { negativeOf, promptOf } from '../../testing.ts'
import type { ReportData } from './data.ts'
import { embed, html } from './index.ts'
import { ours, sample } from './testing.ts'
import { transcriptOf } from './transcript.ts'

const record = (lines: unknown[], fields: Partial<AgentRecord> = {}) =>
  ({ client: 'claude-code', project: '/p', stderr: '', lines: lines.map((line) => JSON.stringify(line)), ...fields }) as AgentRecord

const use = (name: string, input: object) => ({ type: 'assistant', message: { content: [{ type: 'tool_use', id: '1', name, input }] } })
const dataIn = (text: string): ReportData => JSON.parse(/<script type="application\/json" id="data">(.*)<\/script>/.exec(text)![1]!)

test('a transcript tells what happened, with paths from the project', () => {
  const { entries, cut } = transcriptOf(record([
    { type: 'system' },
    use('Skill', { skill: 'ours' }),
    { type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: '1', is_error: true }] } },
    use('Read', { file_path: '/p/a.md' }),
    use('Read', { file_path: '/elsewhere/a.md' }),
    use('Bash', { command: 'cat /p/b.md' }),
    { type: 'result', is_error: true, result: 'rate limit', api_error_status: 429 },
  ]))
  expect(entries).toEqual([
    { kind: 'output', text: '{"type":"system"}' },
    { kind: 'skill', text: 'ours' },
    { kind: 'refused', text: 'the call before failed' },
    { kind: 'read', text: 'a.md' },
    { kind: 'read', text: '/elsewhere/a.md' },
    { kind: 'shell', text: 'cat b.md' },
    { kind: 'failure', text: 'rate-limit: rate limit' },
  ])
  expect(cut).toBe(0)
})

test('what was streamed in parts is one entry', () => {
  const part = (content: string) => ({ type: 'message', role: 'assistant', content, delta: true })
  expect(transcriptOf(record([part('I '), part('looked.')], { client: 'gemini' })).entries).toEqual([{ kind: 'said', text: 'I looked.' }])
})

test('a transcript is bounded and says how much is left out', () => {
  const said = (text: string) => ({ type: 'assistant', message: { content: [{ type: 'text', text }] } })
  const long = transcriptOf(record([said('x'.repeat(5000))]))
  expect(long).toMatchObject({ cut: 3000, entries: [{ text: 'x'.repeat(2000) }] })
  const many = transcriptOf(record(Array.from({ length: 20 }, () => use('Skill', { skill: 'y'.repeat(1000) })), { stderr: 'z' }))
  expect(many.entries).toHaveLength(12)
  expect(many).toMatchObject({ cut: 8001, stderr: '' })
})

test('data cannot end the element that holds it', () => {
  const value = { text: '</script><!--<script>' }
  expect(embed(value)).not.toContain('<')
  expect(JSON.parse(embed(value))).toEqual(value)
})

test('one file without addresses; runs that went wrong keep their transcripts first', async () => {
  const prompts = ['a', 'b', 'c', 'd'].map((id) => promptOf({ id, expected_skill: ours, query: `prompt ${id}` }))
  const { result, records } = await sample(folderWith({}), {
    prompts: [...prompts, negativeOf(null, { id: 'e' })], clients: ['claude-code'], runs: 1,
    does: ({ id }) => ({ loads: id === 'd' ? null : ours }),
  })
  const text = html(result, records)
  expect(text.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|(?:src|href)=["']/)
  expect(Object.keys(dataIn(text).transcripts)).toHaveLength(result.rows.length)

  const { transcripts, leftOut } = dataIn(html(result, records, 1500))
  const kept = result.rows.filter(({ key }) => transcripts[key]).map(({ prompt }) => prompt)
  expect(kept.length).toBeGreaterThan(0)
  expect(kept.every((id) => id === 'd' || id === 'e')).toBe(true)
  expect(leftOut).toBe(result.rows.length - kept.length)
  expect(dataIn(html(result)).transcripts).toEqual({})
})

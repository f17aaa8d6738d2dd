import { describe, expect, it } from 'vitest'
import { promptOf, negativeOf } from '../testing.ts'
import { regrade } from '../agents/regrade.ts'
import type { AgentRecord } from '../agents/records.ts'
import { say } from '../agents/testing.ts'
import type { ClientEvent } from './agent.ts'
import { detect, type PlacedSkill } from './detect.ts'

const project = '/runs/1/project'
const folderOf = (name: string) => `${project}/.claude/skills/${name}`
const skill = (name: string, fields: Partial<PlacedSkill> = {}): PlacedSkill =>
  ({ name, folder: folderOf(name), files: ['SKILL.md', 'references/jobs.md', 'references/hono.md'], ...fields })
const skills = [skill('ours'), skill('ours-ui'), skill('other')]

type Call =
  | { type: 'skill'; name: string; id?: string }
  | { type: 'read'; path: string; id?: string }
  | { type: 'shell'; command: string; id?: string }

/** Events in which every call succeeds unless its id says `bad`. */
function events(...calls: Call[]): ClientEvent[] {
  return calls.flatMap((call, index) => {
    const { id = String(index) } = call
    return [{ ...call, id }, { type: 'result', id, ok: !id.startsWith('bad') }]
  })
}
const seen = (...calls: Call[]) => detect(events(...calls), skills, 'ours', project)
const loaded = (...calls: Call[]) => seen(...calls).loads.map((load) => load.skill)

function record(lines: object[], fields: Partial<AgentRecord> = {}): AgentRecord {
  return {
    version: 1, key: 'k', client: 'claude-code', clientVersion: '1', model: null, arm: 'crowded', promptId: 'p', query: 'q', run: 1,
    library: 'l', project, skills, lines: lines.map((line) => JSON.stringify(line)), stderr: '', ended: 'answered', duration: 1, ...fields,
  }
}

describe('detectors known to be wrong', () => {
  it('let the first tool call decide: ours counts wherever it comes in the turn', () => {
    expect(loaded({ type: 'shell', command: 'ls' }, { type: 'skill', name: 'other' }, { type: 'skill', name: 'ours' })).toEqual(['other', 'ours'])
  })

  it('look for a made-up name: the real one counts, plain or with the plugin that brings it', () => {
    const plugged = [skill('ours', { plugin: 'bundle' }), skill('other')]
    const load = (name: string) => detect(events({ type: 'skill', name }), plugged, 'ours', project).loads.map((one) => one.skill)
    expect(load('ours')).toEqual(['ours'])
    expect(load('bundle:ours')).toEqual(['ours'])
    expect(load('stranger:ours')).toEqual([])
    expect(load('ours-skill-3f9a')).toEqual([])
    expect(load('Ours')).toEqual([])
  })

  it('take a part of a name or path for the skill', () => {
    expect(loaded({ type: 'skill', name: 'ours-ui' })).toEqual(['ours-ui'])
    expect(loaded({ type: 'read', path: `${folderOf('ours-ui')}/SKILL.md` })).toEqual(['ours-ui'])
    expect(loaded({ type: 'read', path: '/elsewhere/ours/SKILL.md' })).toEqual([])
    expect(loaded({ type: 'read', path: `${project}/docs/ours/SKILL.md.bak` })).toEqual([])
    expect(loaded({ type: 'shell', command: `echo ${folderOf('ours')}/SKILL.md` })).toEqual([])
    expect(loaded({ type: 'shell', command: `ls ${folderOf('ours')}` })).toEqual([])
    expect(loaded({ type: 'shell', command: `grep -l queue -r src # ${folderOf('ours')}/SKILL.md` })).toEqual([])
    expect(loaded({ type: 'shell', command: `cat ${folderOf('ours')}/SKILL.md` })).toEqual(['ours'])
  })

  it('share one project among runs: a file in the folder of another run is not ours', () => {
    expect(loaded({ type: 'read', path: `${folderOf('ours').replace('/1/', '/2/')}/SKILL.md` })).toEqual([])
    expect(loaded({ type: 'read', path: `${folderOf('ours')}/SKILL.md` })).toEqual(['ours'])
    expect(loaded({ type: 'read', path: '.claude/skills/ours/SKILL.md' })).toEqual(['ours'])
  })

  it('take a failed call for a load', () => {
    expect(seen({ type: 'skill', name: 'ours', id: 'bad' })).toMatchObject({ loads: [], refused: ['ours'] })
    expect(seen({ type: 'read', path: `${folderOf('ours')}/SKILL.md`, id: 'bad' })).toMatchObject({ loads: [], refused: ['ours'] })
    expect(seen({ type: 'shell', command: `cat ${folderOf('ours')}/SKILL.md`, id: 'bad' })).toMatchObject({ loads: [], refused: ['ours'] })
    expect(seen({ type: 'skill', name: 'ours', id: 'bad' }, { type: 'skill', name: 'ours' })).toMatchObject({ loads: [{ skill: 'ours' }], refused: [] })
  })

  it("take another skill's reference for one of ours", () => {
    expect(seen({ type: 'read', path: `${folderOf('other')}/references/jobs.md` })).toMatchObject({ loads: [], references: [] })
    expect(seen({ type: 'read', path: `${folderOf('ours')}/references/jobs.md` })).toMatchObject({ loads: [], references: ['jobs.md'] })
  })

  it('count a command that cannot be followed as "read nothing"', () => {
    expect(seen({ type: 'shell', command: `cat ${folderOf('ours')}/references/$(pick).md` })).toMatchObject({ unknown: true })
    const row = regrade(record([say.skill('ours'), say.result('s'), say.shell(`cat ${folderOf('ours')}/references/$(pick).md`), say.result('b'), say.done]), promptOf(), 'ours')
    expect(row).toMatchObject({ loaded: 'ours' })
    expect(row).not.toHaveProperty('references')
  })
})

describe('graders known to be wrong', () => {
  it('count a timeout as "did not load"', () => {
    const row = regrade(record([say.init], { ended: 'failed', failure: { kind: 'timeout', message: 'no answer within 30 s' } }), negativeOf(null), 'ours')
    expect(row).toMatchObject({ unusable: 'timeout: no answer within 30 s', failure: { kind: 'timeout' } })
    expect(row).not.toHaveProperty('loaded')
  })

  it.each([[429, 'too many requests', 'rate-limit'], [401, 'invalid api key', 'auth'], [402, 'credit balance is too low', 'spend'], [500, 'internal error', 'error']])(
    'count status %i as "did not load", right on a negative', (status, text, kind) => {
      const row = regrade(record([say.init, say.error(status, text)], { ended: 'failed' }), negativeOf(null), 'ours')
      expect(row).toMatchObject({ failure: { kind, message: text } })
      expect(row).not.toHaveProperty('loaded')
    })

  it('count a client that ended without an answer', () => {
    expect(regrade(record([say.init], { ended: 'failed' }), negativeOf(null), 'ours').failure).toMatchObject({ kind: 'error' })
  })

  it('forget an exit code that only the run could see', () => {
    const failure = { kind: 'error' as const, message: 'claude-code ended with 1 and no answer' }
    expect(regrade(record([say.init, say.done], { ended: 'failed', failure }), negativeOf(null), 'ours')).toMatchObject({ failure })
    expect(regrade(record([say.init, say.done]), negativeOf(null), 'ours')).toMatchObject({ loaded: null })
  })

  it('hide a false load behind the skill that was expected', () => {
    const lines = [say.skill('other', 'a'), say.result('a'), say.skill('ours', 'b'), say.result('b'), say.done]
    expect(regrade(record(lines), negativeOf('other'), 'ours')).toMatchObject({ loaded: 'ours', loads: ['other', 'ours'] })
    expect(regrade(record(lines.slice(0, 2).concat(say.done)), negativeOf('other'), 'ours')).toMatchObject({ loaded: 'other' })
  })

  it('throw away a hit because the run was stopped at it', () => {
    expect(regrade(record([say.skill('ours')], { ended: 'stopped' }), promptOf(), 'ours')).toMatchObject({ loaded: 'ours' })
  })
})

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseFrontmatter } from '../../../scripts/core/frontmatter.ts'
import type { Step } from '../../stub/model.ts'
import { agents } from '../clients.ts'
import { calls, ours, visit, type Place } from './workshop.ts'

const catalog = resolve(import.meta.dirname, '../../catalog')
const other = readdirSync(catalog).sort()[0]!
const { description } = parseFrontmatter(readFileSync(resolve(import.meta.dirname, '../../../SKILL.md'), 'utf8')).data as { description: string }
const said = { text: 'I looked at it.' }

describe.each(Object.values(agents))('$name', (client) => {
  const { shell, read, skill } = calls[client.name]
  const load = (name: string) => ({ folderOf }: Place): Step[] =>
    [{ calls: [skill ? skill(name) : shell(`cat ${folderOf(name)}/SKILL.md`)] }, said]
  const via = skill ? 'tool' : 'shell'

  it('shows the model our name and whole description among 30 others', async () => {
    const { model, run } = await visit(client, () => [said], { crowd: 30 })
    expect(run).toMatchObject({ ended: 'answered' })
    expect(model.unknown).toEqual([])
    const [first] = model.turns
    const shown = first!.text + first!.tools.map((tool) => tool.description).join('\n')
    expect(shown).toContain(ours)
    expect(shown).toContain(description)
  })

  it('is seen to load our skill', async () => {
    const { detection, run, model } = await visit(client, load(ours))
    expect(run.failure).toBeUndefined()
    expect(detection).toEqual({ loads: [{ skill: ours, via }], refused: [], references: [], unknown: false })
    expect(model.turns[1]!.text).toContain('Single source of truth for backends')
    expect(run.events.find(({ type }) => type === 'usage')).toMatchObject({ input: expect.any(Number), output: expect.any(Number) })
  })

  it('is seen to load nothing', async () => {
    const { detection, run } = await visit(client, ({ project }) => [{ calls: [shell(`ls ${project}`)] }, said])
    expect(run.ended).toBe('answered')
    expect(detection).toEqual({ loads: [], refused: [], references: [], unknown: false })
  })

  it('is seen to load another skill', async () => {
    const { detection } = await visit(client, load(other))
    expect(detection.loads).toEqual([{ skill: other, via }])
  })

  it('is seen to load ours after another one, and late in the turn', async () => {
    const { detection } = await visit(client, (place) => {
      const [[first], [second]] = [load(other)(place), load(ours)(place)]
      return [{ calls: [shell('true')] }, first!, { calls: [shell('ls')] }, second!, said]
    })
    expect(detection.loads.map((one) => one.skill)).toEqual([other, ours])
  })

  it('is seen to load it through the shell and to read references there', async () => {
    const { detection } = await visit(client, ({ folderOf }) => [
      { calls: [shell(`cd ${folderOf(ours)} && sed -n '1,200p' SKILL.md`)] },
      { calls: [shell(`bash -c 'head -40 ${folderOf(ours)}/references/infrastructure.md' | tail -5`)] },
      said,
    ])
    expect(detection).toEqual({ loads: [{ skill: ours, via: 'shell' }], refused: [], references: ['infrastructure.md'], unknown: false })
  })

  it.runIf(read)('is seen to read references with its own tool', async () => {
    const { detection } = await visit(client, ({ folderOf }) => [
      { calls: [skill!(ours)] },
      { calls: [read!(`${folderOf(ours)}/references/runbooks.md`)] },
      { calls: [read!(`${folderOf(ours)}/references/missing.md`)] },
      said,
    ])
    expect(detection.references).toEqual(['runbooks.md'])
  })

  it('says nothing when the answer breaks off', async () => {
    const { run } = await visit(client, () => () => ({ cut: 'I will' }), { timeout: 25_000 })
    expect(run.ended).toBe('failed')
    expect(['error', 'timeout']).toContain(run.failure!.kind)
  })

  it('says nothing when the key is refused', async () => {
    const { run } = await visit(client, () => () => ({ status: 401, message: 'invalid api key' }))
    expect(run).toMatchObject({ ended: 'failed', failure: { kind: 'auth' } })
  })

  it('is killed with all its children when it hangs', async () => {
    const started = performance.now()
    const { run, project } = await visit(client, () => [{ calls: [shell('setsid sleep 321 > /dev/null 2>&1 &')] }, 'hang'], { timeout: 15_000 })
    expect(run).toMatchObject({ ended: 'failed', failure: { kind: 'timeout' } })
    expect(run.duration).toBeLessThan(17_000)
    expect(performance.now() - started).toBeLessThan(25_000)
    expect(processesIn(project)).toEqual([])
  })

  it('keeps two runs at once apart', async () => {
    const [first, second] = await Promise.all([visit(client, load(ours)), visit(client, load(other))])
    expect(first.detection.loads).toEqual([{ skill: ours, via }])
    expect(second.detection.loads).toEqual([{ skill: other, via }])
  })
})

/** Ids of the processes whose working directory was in `folder`. */
function processesIn(folder: string): string[] {
  if (!existsSync('/proc/self/environ')) return []
  return readdirSync('/proc').filter((id) => {
    if (!/^\d+$/.test(id)) return false
    try {
      return readFileSync(join('/proc', id, 'cmdline'), 'utf8').includes(folder) || readFileSync(join('/proc', id, 'environ'), 'latin1').includes(folder)
    } catch {
      return false
    }
  })
}

import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zipSkill } from '../../../scripts/pack/zip.ts'
import { readCatalog } from '../../files.ts'
import type { Step } from '../../stub/model.ts'
import type { AgentName, Setup } from '../agent.ts'
import { agents } from '../clients.ts'
import { placed } from '../install-skills.ts'
import { platformPackage } from '../installed.ts'
import { calls, ours, repository, visit, type Place } from './workshop.ts'

/** How the `skills` command calls each client. */
const skillsNames: Record<AgentName, string> = { 'claude-code': 'claude-code', codex: 'codex', opencode: 'opencode', gemini: 'gemini-cli' }
const quiet = { DISABLE_TELEMETRY: '1', DO_NOT_TRACK: '1', DISABLE_AUTOUPDATER: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' }
const { description: neighbour } = readCatalog(join(repository, 'evals/catalog'), ours)[0]!
const said: Step = { text: 'I looked at it.' }
const run = promisify(execFile)
let root: string
let clone: string

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'clone-'))
  clone = join(root, ours)
  await run('git', ['clone', '--quiet', '--depth', '1', `file://${repository}`, clone])
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const inHome = ({ home, project }: Setup) => ({ cwd: project, env: { PATH: process.env.PATH, HOME: home, ...quiet } })

/** Load our skill the way the client does, then open a reference in the shell. */
function loadAndRead(client: AgentName, called = ours): (place: Place) => Step[] {
  const { shell, skill } = calls[client]
  return ({ folderOf }) => [
    { calls: [skill ? skill(called) : shell(`cat ${folderOf(ours)}/SKILL.md`)] },
    { calls: [shell(`sed -n 1,40p ${folderOf(ours)}/references/runbooks.md`)] },
    said,
  ]
}
const via = (client: AgentName) => (calls[client].skill ? 'tool' : 'shell')

describe.each(Object.values(agents))('$name', (client) => {
  const expected = { loads: [{ skill: ours, via: via(client.name) }], refused: [], references: ['runbooks.md'], unknown: false }

  it('loads the skill that `npx skills add` installed', async () => {
    const { detection, run: ran, model } = await visit(client, loadAndRead(client.name), {
      async install(setup) {
        const cli = join(setup.installed, 'node_modules/skills/bin/cli.mjs')
        await run(join(repository, 'node_modules/.bin/node'), [cli, 'add', clone, '-a', skillsNames[client.name], '-y'], inHome(setup))
        return [placed(join(setup.project, client.skillsFolder === '.gemini/skills' ? '.agents/skills' : client.skillsFolder, ours))]
      },
    })
    expect(ran.failure).toBeUndefined()
    expect(detection).toEqual(expected)
    // It copies the whole repository; the neighbours of our evals must not become the user's skills.
    expect(model.turns[0]!.text).not.toContain(neighbour)
  })

  it('loads the skill from the zip that `npm run pack:skill` writes', async () => {
    const { detection, run: ran } = await visit(client, loadAndRead(client.name), {
      async install({ project }) {
        const target = join(project, client.skillsFolder)
        for (const [path, bytes] of Object.entries(unzipSync(zipSkill(repository, ours).bytes))) {
          mkdirSync(dirname(join(target, path)), { recursive: true })
          writeFileSync(join(target, path), bytes)
        }
        return [placed(join(target, ours))]
      },
    })
    expect(ran.failure).toBeUndefined()
    expect(detection).toEqual(expected)
  })
})

describe('the plugin of Claude Code', () => {
  it('is valid, comes from the marketplace of a clone, and loads as plugin:skill', async () => {
    const { detection, run: ran, model } = await visit(agents['claude-code'], loadAndRead('claude-code', `${ours}:${ours}`), {
      async install(setup) {
        const claude = join(platformPackage(setup.installed, '@anthropic-ai/claude-code'), 'claude')
        const { stdout } = await run(claude, ['plugin', 'validate', '.'], { ...inHome(setup), cwd: clone })
        expect(stdout).toContain('Validation passed')
        expect(stdout).toContain(`${ours}:${ours}`)
        await run(claude, ['plugin', 'marketplace', 'add', './'], { ...inHome(setup), cwd: clone })
        await run(claude, ['plugin', 'install', `${ours}@${ours}`], inHome(setup))
        const { version } = JSON.parse(readFileSync(join(clone, '.claude-plugin/plugin.json'), 'utf8')) as { version: string }
        return [placed(join(setup.home, '.claude/plugins/cache', ours, ours, version), ours, ours)]
      },
    })
    expect(ran.failure).toBeUndefined()
    expect(model.turns[0]!.text).toContain(`${ours}:${ours}`)
    expect(detection).toEqual({ loads: [{ skill: ours, via: 'tool' }], refused: [], references: ['runbooks.md'], unknown: false })
  })
})

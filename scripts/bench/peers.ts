import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** One thing that is timed: how to call it on a project that keeps its skills in `.claude/skills`. */
export interface Tool {
  id: string
  /** What a reader must know to compare it fairly. */
  note?: string
  /** Arguments for Node, one list per process; run one after the other in the project's folder. */
  commands(skills: string[]): string[][]
  /** Takes one skill per process, so that its time for many is that of a loop. */
  perSkill?: boolean
  /** Reads another folder than the set's, so that defects planted there say nothing. */
  elsewhere?: boolean
}

export interface Peer extends Omit<Tool, 'commands'> {
  packages: Record<string, string>
  /** Script that the package installs as its command. */
  script: string
  /** Further files in the folder of its installation. */
  files?: Record<string, string>
  args(skills: string[], home: string): string[][]
}

const folder = '.claude/skills'

const remarkConfig = `import frontmatter from 'remark-frontmatter'
import gfm from 'remark-gfm'
import consistent from 'remark-preset-lint-consistent'
import recommended from 'remark-preset-lint-recommended'
import validateLinks from 'remark-validate-links'

export default { plugins: [frontmatter, gfm, recommended, consistent, [validateLinks, { repository: false }]] }
`

const peers: Peer[] = [
  {
    id: 'skill-check 1.2.0', packages: { 'skill-check': '1.2.0' }, script: 'skill-check/bin/skill-check.js',
    note: 'checks SKILL.md only; --no-security-scan, else it installs another program',
    args: () => [['check', folder, '--no-security-scan']],
  },
  {
    id: 'claude-code-lint 0.5.0', packages: { 'claude-code-lint': '0.5.0' }, script: 'claude-code-lint/bin/claudelint',
    note: 'checks SKILL.md only; run in the project root, the only place where it finds skills',
    args: () => [['check-all', '--no-cache']],
  },
  {
    id: 'skillmds 1.3.3', packages: { skillmds: '1.3.3' }, script: 'skillmds/bin/skillmd.mjs',
    note: 'checks SKILL.md only', args: () => [['lint', folder]],
  },
  {
    id: 'skills-ref 0.1.5', packages: { 'skills-ref': '0.1.5' }, script: 'skills-ref/dist/cli.js', perSkill: true,
    note: 'checks frontmatter only; one skill per process, so many skills are a loop',
    args: (skills) => skills.map((name) => ['validate', `${folder}/${name}`]),
  },
  {
    id: 'markdownlint-cli2 0.24.1', packages: { 'markdownlint-cli2': '0.24.1' },
    script: 'markdownlint-cli2/markdownlint-cli2-bin.mjs',
    note: 'every .md file; Markdown style only; its 80-column rule is off',
    files: { '.markdownlint-cli2.jsonc': '{ "config": { "line-length": false } }\n' },
    args: (_, home) => [['--config', join(home, '.markdownlint-cli2.jsonc'), `${folder}/**/*.md`]],
  },
  {
    id: 'remark-cli 12.0.1', script: 'remark-cli/cli.js',
    packages: {
      'remark-cli': '12.0.1', 'remark-frontmatter': '5.0.0', 'remark-gfm': '4.0.1', 'remark-lint': '10.0.1',
      'remark-preset-lint-consistent': '6.0.1', 'remark-preset-lint-recommended': '7.0.1',
      'remark-validate-links': '13.1.0',
    },
    note: 'every .md file; the plugins of our markdown-style rule and remark-validate-links',
    files: { 'remarkrc.mjs': remarkConfig },
    args: (_, home) => [['--frail', '--no-stdout', '--quiet', '--rc-path', join(home, 'remarkrc.mjs'), folder]],
  },
]

/** A peer that is ready to run, or why it is not. */
export type Prepared = { tool: Tool } | { id: string; reason: string }

/** Install what is missing below `cache`, each peer of `list` in its own folder. */
export function preparePeers(cache: string, say: (line: string) => void, list: Peer[] = peers): Prepared[] {
  return list.map((peer) => {
    const home = join(cache, peer.id.replaceAll(' ', '-'))
    const reason = install(peer, home, say)
    if (reason) return { id: peer.id, reason }
    const script = join(home, 'node_modules', peer.script)
    const { id, note, perSkill } = peer
    const commands = (skills: string[]) => peer.args(skills, home).map((args) => [script, ...args])
    return { tool: { id, commands, ...(note && { note }), ...(perSkill && { perSkill }) } }
  })
}

function install(peer: Peer, home: string, say: (line: string) => void): string | undefined {
  const manifest = `${JSON.stringify({ private: true, dependencies: peer.packages }, null, 2)}\n`
  const ready = () => existsSync(join(home, 'node_modules', peer.script))
  mkdirSync(home, { recursive: true })
  for (const [name, text] of Object.entries(peer.files ?? {})) writeFileSync(join(home, name), text)
  const path = join(home, 'package.json')
  if (ready() && existsSync(path) && readFileSync(path, 'utf8') === manifest) return undefined
  say(`installing ${peer.id}`)
  writeFileSync(path, manifest)
  const { status, error, stderr } = spawnSync('npm', ['install', '--no-audit', '--no-fund'], {
    cwd: home, encoding: 'utf8', shell: process.platform === 'win32', timeout: 300_000,
  })
  if (error) return `npm install failed (${error.message})`
  const complaint = stderr.split('\n').find((line) => /npm (error|ERR!)/.test(line)) ?? `exit code ${status}`
  if (status !== 0) return `npm install failed (${complaint.trim()})`
  return ready() ? undefined : `the package has no ${peer.script}`
}

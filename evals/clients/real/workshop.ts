import { join, resolve } from 'node:path'
import { startStubModel, type StubModel } from '../../stub/server.ts'
import type { Script, ToolCall } from '../../stub/model.ts'
import type { AgentClient, AgentName, Setup } from '../agent.ts'
import { detect, type Detection, type PlacedSkill } from '../detect.ts'
import { installClients } from '../install.ts'
import { installSkills, skillFolders } from '../install-skills.ts'
import { inFreshPlace } from '../place.ts'
import { runAgent, type AgentOptions, type AgentRun } from '../run-agent.ts'

export const ours = 'backend-design'
export const repository = resolve(import.meta.dirname, '../../..')
const catalog = join(repository, 'evals/catalog')

/** How each client's model calls the shell and opens a file or a skill. */
export const calls: Record<AgentName, { shell(command: string): ToolCall; read?(path: string): ToolCall; skill?(name: string): ToolCall }> = {
  'claude-code': {
    shell: (command) => ({ name: 'Bash', input: { command, description: 'look' } }),
    read: (file_path) => ({ name: 'Read', input: { file_path } }),
    skill: (skill) => ({ name: 'Skill', input: { skill } }),
  },
  codex: { shell: (cmd) => ({ name: 'exec_command', input: { cmd } }) },
  opencode: {
    shell: (command) => ({ name: 'bash', input: { command, description: 'look' } }),
    read: (filePath) => ({ name: 'read', input: { filePath } }),
    skill: (name) => ({ name: 'skill', input: { name } }),
  },
  gemini: {
    shell: (command) => ({ name: 'run_shell_command', input: { command, description: 'look' } }),
    read: (file_path) => ({ name: 'read_file', input: { file_path } }),
    skill: (name) => ({ name: 'activate_skill', input: { name } }),
  },
}

export interface Visit {
  run: AgentRun
  model: StubModel
  detection: Detection
  skills: PlacedSkill[]
  project: string
}

/** What a script may need to know before it is written: where the skills lie. */
export interface Place {
  project: string
  folderOf(skill: string): string
}

export interface VisitOptions extends Partial<AgentOptions> {
  crowd?: number
  prompt?: string
  /** Puts the skills where the client finds them; by default a copy of ours and of `crowd` others. */
  install?(setup: Setup): Promise<PlacedSkill[]>
}

/** One headless run of `client` in a project with our skill and `crowd` others, against a scripted model. */
export async function visit(client: AgentClient, script: (place: Place) => Script, options: VisitOptions = {}): Promise<Visit> {
  const { crowd = 3, prompt = 'our stripe webhooks are lost after every deploy', timeout = 60_000, install, ...rest } = options
  const installed = await installClients()
  return inFreshPlace(async (folders) => {
    const setup: Setup = { installed, ...folders }
    const skills = install ? await install(setup) : installSkills(client, setup.project, [repository, ...skillFolders(catalog).slice(0, crowd)])
    const folderOf = (name: string) => skills.find((skill) => skill.name === name)!.folder
    const model = await startStubModel(script({ project: setup.project, folderOf }))
    try {
      const own = { ...setup, endpoint: model.url }
      client.configure(own)
      const run = await runAgent(client, own, prompt, { timeout, ...rest })
      return { run, model, skills, project: setup.project, detection: detect(run.events, skills, ours, setup.project) }
    } finally {
      await model.stop()
    }
  })
}

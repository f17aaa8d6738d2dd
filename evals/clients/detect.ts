import { existsSync, realpathSync } from 'node:fs'
import { posix, resolve } from 'node:path'
import type { ClientEvent } from './agent.ts'
import { filesRead } from './shell/files-read.ts'

/** A skill that a client could load: where its SKILL.md and references lie. */
export interface PlacedSkill {
  name: string
  /** Absolute folder. */
  folder: string
  /** Name of the plugin that brings it, for clients that say `plugin:skill`. */
  plugin?: string
  /** Files an agent may open, relative to the folder. */
  files: string[]
}

export interface Detection {
  /** Skills that loaded, in order, each once. */
  loads: { skill: string; via: 'tool' | 'read' | 'shell' }[]
  /** Skills that the client asked for and did not get. */
  refused: string[]
  /** Files below `references/` of `ours` that were opened, named as prompts and routing rows name them: without the folder. */
  references: string[]
  /** Whether others may have been opened by a command that cannot be followed. */
  unknown: boolean
}

/**
 * What loaded and which references of `ours` were opened, over the whole turn: tools come in any order, and a
 * call that failed loaded nothing. A call without a result counts: the run may have been stopped at the hit.
 */
export function detect(events: ClientEvent[], skills: PlacedSkill[], ours: string, project: string): Detection {
  // The folder of a recorded run is gone, and asking for each file costs more than all the rest.
  const real = existsSync(project) ? realPath : (path: string) => path
  const failed = new Set(events.flatMap((event) => (event.type === 'result' && !event.ok ? [event.id] : [])))
  const byPath = new Map(skills.flatMap((skill) => skill.files.map((file) => [real(posix.join(skill.folder, file)), { skill, file }] as const)))
  const known = [...byPath.keys()]
  const loads = new Map<string, Detection['loads'][number]['via']>()
  const refused = new Set<string>()
  const references = new Set<string>()
  let unknown = false

  const opened = (path: string, via: 'read' | 'shell', ok: boolean) => {
    const found = byPath.get(real(resolve(project, path)))
    if (!found) return
    const { skill, file } = found
    if (!ok) {
      if (file === 'SKILL.md') refused.add(skill.name)
      return
    }
    if (file === 'SKILL.md' && !loads.has(skill.name)) loads.set(skill.name, via)
    const reference = /^references\/(.+\.md)$/.exec(file)?.[1]
    if (reference && skill.name === ours) references.add(reference)
  }
  for (const event of events) {
    if (event.type === 'skill') {
      const name = resolveName(event.name, skills)
      if (!name) continue
      if (failed.has(event.id)) refused.add(name)
      else if (!loads.has(name)) loads.set(name, 'tool')
    } else if (event.type === 'read') opened(event.path, 'read', !failed.has(event.id))
    else if (event.type === 'shell') {
      const read = filesRead(event.command, real(project), known)
      // A pipeline's exit code is not that of the program that printed.
      for (const path of read.paths) opened(path, 'shell', !failed.has(event.id) || /[|;&]/.test(event.command))
      unknown ||= read.unknown
    }
  }
  return {
    loads: [...loads].map(([skill, via]) => ({ skill, via })),
    refused: [...refused].filter((name) => !loads.has(name)),
    references: [...references],
    unknown,
  }
}

/** The skill that a client means: `name`, or `plugin:name` of the plugin that brings it. */
function resolveName(called: string, skills: PlacedSkill[]): string | undefined {
  const at = called.indexOf(':')
  const [plugin, name] = at === -1 ? [undefined, called] : [called.slice(0, at), called.slice(at + 1)]
  return skills.find((skill) => skill.name === name && (plugin === undefined || skill.plugin === plugin))?.name
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

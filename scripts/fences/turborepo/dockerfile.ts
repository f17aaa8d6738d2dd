import { cpSync, mkdirSync, mkdtempSync, statSync } from 'node:fs'
import { basename, isAbsolute, join } from 'node:path'
import { type Copy, DockerfileParser, type From, type Instruction } from 'dockerfile-ast'
import { bash, type Variables } from './steps.ts'

export interface Stage {
  image: string
  /** Folder that stands for `/` of this stage. */
  files: string
  /** Current WORKDIR, absolute within the stage. */
  workdir: string
  command: string[]
}

/**
 * Do what a Dockerfile says with folders instead of containers: each stage is a folder below `scratch`, COPY copies from
 * `context` or another stage, RUN runs in WORKDIR with the Bun of this machine, which must be the one of the base image.
 * USER is read and not applied. Gives the last stage. Throws `Dockerfile:12 reason`, at lines of `text`.
 */
export async function buildStages(text: string, context: string, scratch: string, bun: string): Promise<Stage> {
  const stages = new Map<string, Stage>()
  let stage: Stage | undefined
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const wrong = (reason: string) => new Error(`Dockerfile:${instruction.getRange().start.line + 1} ${reason}`)
    if (instruction.getKeyword() === 'FROM') {
      const from = instruction as From
      const image = from.getImage() ?? ''
      if (image.replace(/-slim$/, '') !== `oven/bun:${bun}`) throw wrong(`${image} has another Bun than ${bun}`)
      stage = { image, files: mkdtempSync(join(scratch, 'stage-')), workdir: '/', command: [] }
      stages.set(from.getBuildStage() ?? `${stages.size}`, stage)
    } else if (stage) await follow(instruction, stage, stages, context, wrong)
    else throw wrong('stands before the first FROM')
  }
  if (!stage) throw new Error('Dockerfile:1 has no FROM')
  return stage
}

async function follow(
  instruction: Instruction, stage: Stage, stages: Map<string, Stage>, context: string, wrong: (reason: string) => Error,
): Promise<void> {
  const words = instruction.getArguments().map((argument) => argument.getValue())
  const inside = (path: string) => join(stage.files, isAbsolute(path) ? path : join(stage.workdir, path))
  switch (instruction.getKeyword()) {
    case 'WORKDIR':
      stage.workdir = words[0]!
      mkdirSync(inside('.'), { recursive: true })
      return
    case 'COPY': {
      const name = (instruction as Copy).getFromFlag()?.getValue()
      const source = name ? stages.get(name)?.files : context
      if (!source) throw wrong(`copies from "${name}", which is no earlier stage`)
      const target = words.at(-1)!
      for (const path of words.slice(0, -1)) copy(join(source, path), inside(target), target.endsWith('/'), wrong)
      return
    }
    case 'RUN': {
      const { code, output } = await bash(instruction.getRawArgumentsContent()!, inside('.'), outside)
      if (code !== 0) throw wrong(`ends with ${code}: ${output.slice(-2_000)}`)
      return
    }
    case 'CMD':
      stage.command = JSON.parse(instruction.getRawArgumentsContent()!)
      return
    case 'USER':
      return
    default:
      throw wrong(`${instruction.getKeyword()} is not executed here; add it to the test`)
  }
}

/** A build in an image knows no cache of turbo but its own. */
const outside: Variables = { TURBO_CACHE: 'local:w' }

function copy(source: string, target: string, intoFolder: boolean, wrong: (reason: string) => Error): void {
  const found = statSync(source, { throwIfNoEntry: false })
  if (!found) throw wrong(`copies ${source}, which does not exist`)
  const to = found.isDirectory() || !intoFolder ? target : join(target, basename(source))
  cpSync(source, to, { recursive: true, verbatimSymlinks: true })
}

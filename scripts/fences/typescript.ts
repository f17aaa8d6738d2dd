import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Document } from '../core/bundle.ts'
import { fencesIn, root, type PlacedFence } from './documents.ts'
import { tscIn } from './tsc.ts'

const preludes = join(import.meta.dirname, 'prelude')
const compilerOptions = {
  target: 'esnext', lib: ['esnext'], module: 'esnext', moduleResolution: 'bundler', moduleDetection: 'force',
  types: ['bun'], jsx: 'preserve', strict: true, noUncheckedIndexedAccess: true, skipLibCheck: true, noEmit: true,
  paths: { '@repo/shared/*': ['./packages/shared/src/*'] },
}
const syntaxOnly = { ...compilerOptions, types: [], noResolve: true }

interface Piece {
  fence: PlacedFence
  /** Path in the project of its document. */
  path: string
  text: string
  /** Line of the Markdown file on which `text` begins. */
  line: number
}

/**
 * TypeScript fences of `documents`, without those that are quoted or become a file of a workspace (`path=apps/…`):
 * these are part of a project that is type-checked whole.
 */
export function typescriptFences(documents: Document[]): PlacedFence[] {
  return fencesIn(documents, ['ts', 'tsx', 'typescript'])
    .filter(({ attributes: { file, path } }) => file === undefined && !/^(?:apps|packages)\//.test(path ?? ''))
}

/**
 * Type-check every TypeScript fence in one run of `tsc`; of a `bad=` fence only the syntax. The fences of a document
 * are the files of one project, with `prelude/shared` and `prelude/<document>` for the names they take from elsewhere.
 * Gives what is wrong as `references/x.md:12:3 TS2304 reason` by the fence's place; by `prelude` what is wrong there.
 */
export async function typeProblems(documents: Document[]): Promise<Map<string, string[]>> {
  mkdirSync(join(root, '.cache'), { recursive: true })
  const folder = mkdtempSync(join(root, '.cache/fences-'))
  try {
    const pieces = new Map<string, Piece>()
    const projects: string[] = []
    for (const document of documents) {
      const name = basename(document.path, '.md')
      const [bad, good] = split(typescriptFences([document]), ({ attributes }) => attributes.bad !== undefined)
      if (good.length > 0) for (const prelude of ['shared', name]) copyPrelude(prelude, join(folder, name))
      const parts = [[good, name, compilerOptions], [bad, `${name}.bad`, syntaxOnly]] as const
      for (const [fences, project, options] of parts) {
        if (fences.length === 0) continue
        projects.push(project)
        for (const piece of piecesOf(fences)) {
          pieces.set(`${project}/${piece.path}`, piece)
          write(join(folder, project, piece.path), piece.text)
        }
        write(join(folder, project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['**/*'] }))
      }
    }
    write(join(folder, 'tsconfig.json'), JSON.stringify({ files: [], references: projects.map((path) => ({ path })) }))
    return problemsIn(await tscIn(folder, ['-b', '--pretty', 'false']), pieces)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A fence is one file, or several that each begin with a comment such as `// server/leads/list.ts`. */
function piecesOf(fences: PlacedFence[]): Piece[] {
  const taken = new Set<string>()
  return fences.flatMap((fence) => {
    const lines = fence.node.value.split('\n')
    const starts = lines.flatMap((line, index) => (index === 0 || pathComment.test(line) ? [index] : []))
    return starts.map((start, index) => {
      const named = pathComment.exec(lines[start]!)?.[1]
      const path = unused(named ?? `${sectionOf(fence)}.${fence.lang === 'tsx' ? 'tsx' : 'ts'}`, taken)
      return { fence, path, text: lines.slice(start, starts[index + 1]).join('\n'), line: fence.line + 1 + start }
    })
  })
}

const pathComment = /^\/\/ ((?:server|apps|packages|shared|drizzle)\/\S+?\.tsx?)(?=$|[\s,:])/

function sectionOf({ document, line }: PlacedFence): string {
  return document.sections.findLast(({ heading }) => heading.position!.start.line < line)?.slug ?? 'start'
}

function unused(path: string, taken: Set<string>): string {
  let name = path
  for (let count = 2; taken.has(name); count++) name = path.replace(/(\.\w+)$/, `-${count}$1`)
  taken.add(name)
  return name
}

function copyPrelude(name: string, target: string): void {
  const source = join(preludes, name)
  if (existsSync(source)) cpSync(source, target, { recursive: true })
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

function problemsIn(output: string, pieces: Map<string, Piece>): Map<string, string[]> {
  const problems = new Map<string, string[]>()
  for (const text of output.split(/\n(?=\S)/).map((part) => part.trim()).filter((part) => part !== '')) {
    const [, path, line, column, code, reason] = /^(.+?)\((\d+),(\d+)\): error (TS\d+): ([\s\S]+)$/.exec(text) ?? []
    if (path === undefined) throw new Error(`tsc says: ${text}`)
    const piece = pieces.get(path.replaceAll('\\', '/'))
    if (piece?.fence.attributes.bad !== undefined && !/^TS1\d{3}$/.test(code!)) continue
    const file = piece ? `${piece.fence.document.path}:${piece.line + Number(line) - 1}` : `prelude ${path}:${line}`
    const place = piece?.fence.place ?? 'prelude'
    problems.set(place, [...problems.get(place) ?? [], `${file}:${column} ${code} ${reason!.replace(/\s+/g, ' ')}`])
  }
  return problems
}

function split<T>(values: T[], isFirst: (value: T) => boolean): [first: T[], second: T[]] {
  return [values.filter(isFirst), values.filter((value) => !isFirst(value))]
}

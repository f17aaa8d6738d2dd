import { posix } from 'node:path'
import { parse, type SyntaxNode } from 'unbash'
import { filesOf, readers, silent, wrappers } from './readers.ts'
import { expand, nestedScripts, valueOf, type State } from './words.ts'

export interface FilesRead {
  /** Absolute paths whose text the command prints, in order, each once. */
  paths: string[]
  /** Whether it may have read others of `known` that the parser cannot name. */
  unknown: boolean
}

const maxDepth = 8

/**
 * Files that a shell command prints: `cat`, `sed -n`, `head`, `rg` and the like, behind `cd … &&`, variables,
 * loops, wrappers, `bash -c`, `$(…)` and redirections. `known` are the absolute paths that matter: wildcards
 * match against them, and a program this cannot look into makes the answer unknown when it mentions one.
 */
export function filesRead(command: string, cwd: string, known: string[]): FilesRead {
  const paths = new Set<string>()
  const result = { unknown: false }
  const walk = walker(known, (path) => paths.add(path), () => (result.unknown = true))
  walk(parse(command), { cwd: posix.resolve(cwd), variables: new Map() }, 0)
  return { paths: [...paths], unknown: result.unknown }
}

type Walk = (node: SyntaxNode, state: State, depth: number) => void

function walker(known: string[], read: (path: string) => void, doubt: () => void): Walk {
  const names = new Set(known.flatMap((path) => [posix.basename(path), posix.basename(posix.dirname(path))]))
  const mentions = (text: string) => [...names].some((name) => text.includes(name))

  const walk: Walk = (node, state, depth) => {
    if (depth > maxDepth) return doubt()
    const one = node as any
    const inner = (child: SyntaxNode | undefined, own = state) => child && walk(child, own, depth)
    switch (node.type) {
      case 'Script':
        if (one.errors?.length && mentions(one.text ?? '')) doubt()
        return one.commands.forEach((child: SyntaxNode) => inner(child))
      case 'CompoundList':
      case 'AndOr':
        return one.commands.forEach((child: SyntaxNode) => inner(child))
      case 'Pipeline': {
        return one.commands.forEach((child: SyntaxNode) => inner(child, copy(state)))
      }
      case 'Statement':
        one.redirects?.forEach((redirect: SyntaxNode) => redirected(redirect, state, depth))
        return inner(one.command)
      case 'Redirected':
        one.redirects.forEach((redirect: SyntaxNode) => redirected(redirect, state, depth))
        return inner(one.command)
      case 'Subshell':
        return inner(one.body, copy(state))
      case 'BraceGroup':
        return inner(one.body)
      case 'If':
        ;[one.clause, one.then, ...one.elif.flatMap((branch: any) => [branch.clause, branch.then]), one.else].forEach((child) => inner(child))
        return
      case 'While':
        inner(one.clause)
        return inner(one.body)
      case 'Case':
        return one.items?.forEach((item: any) => inner(item.body))
      case 'For': {
        const values = (one.wordlist ?? []).flatMap((word: any) => {
          const value = valueOf(word, state)
          if (value === undefined) {
            nestedScripts(word).forEach((script) => walk(script, copy(state), depth + 1))
            return [undefined]
          }
          return /[*?[{]/.test(value) ? expand(value, state.cwd, known) : [value]
        })
        for (const value of values) {
          if (value === undefined) state.variables.delete(one.name.value)
          else state.variables.set(one.name.value, value)
          inner(one.body)
        }
        return
      }
      case 'Command':
        return command(one, state, depth)
    }
  }

  function redirected(redirect: any, state: State, depth: number): void {
    nestedScripts(redirect).forEach((script) => walk(script, copy(state), depth + 1))
    if (redirect.operator !== '<' || !redirect.target) return
    const value = valueOf(redirect.target, state)
    if (value !== undefined) expand(value, state.cwd, known).forEach(read)
    else if (mentions(redirect.target.text)) doubt()
  }

  function command(node: any, state: State, depth: number): void {
    nestedScripts(node).forEach((script) => walk(script, copy(state), depth + 1))
    for (const part of node.prefix) {
      if (part.type !== 'Assignment') redirected(part, state, depth)
      else if (!node.name) assign(part, state)
    }
    const show = node.redirects.filter((redirect: any) => redirect.operator === '<')
    if (!node.name) return
    const words = [node.name, ...node.args]
    const values = words.map((word: any) => (word.type === 'Assignment' ? word.text : valueOf(word, state)))
    const printed = run(values, words.map((word: any) => word.text), state, depth)
    if (printed) show.forEach((redirect: any) => redirected(redirect, state, depth))
  }

  function assign(part: any, state: State): void {
    const value = part.value.type === 'Word' && !part.append ? valueOf(part.value, state) : undefined
    if (value === undefined) state.variables.delete(part.name)
    else state.variables.set(part.name, value)
  }

  /** Follow one program; whether it prints what is redirected into it. */
  function run(values: (string | undefined)[], texts: string[], state: State, depth: number): boolean {
    const [first, ...rest] = values
    const name = first === undefined ? undefined : posix.basename(first)
    const text = texts.join(' ')
    const give = () => (mentions(text) ? (doubt(), false) : false)
    if (name === undefined) return give()
    if (name === 'export' || name === 'declare' || name === 'local' || name === 'readonly') {
      for (const value of rest) {
        const [, variable, set] = /^(\w+)=(.*)$/s.exec(value ?? '') ?? []
        if (variable) state.variables.set(variable, set!.replace(/^(["'])(.*)\1$/s, '$2'))
      }
      return false
    }
    if (name === 'cd' || name === 'pushd') {
      const [target] = rest.filter((value) => value !== '--' && value !== '-P')
      if (target !== undefined) state.cwd = posix.resolve(state.cwd, target)
      else if (rest.length > 0) state.cwd = '/unknown'
      return false
    }
    if (name in wrappers) {
      const start = 1 + ownArguments(rest, wrappers[name]!)
      return start < values.length ? run(values.slice(start), texts.slice(start), state, depth) : false
    }
    if (/^(ba|da|z|k)?sh$/.test(name)) return shell(rest, give, state, depth)
    if (name === 'eval') {
      if (rest.includes(undefined)) return give()
      walk(parse(rest.join(' ')), state, depth + 1)
      return false
    }
    if (name === 'xargs') return doubtful()
    if (name === 'find' || name === 'fd') return rest.some((value) => /^-(exec|execdir|ok|x|X)/.test(value ?? '')) ? doubtful() : false
    if (silent.has(name)) return false
    if (!(name in readers)) return give()
    const files = filesOf(name, rest.map((value, index) => value ?? `\u0000${texts[index + 1]}`))
    if (files === undefined) return false
    for (const file of files) {
      if (file.startsWith('\u0000')) {
        if (mentions(file) || /\$/.test(file)) doubt()
      } else readFile(file, state)
    }
    return files.length === 0

    function doubtful(): boolean {
      doubt()
      return false
    }
  }

  function readFile(file: string, state: State): void {
    const full = posix.resolve(state.cwd, file)
    const below = known.filter((path) => path.startsWith(`${full === '/' ? '' : full}/`))
    if (below.length > 0) doubt()
    else expand(file, state.cwd, known).forEach(read)
  }

  function shell(rest: (string | undefined)[], give: () => boolean, state: State, depth: number): boolean {
    const at = rest.findIndex((value) => /^-[a-z]*c$/.test(value ?? ''))
    const script = at === -1 ? undefined : rest[at + 1]
    if (script === undefined) return give()
    walk(parse(script), copy(state), depth + 1)
    return false
  }

  return walk
}

/** Number of arguments that belong to the wrapper: its options, their values, `NAME=value`. */
function ownArguments(args: (string | undefined)[], { valued = [], leading = 0 }: { valued?: string[]; leading?: number }): number {
  let index = 0
  let left = leading
  for (; index < args.length; index++) {
    const arg = args[index] ?? ''
    if (arg.startsWith('-')) {
      if (valued.includes(arg)) index++
    } else if (/^\w+=/.test(arg)) continue
    else if (left-- <= 0) break
  }
  return index
}

const copy = (state: State): State => ({ cwd: state.cwd, variables: new Map(state.variables) })

import { posix } from 'node:path'
import { forEachChild, type SyntaxNode, type Word } from 'unbash'

/** What a command knows when it starts: where it is, and the variables whose value is certain. */
export interface State {
  cwd: string
  variables: Map<string, string>
}

/** A word's possible value, or `undefined` where it is decided at run time. */
export function valueOf(word: Word, { variables }: State): string | undefined {
  if (!word.parts) return word.value
  let known: string | undefined = ''
  for (const part of word.parts) known = known === undefined ? undefined : append(known, partValue(part, variables))
  return known
}

function partValue(part: { type: string }, variables: Map<string, string>): string | undefined {
  const one = part as any
  switch (one.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return one.value
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion':
      return one.text
    case 'DoubleQuoted':
    case 'LocaleString':
      return one.parts.reduce(
        (text: string | undefined, inner: { type: string }) => append(text, partValue(inner, variables)), '',
      )
    case 'SimpleExpansion':
      return variables.get(one.text.slice(1))
    case 'ParameterExpansion':
      return one.operation || one.prefix || one.index ? undefined : variables.get(one.parameter)
    case 'ProcessSubstitution':
      return '/dev/fd/63'
    default:
      return undefined
  }
}

const append = (text: string | undefined, more: string | undefined): string | undefined =>
  text === undefined || more === undefined ? undefined : text + more

/**
 * Absolute paths that `pattern` names for a command in `cwd`: itself, or those of `known` that match it
 * where it holds a wildcard or braces.
 */
export function expand(pattern: string, cwd: string, known: string[]): string[] {
  const full = posix.resolve(cwd, pattern)
  return /[*?[{]/.test(pattern) ? known.filter((path) => posix.matchesGlob(path, full)) : [full]
}

/** Scripts inside a node's words: `$(…)`, backquotes, `<(…)`. */
export function nestedScripts(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = []
  forEachChild(node, (child) => {
    if (child.type === 'Script') found.push(child)
    else if (isWordLike(child.type)) found.push(...nestedScripts(child))
  })
  return found
}

const isWordLike = (type: string): boolean =>
  /^(Word|DoubleQuoted|LocaleString|.*Expansion|ProcessSubstitution|Assignment|ArrayValue|Redirect|HereString|HereDoc.*)$/.test(type)

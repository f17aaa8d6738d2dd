/** How a program shows files: which of its arguments are files. */
interface Reader {
  /** Options that take the next argument. */
  valued?: string[]
  /** Arguments before the files: a sed script, a pattern. `unless` names options that replace it. */
  leading?: number
  unless?: string[]
  /** Options with which it shows nothing of the files. */
  silent?: string[]
}

const search: Reader = {
  leading: 1,
  unless: ['-e', '-f', '--regexp', '--file', '--files'],
  valued: ['-e', '-f', '-A', '-B', '-C', '-m', '-g', '-t', '--glob', '--type', '--regexp', '--file', '--max-count', '--context'],
  silent: ['-l', '-L', '-c', '-q', '--files', '--files-with-matches', '--count', '--quiet', '--files-without-match'],
}

/** Programs that print the files they are given. */
export const readers: Record<string, Reader> = {
  cat: {}, tac: {}, nl: { valued: ['-b', '-s', '-w'] }, less: {}, more: {}, strings: {}, fold: { valued: ['-w'] },
  head: { valued: ['-n', '-c', '--lines', '--bytes'] }, tail: { valued: ['-n', '-c', '--lines', '--bytes'] },
  bat: { valued: ['-r', '--line-range', '-l', '--language', '--style'] }, batcat: { valued: ['-r', '--line-range'] },
  sed: { leading: 1, unless: ['-e', '-f', '--expression', '--file'], valued: ['-e', '-f', '--expression', '--file'], silent: ['-i', '--in-place'] },
  awk: { leading: 1, unless: ['-f'], valued: ['-F', '-v', '-f'] }, gawk: { leading: 1, unless: ['-f'], valued: ['-F', '-v', '-f'] },
  grep: search, egrep: search, fgrep: search, rg: search,
  cut: { valued: ['-d', '-f', '-c'] }, sort: { valued: ['-k', '-t'] }, uniq: {}, diff: {}, xxd: {}, od: {}, base64: {}, fmt: {}, pr: {},
}

/** Programs that run the rest of their arguments, with their own options that take a value. */
export const wrappers: Record<string, { valued?: string[]; leading?: number }> = {
  env: { valued: ['-u', '-C', '-S'] }, nice: { valued: ['-n'] }, nohup: {}, time: { valued: ['-f', '-o'] }, sudo: { valued: ['-u', '-g'] },
  command: {}, exec: { valued: ['-a'] }, builtin: {}, stdbuf: { valued: ['-i', '-o', '-e'] }, timeout: { leading: 1, valued: ['-s', '-k'] },
  setsid: {}, ionice: { valued: ['-c', '-n'] },
}

/** Programs that show nothing of a file's text although they are given its path. */
export const silent = new Set([
  'ls', 'find', 'fd', 'stat', 'test', '[', 'file', 'wc', 'mkdir', 'touch', 'rm', 'rmdir', 'mv', 'cp', 'ln', 'chmod', 'chown', 'echo', 'printf',
  'basename', 'dirname', 'realpath', 'readlink', 'pwd', 'cd', 'pushd', 'popd', 'export', 'unset', 'set', 'true', 'false', ':', 'exit', 'which',
  'tree', 'du', 'df', 'md5sum', 'sha256sum', 'cmp', 'tee', 'type', 'shopt', 'local', 'declare', 'readonly', 'return', 'source', '.',
])

/** Files among `args`, or `undefined` where it shows none. A program that reads its input has an empty list. */
export function filesOf(name: string, args: string[]): string[] | undefined {
  const { valued = [], leading = 0, unless = [], silent: quiet = [] } = readers[name]!
  const files: string[] = []
  let skip = leading
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!
    if (arg === '--') {
      files.push(...args.slice(index + 1))
      break
    }
    if (arg === '-') continue
    if (!arg.startsWith('-')) {
      files.push(arg)
      continue
    }
    const option = arg.split('=')[0]!
    const matches = (names: string[]) => names.some((one) => option === one || (one.length === 2 && isCluster(arg, one)))
    if (matches(quiet)) return undefined
    if (unless.includes(option)) skip = 0
    if (valued.includes(option) && !arg.includes('=')) index++
  }
  return files.slice(skip)
}

/** `-rl` holds `-l`. */
const isCluster = (arg: string, option: string): boolean =>
  /^-[A-Za-z]{2,}$/.test(arg) && arg.slice(1).includes(option[1]!)

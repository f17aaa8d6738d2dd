import { existsSync, lstatSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { Entry } from './bundle.ts'
import { decode, maxTextBytes, tooLarge, type Decoded } from './text.ts'

/** Text of a regular file that lies inside `root`; nothing else is opened, since devices and pipes never end. */
export function readUtf8(root: string, path: string, limit = maxTextBytes): Decoded {
  const full = join(root, path)
  try {
    const stat = statSync(full)
    if (stat.isDirectory()) return { problem: 'this is a folder, a file is due here; rename the folder' }
    if (!stat.isFile()) return { problem: 'this is a pipe or a device, a file is due here; replace it' }
    if (kindOf(full) === 'link' && !staysInside(root, path)) {
      return { problem: 'the file is a link that leaves the skill and is not followed; replace it by the file itself' }
    }
    return stat.size > limit ? { problem: tooLarge(stat.size, limit) } : decode(readFileSync(full), limit)
  } catch (error) {
    return { problem: unreadable(error as NodeJS.ErrnoException) }
  }
}

function unreadable(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EACCES': case 'EPERM': return 'the file cannot be read (permission denied); make it readable'
    case 'ELOOP': return 'the link leads in a circle; replace it by the file'
    case 'ENOENT': return 'the file is a link to something that does not exist; replace it by the file'
    default: return `the file cannot be read (${error.code})`
  }
}

/** Where the symbolic link `path` below `root` leads. */
export function whereLeads(root: string, path: string): Entry['leads'] {
  if (staysInside(root, path)) return 'inside'
  if (existsSync(join(root, path))) return 'outside'
  const target = relative(root, resolve(dirname(join(root, path)), readlinkSync(join(root, path))))
  return target === '..' || target.startsWith(`..${sep}`) ? 'outside' : 'nowhere'
}

/** Whether the link `path` leads to a folder that holds it, so that who follows links never ends. */
export function leadsUpward(root: string, path: string): boolean {
  try {
    const target = realpathSync(join(root, path))
    return `${realpathSync(dirname(join(root, path)))}${sep}`.startsWith(target.endsWith(sep) ? target : `${target}${sep}`)
  } catch {
    return false
  }
}

/** Whether `path`, links resolved, is still below `root`. */
export function staysInside(root: string, path: string): boolean {
  try {
    const inside = relative(realpathSync(root), realpathSync(join(root, path)))
    return inside !== '..' && !inside.startsWith(`..${sep}`)
  } catch {
    return false
  }
}

/** Whether `path` is a link, a file or a folder, without following it. */
function kindOf(path: string): Entry['kind'] | undefined {
  try {
    const stat = lstatSync(path)
    return stat.isSymbolicLink() ? 'link' : stat.isDirectory() ? 'folder' : 'file'
  } catch {
    return undefined
  }
}

export interface Tag {
  name: string
  attributes: Record<string, string>
  /** Offset of `<` in the scanned text, and of what follows `>`. */
  start: number
  end: number
}

const tag = /<([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*)\s*\/?>/y
const attribute = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g
const opaque = new Set(['script', 'style', 'textarea', 'title'])

/** Start tags of a piece of HTML, in order; nothing from comments, scripts and styles. Linear in its length. */
export function tagsOf(html: string): Tag[] {
  const found: Tag[] = []
  let at = html.indexOf('<')
  while (at !== -1) {
    let next = at + 1
    if (html.startsWith('<!--', at)) {
      const close = html.indexOf('-->', at + 4)
      if (close === -1) break
      next = close + 3
    } else {
      tag.lastIndex = at
      const match = tag.exec(html)
      if (match) {
        next = at + match[0].length
        const name = match[1]!.toLowerCase()
        found.push({ name, attributes: attributesOf(match[2]!), start: at, end: next })
        if (opaque.has(name)) {
          const close = html.slice(next).search(new RegExp(`</${name}`, 'i'))
          if (close === -1) break
          next += close
        }
      }
    }
    at = html.indexOf('<', next)
  }
  return found
}

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = Object.create(null)
  for (const [, name, double, single, bare] of text.matchAll(attribute)) {
    found[name!.toLowerCase()] ??= unescapeHtml(double ?? single ?? bare ?? '')
  }
  return found
}

const entities: Record<string, string> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>', '#39': "'" }

function unescapeHtml(value: string): string {
  return value.replace(/&(amp|quot|apos|lt|gt|#39);/g, (_, name: string) => entities[name]!).trim()
}

/** Text of a piece of HTML without its tags. */
export function textOf(html: string): string {
  return html.replace(/<[^<>]*>/g, '')
}

import type { Bundle } from '../core/bundle.ts'
import { referencesOf, type Reference } from '../core/links.ts'
import { quoted } from '../core/nearest.ts'
import type { Report, Rule } from '../core/rule.ts'
import { cachePath, readCache, writeCache } from '../core/web-cache.ts'
import type { Verdict, WebOptions } from '../core/web-check.ts'

interface Use {
  path: string
  reference: Reference
}

/** Links to the web answer. Only with `--external`. */
export const rule: Rule = externalLinks()

/** Build the rule; tests put in their own server, names and cache. */
export function externalLinks(options: WebOptions & { cache?: string } = {}): Rule {
  return {
    id: 'external-links',
    summary: 'web links answer (only with --external); private addresses are refused',
    isActive: ({ external }) => external,
    async check(bundle, report, { external }) {
      if (!external) return
      const uses = usesOf(bundle)
      const cache = options.cache ?? cachePath()
      const answered = readCache(cache)
      const open = [...uses.keys()].filter((url) => !answered.has(url))
      if (open.length === 0) return
      const { checkWeb } = await import('../core/web-check.ts')
      const verdicts = await checkWeb(open, options)
      for (const [url, { state }] of verdicts) if (state === 'alive') answered.set(url, Date.now())
      writeCache(cache, answered)
      if (isOffline(verdicts)) {
        return report(
          bundle.skill.path,
          `none of ${verdicts.size} web addresses could be reached; check the network and run again`,
          { severity: 'warning' },
        )
      }
      for (const url of open) for (const use of uses.get(url)!) tell(use, verdicts.get(url)!, report)
    },
  }
}

function usesOf({ documents }: Bundle): Map<string, Use[]> {
  const uses = new Map<string, Use[]>()
  for (const document of documents.values()) {
    for (const reference of referencesOf(document)) {
      const url = webAddress(reference.url)
      if (url) uses.set(url, [...(uses.get(url) ?? []), { path: document.path, reference }])
    }
  }
  return uses
}

/** The address to ask for, without fragment and password; nothing for placeholders and names kept for examples. */
function webAddress(written: string): string | undefined {
  const text = written.trim().replace(/^\/\//, 'https://')
  if (!/^https?:\/\//i.test(text) || /[{}<>$*…]|\.\.\./.test(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  if (/(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid)\.?$/.test(url.hostname)) return undefined
  url.hash = url.username = url.password = ''
  return url.href
}

/** Several addresses and no answer at all: that is the network, not the links. */
function isOffline(verdicts: Map<string, Verdict>): boolean {
  const asked = [...verdicts.values()].filter(({ state }) => state !== 'refused' && state !== 'unknown')
  return asked.length > 2 && asked.every(({ state }) => state === 'unreachable')
}

function tell({ path, reference: { url, place, automatic } }: Use, verdict: Verdict, report: Report): void {
  switch (verdict.state) {
    case 'dead':
      return report(path, `${quoted(url)} answers ${verdict.status}; correct or remove the link`, { place })
    case 'failing':
      return report(path, `${quoted(url)} answers ${verdict.status} again and again; look whether it is still there`, {
        place,
        severity: 'warning',
      })
    case 'unreachable':
      return report(path, `${quoted(url)} gives no answer; look whether it is still there`, {
        place,
        severity: 'warning',
      })
    case 'refused':
      if (automatic) return
      return report(
        path,
        `${quoted(url)} leads to an address that is not public and was not opened; link to a public page`,
        { place, severity: 'warning' },
      )
  }
}

import Slugger from 'github-slugger'
import { visit } from 'unist-util-visit'
import type { Document } from '../core/bundle.ts'
import { tagsOf, textOf } from '../core/html.ts'
import { localReferences } from '../core/link-target.ts'
import { proposer, quoted } from '../core/nearest.ts'
import type { Rule } from '../core/rule.ts'

/** The part after `#` names a heading or an HTML id of the document, as GitHub forms them. */
export const rule: Rule = {
  id: 'anchors',
  summary: 'the part after "#" names a heading or HTML id of the target, as GitHub forms them',
  check(bundle, report) {
    const propose = proposer()
    const known = new Map<Document, Set<string>>()
    for (const document of bundle.documents.values()) {
      for (const { url, place, target } of localReferences(bundle, document)) {
        const goal = bundle.documents.get(target.path)
        if (!goal || goal.problem || target.fragment === undefined || isNoHeading(target.fragment)) continue
        let anchors = known.get(goal)
        if (!anchors) known.set(goal, (anchors = anchorsOf(goal)))
        const fragment = target.fragment.replace(/:~:.*$/s, '').replace(/^user-content-/, '')
        if (anchors.has(fragment)) continue
        const near = propose(fragment, anchors)
        const advice = near === undefined ? 'correct it or add the heading' : `write ${quoted(`#${near}`)}`
        const where = goal === document ? 'this file' : quoted(goal.path)
        report(document.path, `${where} has no heading for ${quoted(url.slice(url.indexOf('#')))}; ${advice}`, {
          place,
          ...(near !== undefined && { expected: [`${url.slice(0, url.indexOf('#'))}#${near}`] }),
        })
      }
    }
  },
}

/** The top of the page, a line of the source, a text fragment. */
function isNoHeading(fragment: string): boolean {
  return (
    fragment === '' ||
    /^top$/i.test(fragment) ||
    /^L\d+(?:C\d+)?(?:-L?\d+(?:C\d+)?)?$/.test(fragment) ||
    fragment.startsWith(':~:')
  )
}

/** Every anchor of `document`: headings, HTML headings, `id` and the `name` of `a`. */
export function anchorsOf({ tree, sections }: Document): Set<string> {
  const anchors = new Set(sections.map(({ slug }) => slug))
  visit(tree, 'html', ({ value }) => {
    for (const { name, attributes, end } of tagsOf(value)) {
      if (attributes.id) anchors.add(attributes.id)
      if (name === 'a' && attributes.name) anchors.add(attributes.name)
      if (!/^h[1-6]$/.test(name)) continue
      const close = value.indexOf(`</${name}`, end)
      if (close !== -1) anchors.add(new Slugger().slug(textOf(value.slice(end, close)).trim()))
    }
  })
  visit(tree, 'footnoteDefinition', ({ identifier }) => {
    anchors.add(`fn-${identifier}`)
  })
  return anchors
}

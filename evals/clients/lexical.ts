import MiniSearch, { type SearchResult } from 'minisearch'
import type { Route } from '../../scripts/core/routing.ts'
import { stems } from '../../scripts/core/words.ts'
import type { LexicalSettings } from '../thresholds.ts'
import type { Client, Library, SkillCard } from './client.ts'

/**
 * BM25 without length normalisation (`b` 0: a model does not read a long description as a weak one)
 * and without the lower bound (`d` 0). MiniSearch then multiplies the sum by the number of matched words.
 */
const bm25 = { k: 1.2, b: 0, d: 0 }
const maxReferences = 2

export interface Ranked {
  name: string
  score: number
  words: string[]
}

/**
 * The offline client: a search library ranks names and descriptions by the words that they share with
 * the prompt, and the best loads when its score is high enough. It understands nothing, Portuguese
 * least of all. It is a proxy that shows when a description lost vocabulary, not a model.
 */
export function lexicalClient({ skill, catalog, routes }: Library, settings: LexicalSettings): Client {
  const rank = skillRanking([skill, ...catalog])
  const read = routing(routes, settings.rowMargin)
  return {
    name: 'lexical',
    about: 'BM25 over names and descriptions: a proxy that catches lost vocabulary, not a model',
    control: skill.description,
    decide(query) {
      const ranked = rank(query)
      const [best] = ranked
      return {
        skill: best && best.score >= settings.minimumScore ? best.name : null,
        references: read(query),
        why: explain(ranked, skill.name),
      }
    },
  }
}

/** A function that ranks `skills` for a prompt, best first; those that share no word are left out. */
export function skillRanking(skills: SkillCard[]): (query: string) => Ranked[] {
  const search = index(
    skills.map(({ name, description }) => ({ name, description: withoutExclusions(description) })),
    ['name', 'description'],
  )
  return (query) => search(query).map(({ id, score, terms }) => ({ name: skills[id]!.name, score, words: terms }))
}

function routing(routes: Route[], rowMargin: number): (query: string) => string[] {
  const search = index(
    routes.map(({ text }) => ({ text })),
    ['text'],
  )
  return (query) => {
    const rows = search(query)
    const near = rows.filter(({ score }) => score >= rowMargin * rows[0]!.score)
    return [...new Set(near.flatMap(({ id }) => routes[id]!.references))].slice(0, maxReferences)
  }
}

function index(texts: Record<string, string>[], fields: string[]): (query: string) => SearchResult[] {
  const search = new MiniSearch({ fields, tokenize: stems, processTerm: (word) => word })
  search.addAll(texts.map((text, id) => ({ id, ...text })))
  return (query) =>
    search
      .search(query, { tokenize: (text) => [...new Set(stems(text))], processTerm: (word) => word, bm25 })
      .sort((a, b) => b.score - a.score || a.id - b.id)
}

/** A bag of words cannot read "Not for frontend work", so the words that follow would attract it. */
function withoutExclusions(description: string): string {
  return description.replace(/(?:^|(?<=[.;]\s))Not for\b[^.]*\.?/gi, '')
}

function explain(ranked: Ranked[], ours: string): string {
  const parts = ranked
    .slice(0, 1)
    .concat(ranked.slice(1).filter(({ name }) => name === ours))
    .map(({ name, score, words }) => `${name} ${score.toFixed(1)} by ${words.join(', ')}`)
  return parts.length === 0 ? 'no skill shares a word' : parts.join('; ')
}

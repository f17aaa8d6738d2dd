import { fencesIn, guideDocuments } from './documents.ts'
import { statementsOf } from './sql.ts'

/** The one statement of the SQL fences of `path` that contains `text`. Throws when there is none, or several. */
export async function statementWith(path: string, text: string): Promise<string> {
  const fences = fencesIn(guideDocuments(), ['sql']).filter(({ document }) => document.path === path)
  const all = await Promise.all(fences.map(({ node }) => statementsOf(node.value)))
  const found = all.flat().filter((statement) => statement.text.includes(text))
  if (found.length !== 1) throw new Error(`${path} has ${found.length} statements with "${text}", not one`)
  return found[0]!.text
}

import { beforeAll, describe, expect, test } from 'vitest'
import { documentOf, guideDocuments } from './documents.ts'
import { typeProblems, typescriptFences } from './typescript.ts'

const documents = guideDocuments()
const fences = typescriptFences(documents)
const fake = documentOf('references/fake.md', `# Fake

## Wrong

\`\`\`ts
import { nothing } from 'hono/express'
import { trpcServer } from '@trpc/server/adapters/fetch'

const count: number = 'one'
\`\`\`

\`\`\`ts
// server/one.ts
export const one = 1
// server/two.ts
import { one } from './one'
export const two: string = one
\`\`\`

\`\`\`ts bad=some-flag
const router = undeclared(await nowhere, (x) => x)
\`\`\`

\`\`\`ts bad=some-flag
const a = {
\`\`\`

\`\`\`ts
const server = Bun.serve({ fetch: () => new Response('ok') })
export const port: number | undefined = server.port
\`\`\`
`)

let problems: Map<string, string[]>
beforeAll(async () => {
  problems = await typeProblems([...documents, fake])
}, 120_000)

test.each(fences.map((fence) => [fence.place, fence.attributes.bad === undefined ? 'has the right types' : 'parses']))(
  '%s %s',
  (place) => expect(problems.get(place) ?? []).toEqual([]),
)

test('the preludes have no errors of their own', () => {
  expect(problems.get('prelude') ?? []).toEqual([])
})

describe('fake fences', () => {
  test.each([
    [5, [
      "references/fake.md:6:25 TS2307 Cannot find module 'hono/express' or its corresponding type declarations.",
      "references/fake.md:7:10 TS2305 Module '\"@trpc/server/adapters/fetch\"' has no exported member 'trpcServer'.",
      "references/fake.md:9:7 TS2322 Type 'string' is not assignable to type 'number'.",
    ]],
    [12, ["references/fake.md:17:14 TS2322 Type 'number' is not assignable to type 'string'."]],
    [20, []],
    [24, ["references/fake.md:25:12 TS1005 '}' expected."]],
    [28, []],
  ])('line %i', (line, expected) => {
    expect(problems.get(`references/fake.md:${line}`) ?? []).toEqual(expected)
  })
})

test('there are fences to check', () => {
  expect(fences.length).toBeGreaterThan(2)
})

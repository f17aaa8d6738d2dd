import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as words from './vocabulary.ts'

const { subjects, tasks } = words

/** Coprime with the number of names, so that neighbours differ in both words. */
const stride = 7 * 31
const referenceNames = ['fields', 'formats', 'examples', 'limits', 'troubleshooting', 'review-notes'] as const

const checkScript = 'import sys\n\nprint(len(sys.stdin.readlines()))\n'

type Random = () => number

/** Name of the generated skill number `index`; unique for the first 1,200. */
export function nameAt(index: number): string {
  const [subject, task] = topicAt(index)
  return `${subject}-${task}`
}

/**
 * Files of the generated skill number `index`, by path. The same number always gives the same text,
 * so a set of 100 is the start of a set of 1,000.
 */
export function skillAt(index: number): Record<string, string> {
  const random = randomFrom(index + 1)
  const [subject, task] = topicAt(index)
  const references = some(random, referenceNames, 1 + Math.floor(random() * 3))
  const files: Record<string, string> = {}
  const titles = new Map(references.map((name) => [name, some(random, words.headings, 3 + Math.floor(random() * 3))]))
  files['SKILL.md'] = skillText(random, subject, task, titles)
  for (const [name, list] of titles) files[`references/${name}.md`] = referenceText(random, subject, name, list)
  if (files['SKILL.md'].includes('scripts/check.py')) files['scripts/check.py'] = checkScript
  return files
}

/** Write the first `count` generated skills below `folder`, one folder each. */
export function writeSkills(folder: string, count: number): void {
  for (let index = 0; index < count; index++) {
    for (const [path, text] of Object.entries(skillAt(index))) {
      const file = join(folder, nameAt(index), path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
  }
}

function topicAt(index: number): [string, string] {
  const at = (index * stride) % (subjects.length * tasks.length)
  return [subjects[at % subjects.length]!, tasks[Math.floor(at / subjects.length)]!]
}

function skillText(random: Random, subject: string, task: string, references: Map<string, string[]>): string {
  const paragraph = (count = 3) => paragraphOf(random, subject, count)
  const bullets = (count: number) => repeat(count, () => `- ${sentence(random, subject)}`).join('\n')
  const reads = [...references].map(([name, titles], at) => at % 2 === 0
    ? `- [${capital(name)}](references/${name}.md) when the request is about ${pick(random, words.objects)}`
    : `- [${titles[0]}](references/${name}.md#${slug(titles[0]!)}) before you change ${pick(random, words.objects)}`)
  const parts = [
    frontmatter(random, subject, task),
    `# ${capital(subject)} ${task}`, paragraph(),
    '## When to use', uses(random, subject),
    '## Steps', steps(random, subject),
    random() < 0.4 ? 'Run `scripts/check.py` on the result before you hand it over.' : paragraph(2),
    '## What to check', table(random, 4 + Math.floor(random() * 5)), paragraph(2),
  ]
  for (const title of some(random, words.headings, 2 + Math.floor(random() * 4))) {
    parts.push(`## ${title}`, paragraph(), random() < 0.6 ? fence(random) : bullets(3))
    parts.push(`### ${title} in short`, bullets(2 + Math.floor(random() * 3)))
  }
  const guide = `Background: [the ${subject} guide](https://example.com/${subject}/${task}).`
  parts.push('## Read more', reads.join('\n'), guide)
  return `${parts.join('\n\n')}\n`
}

function referenceText(random: Random, subject: string, name: string, titles: string[]): string {
  const parts = [
    `# ${capital(name)} of ${subject} work`, paragraphOf(random, subject, 2),
    '## Contents', titles.map((title) => `- [${title}](#${slug(title)})`).join('\n'),
  ]
  for (const title of titles) {
    parts.push(`## ${title}`, paragraphOf(random, subject, 3), random() < 0.5 ? fence(random) : table(random, 5))
    parts.push(repeat(3, () => `- ${sentence(random, subject)}`).join('\n'), `> ${sentence(random, subject)}`)
  }
  parts.push(`Back to [the skill](../SKILL.md#steps).`)
  return `${parts.join('\n\n')}\n`
}

function frontmatter(random: Random, subject: string, task: string): string {
  const about = description(random, subject, task)
  const version = `1.${Math.floor(random() * 20)}.0`
  return `---\nname: ${subject}-${task}\ndescription: ${about}\nlicense: MIT\nmetadata:\n  version: "${version}"\n---`
}

function uses(random: Random, subject: string): string {
  const use = () => `- ${capital(pick(random, words.symptoms))}, and the ${subject} is involved`
  return repeat(3 + Math.floor(random() * 3), use).join('\n')
}

function description(random: Random, subject: string, task: string): string {
  const [first, second, third] = some(random, words.verbs, 3)
  const [a, b, c] = some(random, words.objects, 3)
  const [one, two, three] = some(random, words.symptoms, 3)
  const adjective = pick(random, words.adjectives)
  return `${capital(first!)} ${a} and ${second} ${adjective} ${b} for ${subject} ${task}, then ${third} ${c}. `
    + `Use when ${one}, ${two} or ${three}. Not for ${some(random, words.others, 2).join(' or ')}.`
}

function steps(random: Random, subject: string): string {
  return repeat(4 + Math.floor(random() * 4), (at) => `${at + 1}. ${sentence(random, subject)}`
    + (random() < 0.3 ? `\n   - ${sentence(random, subject)}` : '')).join('\n')
}

function table(random: Random, rows: number): string {
  const row = () => {
    const what = `${pick(random, words.adjectives)} ${pick(random, words.objects)}`
    return `| ${what} | \`${codeName(random)}\` | ${pick(random, words.symptoms)} |`
  }
  return ['| What | Where | Sign that it is wrong |', '| --- | --- | --- |', ...repeat(rows, row)].join('\n')
}

function fence(random: Random): string {
  const [language, lines] = pick(random, words.fences)
  const text = lines.join('\n').replaceAll('{code}', codeName(random)).replaceAll('{table}', pick(random, subjects))
  return `\`\`\`${language}\n${text}\n\`\`\``
}

function paragraphOf(random: Random, subject: string, count: number): string {
  return repeat(count, () => sentence(random, subject)).join('\n')
}

function sentence(random: Random, subject: string): string {
  return pick(random, words.sentences)
    .replaceAll('{subject}', subject).replaceAll('{object}', pick(random, words.objects))
    .replaceAll('{adjective}', pick(random, words.adjectives)).replaceAll('{code}', codeName(random))
}

function codeName(random: Random): string {
  return `${pick(random, tasks)}_${pick(random, words.adjectives)}.csv`
}

function slug(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-')
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1).replaceAll('-', ' ')
}

function repeat<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)]!
}

function some<T>(random: Random, list: readonly T[], count: number): T[] {
  const left = [...list]
  return repeat(count, () => left.splice(Math.floor(random() * left.length), 1)[0]!)
}

/** mulberry32: small, fast and the same on every machine. */
function randomFrom(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b1)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

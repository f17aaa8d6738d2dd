import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readArgs } from '../core/args.ts'
import { parseFrontmatter } from '../core/frontmatter.ts'
import { UsageError } from '../core/usage-error.ts'
import { zipSkill } from './zip.ts'

const help = `Write the skill as a zip: SKILL.md, references, scripts/audit.mjs, LICENSE, and nothing of the tooling.

Usage: npm run pack:skill -- [options]

Options:
  --skill DIR     folder with SKILL.md (default this bundle)
  --output FILE   where to write (default results/<name>.zip)
  --help          this text

Examples:
  npm run pack:skill
  unzip results/backend-design.zip -d .claude/skills

Equal files give equal bytes. Exit codes: 0 written, 2 could not run.
`

/** Run the command with `args`; returns the exit code. Throws `UsageError`. */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArgs(args, {
    skill: { type: 'string' }, output: { type: 'string' }, help: { type: 'boolean', short: 'h' },
  })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is not an option; see --help`)
  const folder = (values.skill as string | undefined) ?? resolve(import.meta.dirname, '../..')
  const file = join(folder, 'SKILL.md')
  if (!existsSync(file)) throw new UsageError(`${file}: does not exist; name the folder of a skill with --skill`)
  const { name } = parseFrontmatter(readFileSync(file, 'utf8')).data
  if (typeof name !== 'string' || !/^[a-z0-9-]+$/.test(name)) throw new UsageError(`${file}: its frontmatter needs a name of a–z, 0–9 and hyphens; npm run validate tells more`)
  const output = (values.output as string | undefined) ?? `results/${name}.zip`
  const { bytes, files } = zipSkill(folder, name)
  try {
    mkdirSync(dirname(output), { recursive: true })
    writeFileSync(output, bytes)
  } catch (error) {
    throw new UsageError(`${output}: cannot be written (${(error as NodeJS.ErrnoException).code})`)
  }
  process.stdout.write(`${output}: ${files.length} files, ${Math.ceil(bytes.length / 1024)} KiB\n`)
  return 0
}

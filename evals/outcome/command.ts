import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { oneOf, readArgs } from '../../scripts/core/args.ts'
import { UsageError } from '../../scripts/core/config.ts'
import { print } from '../files.ts'
import { linkModules, assemble } from './workspace.ts'
import { readTask, taskNames, variants } from './task.ts'

const help = `Outcome tasks: a broken backend, a prompt as users type it, and a grader that runs the result.

Usage: npm run evals -- tasks <action>

Actions:
  list                        every task with its prompts
  prepare TASK DIR            write the broken backend to DIR, a new or empty folder
  grade TASK DIR              check the result in DIR: start it, drive it over HTTP and SQL
  run [TASK…]                 give each task to a real client, with and without the bundle, and
                              grade the results (default all tasks)
  record                      grade broken and mediocre of every task that changed, and write
                              evals/tasks/graded.json, which spares the tests doing it again
  export                      print the tasks as evals/evals.json of the Agent Skills guide

Options:
  --variant broken|mediocre|full   what prepare writes (default broken)
  --format pretty|json        how a grade or a run is printed (default pretty)
  --client NAME               who works in run: claude-code, codex, opencode or gemini
  --arm with,without          arms of run (default both)
  --runs N                    runs of each prompt and arm (default 1)
  --timeout S                 seconds for one run of the client (default 1200)
  --model NAME --endpoint URL model to ask for; a model server instead of the vendor's
  --help                      this text

Examples:
  npm run evals -- tasks list
  npm run evals -- tasks prepare webhook-lost /tmp/try
  npm run evals -- tasks grade webhook-lost /tmp/try
  npm run evals -- tasks run webhook-lost --client claude-code --runs 3

Exit codes: 0 every criterion holds, 1 some do not, 2 could not run.
`

/** Run `evals tasks` with `args`; returns the exit code. Throws `UsageError`. */
export async function tasks(args: string[]): Promise<number> {
  const { values, positionals } = readArgs(args, {
    variant: { type: 'string' },
    format: { type: 'string' },
    client: { type: 'string' },
    arm: { type: 'string' },
    runs: { type: 'string' },
    timeout: { type: 'string' },
    model: { type: 'string' },
    endpoint: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  })
  const [action, name, folder, ...rest] = positionals
  if (values.help || action === undefined) return print(help)
  const format = oneOf('format', (values.format as string | undefined) ?? 'pretty', ['pretty', 'json'] as const)
  if (action !== 'run' && rest.length > 0) throw new UsageError(`"${rest[0]}" is one argument too many; see --help`)
  switch (oneOf('action', action, ['list', 'prepare', 'grade', 'run', 'record', 'export'] as const)) {
    case 'list':
      return list()
    case 'prepare':
      return prepare(name, folder, oneOf('variant', (values.variant as string | undefined) ?? 'broken', variants))
    case 'grade':
      return gradeFolder(name, folder, format)
    case 'run':
      return (await import('./run-command.ts')).runTasks(positionals.slice(1), values, format)
    case 'record':
      return recordAll()
    case 'export':
      return exportTasks()
  }
}

async function list(): Promise<number> {
  for (const name of taskNames()) {
    const { title, references, prompts } = await readTask(name)
    print(`${name}: ${title} (${references.join(', ')})\n${prompts.map((prompt) => `  "${prompt}"\n`).join('')}`)
  }
  return 0
}

async function recordAll(): Promise<number> {
  const [{ startDatabases }, { record }] = await Promise.all([import('./grade.ts'), import('./record.ts')])
  const server = await startDatabases()
  const fresh = await record(server, (name) => process.stderr.write(`grading ${name}\n`)).finally(() => server.stop())
  return print(`${fresh.length} tasks graded, the others are as recorded\n`)
}

/** The format of the Agent Skills guide; what it calls assertions are the criteria's statements. */
async function exportTasks(): Promise<number> {
  const tasks = await Promise.all(taskNames().map((name) => readTask(name)))
  const evals = tasks.flatMap(({ name, title, prompts, criteria }) => prompts.map((prompt, index) => ({
    id: `${name}-${index + 1}`, prompt, expected_output: title, files: [`evals/tasks/${name}/broken`],
    assertions: criteria.map(({ text }) => text),
  })))
  return print(`${JSON.stringify({ skill_name: 'backend-design', evals }, null, 2)}\n`)
}

async function prepare(name: string | undefined, folder: string | undefined, variant: (typeof variants)[number]) {
  const { task, path } = await both(name, folder)
  if (existsSync(path) && (!statSync(path).isDirectory() || readdirSync(path).length > 0))
    throw new UsageError(`${folder}: is not an empty folder; name one that is new`)
  mkdirSync(path, { recursive: true })
  assemble(task, variant, path)
  return print(`${folder}: the ${variant} backend of ${task.name}\n`)
}

async function gradeFolder(name: string | undefined, folder: string | undefined, format: 'pretty' | 'json') {
  const { task, path } = await both(name, folder)
  if (!existsSync(resolve(path, 'package.json')))
    throw new UsageError(`${folder}: has no package.json; name the folder of a result`)
  linkModules(path)
  const { grade, startDatabases } = await import('./grade.ts')
  const server = await startDatabases()
  const verdicts = await grade(task, path, server).finally(() => server.stop())
  const held = verdicts.filter((one) => one.held).length
  if (format === 'json') print(`${JSON.stringify({ version: 1, task: task.name, held, of: verdicts.length, verdicts }, null, 2)}\n`)
  else {
    for (const { held, tier, text, why } of verdicts) print(`${held ? '✔' : '✖'} ${tier.padEnd(6)} ${text}\n${why ? `    ${why}\n` : ''}`)
    print(`${task.name}: ${held} of ${verdicts.length} hold\n`)
  }
  return held === verdicts.length ? 0 : 1
}

async function both(name: string | undefined, folder: string | undefined) {
  if (name === undefined || folder === undefined) throw new UsageError('name a task and a folder; see --help')
  return { task: await readTask(name), path: resolve(folder) }
}

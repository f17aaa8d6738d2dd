import { posix } from 'node:path'
import type { Rule } from './engine/rule.ts'
import { placeAt } from './model/migrations.ts'

const push = /\b(?:(?:bun|npm|pnpm|yarn)(?:x| dlx| exec| run| -r| --filter[= ]\S+)*\s+)?(?:drizzle-kit\s+push(?::\w+)?|db:push(?::\w+)?)\b[^\n"'`|&;]*/g
const force = /\bprisma\s+db\s+push\b[^\n"]*|\bdrizzle-kit\s+(?:push|migrate|drop)\b[^\n"]*--force\b[^\n"]*|\bprisma\s+migrate\s+reset\b[^\n"]*/g
const deployName = /^(?:deploy|release|start|prestart|poststart|postinstall|prebuild|build|postbuild|vercel-build|heroku-postbuild|predeploy|postdeploy|ci|railway|render|fly|production|prod|migrate:prod)\b|(?:^|:)(?:deploy|prod|production)$/
const disposable = /\b(?:test|e2e|preview|local|localhost|127\.0\.0\.1|integration|neon-?branch|seed|services:|dev)\b/i

/** Schema changes that nobody reviewed, on the way to production. */
export const rule: Rule = {
  id: 'db-push-in-deploy',
  summary: 'db:push or --force where something is deployed',
  severity: 'error',
  why: 'Push compares and changes at once: a renamed column is dropped with its data, and no file says what was done.',
  fix: 'Generate, review and commit the SQL; run migrations over the direct URL in their own step.',
  operation: 'behaviour change',
  reference: 'database-design.md#migrations',
  judge(_, project, report) {
    for (const { path, text } of project.others) {
      const name = posix.basename(path)
      if (/^tsconfig|^turbo\.json$/.test(name)) continue
      if (name === 'package.json') {
        const info = project.packages.find(({ folder }) => (folder === '' ? 'package.json' : `${folder}/package.json`) === path)
        for (const [script, line] of Object.entries(info?.scripts ?? {})) {
          if (typeof line !== 'string') continue
          const found = match(line)
          if (!found || disposable.test(`${script} ${line}`.replace(/[:_-]/g, ' '))) continue
          const at = text.indexOf(`"${script}"`)
          const place = placeAt(text, at, at + script.length + 2)
          if (deployName.test(script)) report(path, place, `the script "${script}" runs "${found}"; run reviewed migrations instead`)
          else if (/--force\b/.test(found)) report(path, place, `the script "${script}" pushes with --force, which drops data without asking; leave the option out`, { severity: 'warning' })
        }
        continue
      }
      const isCi = /\.github\/workflows\/|\.circleci|gitlab-ci|bitbucket-pipelines/.test(path)
      if (isCi && (!/deploy|release|production|main/i.test(text) || disposable.test(text.match(/^name:.*$/m)?.[0] ?? '') || disposable.test(name))) continue
      if (!isCi && !/^(?:Dockerfile|Procfile|fly\.toml|railway|render|nixpacks|vercel|docker-compose|compose|cloudbuild|app\.ya?ml)|\.sh$|\.dockerfile$/.test(name)) continue
      for (const pattern of [push, force]) {
        for (const found of text.matchAll(new RegExp(pattern))) {
          const line = text.slice(text.lastIndexOf('\n', found.index) + 1, found.index)
          if (/^\s*#|\/\//.test(line) || disposable.test(around(text, found.index)) && isCi) continue
          report(path, placeAt(text, found.index, found.index + found[0].trimEnd().length), `"${found[0].trim()}" on the way to production; run reviewed migrations instead`)
        }
      }
    }
  },
}

function match(line: string): string | undefined {
  return (line.match(force) ?? line.match(push))?.[0]?.trim()
}

/** The job or step around a place in a workflow. */
function around(text: string, at: number): string {
  return text.slice(Math.max(0, at - 900), at + 200)
}

import { posix } from 'node:path'
import { visit } from 'unist-util-visit'
import type { Document } from '../core/bundle.ts'
import { linesWhere, liveText, offsetsOf, sentencesWhere, type Code, type LiveText } from './live-text.ts'

/** One wrong form of one of the seventeen contradictions in earlier versions of this skill. */
export interface WrongForm {
  /** Number of the contradiction. */
  number: number
  form: string
  find(live: LiveText): number[]
}

/** Where `document` says a wrong form, as `references/x.md:12 form`. */
export function wrongForms({ form, find }: WrongForm, document: Document): string[] {
  const lines = find(liveText(document)).map((offset) => document.text.slice(0, offset).split('\n').length)
  return [...new Set(lines)].map((line) => `${document.path}:${line} ${form}`)
}

const roles = ['admin', 'mentor', 'mentorado', 'clinica_owner', 'clinica_staff', 'pending']
const roleLiterals = /\broles?['"]?\)?\s*(?::|[!=]==?|=|<>|\bin\b|\bis\b)\s*[[(]?\s*((?:['"`][a-z_]+['"`](?:\s*,\s*)?)+)/g
const invented = /(['"`](?:clinica_\w+|super_?admin|moderator)['"`])/g
const negation = /\b(not|never|no|don't|without|throws?|neither|instead|refuses?|old|loses|gains nothing)\b/i

const anywhere = (pattern: RegExp) => ({ text }: LiveText) => offsetsOf(text, pattern)
const inCode = (isWrong: (code: Code) => boolean) => ({ code }: LiveText) =>
  code.filter(isWrong).map(({ start }) => start)
const inProse = (...patterns: RegExp[]) => ({ prose }: LiveText) =>
  sentencesWhere(prose, (text) => patterns.every((pattern) => pattern.test(text)) && !negation.test(text))
const either = (...finds: WrongForm['find'][]) => (live: LiveText) => finds.flatMap((find) => find(live))

export const contradictions: WrongForm[] = [
  {
    number: 1, form: 'tables in packages/shared',
    find: either(
      inCode(({ text }) => piecesBelow(text, 'packages/shared')
        .some((piece) => /\bpgTable\(|drizzle-orm\/pg-core/.test(piece))),
      inCode(({ text }) => importedFrom(text, '@repo/shared/schema').some((name) => usesAsTable(text, name))),
      inProse(/@repo\/shared\b|packages\/shared/, /\btables?\b|\bpgTable\b|Drizzle schema/i, /^(?!.*\bstay\b)/),
      anywhere(/packages\/shared\/(src\/)?(drizzle|schema)\//),
    ),
  },
  {
    number: 1, form: 'AppRouter at run time or from packages/shared',
    find: either(
      anywhere(/\b(?:import|export)(?: type)? \{[^}]*\bappRouter\b[^}]*\} from ['"]@repo\/shared/i),
      anywhere(/\b(?:import|export) \{(?![^}]*\btype AppRouter\b)[^}]*\bappRouter\b[^}]*\} from ['"]@repo\/api/i),
      packageNamed('@repo/shared', (json) => '@repo/api' in { ...json.dependencies, ...json.devDependencies }),
    ),
  },
  { number: 2, form: '`pipeline` in turbo.json', find: anywhere(/"pipeline"\s*:/) },
  { number: 2, form: 'a file bun.workspaces', find: anywhere(/\bbun\.workspaces\b/) },
  { number: 2, form: 'Bun before 1.4', find: anywhere(/\bbun[@:]v?(?:0|1\.[0-3])(?:\.|\b)/) },
  {
    number: 2, form: 'comments in package.json',
    find: inCode(({ lang, text }) => /^json/.test(lang)
      && /"(workspaces|(devD|d)ependencies)"\s*:/.test(text) && /(^|[\s,{])\/[/*]/.test(text)),
  },
  {
    number: 2, form: 'zod as devDependency of the package that exports schemas',
    find: packageNamed('@repo/shared', (json) => 'zod' in { ...json.devDependencies }),
  },
  {
    number: 2, form: 'turbo before the install in an image',
    find: inCode(({ lang, text }) => lang === 'dockerfile' && text.split(/^FROM /m).some((stage) => {
      const turbo = stage.search(/\bturbo (?:run|build|prune)\b/)
      const install = stage.search(/\bbun (?:install|ci|add)\b/)
      return turbo >= 0 && (install < 0 || install > turbo)
    })),
  },
  {
    number: 3, form: 'any origin with credentials',
    find: ({ text }) => [...text.matchAll(/\bcors\(\{[\s\S]*?\}\)/g)].filter(([call]) => /credentials: true/.test(call)
      && /origin:[^,\n]*['"]\*['"]|origin: \(?(\w+)\)? => \1\b/.test(call)).map(({ index }) => index),
  },
  {
    number: 4, form: 'trpcServer from @trpc/server',
    find: anywhere(/import \{[^}]*\btrpcServer\b[^}]*\} from ['"]@trpc\/server/),
  },
  { number: 4, form: 'hono/express', find: anywhere(/\bhono\/express\b/) },
  {
    number: 5, form: 'an empty Response after taking over `outgoing`',
    find: either(
      inCode(({ text }) => /\boutgoing\b/.test(text) && /new Response\(null/.test(text)
        && !/RESPONSE_ALREADY_SENT/.test(text)),
      inProse(/\boutgoing\b/, /new Response\(null/),
    ),
  },
  {
    number: 6, form: "Node's server in a guide for Bun",
    find: either(
      inCode(({ text }) => /@hono\/node-server|\bHttpBindings\b/.test(text)),
      ({ prose }) => linesWhere(prose, (line) => /@hono\/node-server|\bHttpBindings\b/.test(line)
        && !/\*\*Verified with\*\*|\bNode\b|\bExpress\b/.test(line)),
    ),
  },
  {
    number: 7, form: 'push without the word disposable',
    find: ({ text }) => linesWhere(text, (line) => /\bdb:push\b|\bdrizzle-kit push\b/.test(line)
      && !/\bdisposable\b|\bdestructive\b/.test(line)),
  },
  { number: 8, form: 'another test runner than `bun test`', find: anywhere(/\bvitest\b|\bjest\b/i) },
  {
    number: 9, form: 'a role outside the dictionary',
    find: ({ text }) => [...text.matchAll(roleLiterals), ...text.matchAll(invented)]
      .filter(([, names]) => names!.match(/[a-z_]+/g)!.some((name) => !roles.includes(name))).map(({ index }) => index),
  },
  {
    number: 9, form: 'a list of the roles that is not complete',
    find: ({ text }) => [...text.matchAll(/[[(][^[\]()]*[\])]/g)].filter(([list]) => {
      const named = new Set(list.match(/(?<=['"`])[a-z_]+(?=['"`])/g)?.filter((name) => roles.includes(name)))
      return named.size >= 4 && named.size < roles.length
    }).map(({ index }) => index),
  },
  {
    number: 9, form: 'another tenant key than mentoradoId',
    find: anywhere(/\b(?:tenant_owner_user_id|tenantOwnerUserId|tenantId|tenant_id)\b/),
  },
  { number: 9, form: 'a mentorado without clinic access', find: anywhere(/no clinic tenant access/i) },
  {
    number: 10, form: 'an interactive transaction on neon-http',
    find: either(
      inCode(({ text }) => /['"]drizzle-orm\/neon-http['"]/.test(text) && /\.transaction\(/.test(text)),
      inProse(/\bneon-http\b/, /\btransaction\(|\binteractive transactions?\b|\bdb\.transaction\b/),
    ),
  },
  { number: 11, form: 'fetchConnectionCache', find: anywhere(/\bfetchConnectionCache\b/) },
  { number: 11, form: 'Promise.all called a batch', find: inProse(/\bPromise\.all\b/, /\bbatch(ed|es)?\b/i) },
  {
    number: 12, form: 'Promise.all for awaits without the rule for writes',
    find: ({ prose }) => (/\bwrites?\b[^\n]*\bPromise\.all|Promise\.all[^\n]*\bwrites?\b/i.test(prose) ? []
      : linesWhere(prose, (line) => /\bsequential\b/i.test(line) && /\bPromise\.all\b/.test(line)
        && !negation.test(line))),
  },
  { number: 12, form: 'maxSteps', find: anywhere(/\bmaxSteps\b/) },
  {
    number: 12, form: 'the name of a model',
    find: anywhere(/\b(?:gpt-\d|claude-(?:\d|opus|sonnet|haiku)|gemini-\d|llama-?\d|o[1-9]-mini)/i),
  },
  { number: 13, form: 'a cast to any', find: anywhere(/\bas any\b|<any>/) },
  {
    number: 14, form: 'a link that leads out of the skill',
    find: ({ document }) => {
      const found: number[] = []
      visit(document.tree, (node) => {
        if (node.type !== 'link' && node.type !== 'definition' && node.type !== 'image') return
        if (/^[a-z]+:|^#/i.test(node.url)) return
        const target = posix.join(posix.dirname(document.path), node.url)
        if (target.startsWith('..') || target.startsWith('/')) found.push(node.position!.start.offset!)
      })
      return found
    },
  },
  {
    number: 14, form: 'a tool or workflow of one client',
    find: anywhere(/\bgrep_search\b|\.agent\/|\bworkflows\/\w+\.md\b/),
  },
  {
    number: 15, form: 'waiting for an in-memory queue before the answer',
    find: either(
      inCode(({ text }) => /\bawait [\w.]*queue[\w.]*\([\s\S]*\b20[024]\b/i.test(text)
        || /from ['"]p-queue['"]/.test(text)),
      inProse(/\bawait [\w.]*queue/i, /\b202\b|\back\b/i),
    ),
  },
  {
    number: 16, form: '@hono/clerk-auth',
    find: either(inCode(({ text }) => text.includes('@hono/clerk-auth')), inProse(/@hono\/clerk-auth/)),
  },
  {
    number: 17, form: 'memory as fallback without version or short life',
    find: ({ prose }) => linesWhere(prose, (line) =>
      /\b(?:memory|Map)\b[^.|]*\bfallback\b|\bfallback\b[^.|]*\b(?:memory|Map)\b/i.test(line)
      && !/version|tombstone|\bTTL\b|≤/i.test(line)),
  },
]

/** Files below `folder` that a fence holds, each under a comment with its path. */
function piecesBelow(text: string, folder: string): string[] {
  return text.split(/^(?=\/\/ [\w.-]+\/)/m).filter((piece) => piece.startsWith(`// ${folder}/`))
}

function importedFrom(text: string, module: string): string[] {
  return [...text.matchAll(/import \{([^}]*)\} from ['"]([^'"]+)['"]/g)]
    .filter(([, , from]) => from === module)
    .flatMap(([, names]) => names!.split(','))
    .map((name) => name.trim().split(/\s+as\s+/).at(-1)!)
    .filter((name) => name !== '')
}

function usesAsTable(text: string, name: string): boolean {
  const methods = 'from|insert|update|delete|leftJoin|innerJoin'
  return new RegExp(`\\.(?:${methods})\\(${name}\\b|references\\(\\(\\) => ${name}\\.`).test(text)
}

function packageNamed(name: string, isWrong: (json: Record<string, any>) => boolean): WrongForm['find'] {
  return inCode(({ lang, text }) => {
    if (lang !== 'json') return false
    try {
      const json = JSON.parse(text)
      return json?.name === name && isWrong(json)
    } catch {
      return false
    }
  })
}

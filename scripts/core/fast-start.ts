import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'esbuild'

const scripts = join(import.meta.dirname, '..')
const root = join(scripts, '..')
const cache = join(root, '.cache/validate')
/** Another run may still be importing an older copy. */
const keptFor = 24 * 60 * 60 * 1_000

/**
 * Where to import a module of `scripts/core` from: a copy bundled into one file with its packages, or the
 * source itself. Loading some 500 small modules takes longer than checking a skill. The copy is keyed by
 * the content of every source and of the lockfile, so that it is never older than what it copies.
 */
export async function fastStart(name: string): Promise<string> {
  const source = pathToFileURL(join(import.meta.dirname, `${name}.ts`)).href
  try {
    const folder = join(cache, keyOfSources())
    if (!existsSync(folder)) await build(folder)
    return pathToFileURL(join(folder, `${name}.js`)).href
  } catch {
    return source
  }
}

/** URL of the module `name` beside the one at `url`, whether that runs as source or bundled. */
export function sibling(name: string, url: string): URL {
  return new URL(`./${name}${url.endsWith('.ts') ? '.ts' : '.js'}`, url)
}

function keyOfSources(): string {
  const hash = createHash('sha256').update(process.version)
  for (const folder of ['core', 'core/reporters', 'validate']) {
    for (const file of readdirSync(join(scripts, folder)).sort()) {
      if (file.endsWith('.ts') && !file.endsWith('.test.ts')) hash.update(file).update(readFileSync(join(scripts, folder, file)))
    }
  }
  return hash.update(readFileSync(join(root, 'package-lock.json'))).digest('hex').slice(0, 16)
}

/**
 * The visitor of unist names a closure after each node for stack traces, which takes half of the time of
 * every walk; the copy leaves the names out and nothing else.
 */
const namelessVisitors: Plugin = {
  name: 'nameless-visitors',
  setup({ onLoad }) {
    onLoad({ filter: /unist-util-visit-parents[\\/]lib[\\/]index\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace("if (typeof value.type === 'string') {", 'if (false) {'),
      loader: 'js',
    }))
  },
}

async function build(folder: string): Promise<void> {
  const { build: bundle } = await import('esbuild')
  mkdirSync(cache, { recursive: true })
  const draft = `${folder}.${process.pid}`
  await bundle({
    entryPoints: ['validate-command', 'worker', 'web-worker'].map((name) => join(scripts, 'core', `${name}.ts`)),
    outdir: draft,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: ['gpt-tokenizer', 'markdown-link-check'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'silent',
    plugins: [namelessVisitors],
  })
  renameSync(draft, folder)
  for (const name of readdirSync(cache)) {
    const old = join(cache, name)
    if (Date.now() - statSync(old).mtimeMs > keptFor) rmSync(old, { recursive: true, force: true })
  }
}

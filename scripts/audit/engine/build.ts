import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { build, type Plugin } from 'esbuild'

const scripts = join(import.meta.dirname, '../..')

/** Puts the WebAssembly of PostgreSQL's parser into the file; it is unpacked only when SQL is parsed. */
const embeddedParser: Plugin = {
  name: 'embedded-parser',
  setup({ onLoad }) {
    onLoad({ filter: /libpg-query[\\/]wasm[\\/]index\.js$/ }, ({ path }) => {
      const wasm = readFileSync(path.replace(/index\.js$/, 'libpg-query.wasm'))
      const packed = brotliCompressSync(wasm, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).toString('base64')
      const source = readFileSync(path, 'utf8')
      const start = `{ instantiateWasm: (imports, done) => {
        WebAssembly.instantiate(unpack(Buffer.from('${packed}', 'base64')), imports).then(({ instance }) => done(instance))
      } }`
      const contents = source.replace('PgQueryModule()', `PgQueryModule(${start})`)
      if (contents === source) throw new Error('libpg-query starts in another way than this build expects; look at its wasm/index.js')
      return { contents: `import { brotliDecompressSync as unpack } from 'node:zlib'\n${contents}`, loader: 'js' }
    })
    onLoad({ filter: /libpg-query[\\/]wasm[\\/]libpg-query\.js$/ }, ({ path }) => ({
      contents: `const __dirname = ''\n${readFileSync(path, 'utf8')}`, loader: 'js',
    }))
  },
}

/** Text of `scripts/audit.mjs`: the audit and its packages in one file that needs Node 20 or Bun and nothing else. */
export async function buildAudit(): Promise<string> {
  const { outputFiles, metafile } = await build({
    metafile: true,
    entryPoints: [join(scripts, 'audit.ts')],
    absWorkingDir: join(scripts, '..'),
    bundle: true, write: false, format: 'esm', platform: 'node', target: 'node20', minify: true, legalComments: 'inline',
    mainFields: ['module', 'main'], conditions: ['module'], external: ['pg-native', 'pg-cloudflare', 'cloudflare:sockets'], logLevel: 'silent',
    banner: { js: "import { createRequire as __makeRequire } from 'node:module'; const require = __makeRequire(import.meta.url);" },
    plugins: [embeddedParser],
  })
  return `// Built from scripts/audit by \`npm run build:audit\`; change it there.\n${licences(Object.keys(metafile.inputs))}\n${outputFiles[0]!.text}`
}

/** One line that names every package in the file with its licence. */
function licences(inputs: string[]): string {
  const names = new Set(inputs.flatMap((input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []))
  const listed = [...names].sort().map((name) => {
    const { version, license } = JSON.parse(readFileSync(join(scripts, '../node_modules', name, 'package.json'), 'utf8'))
    return `${name} ${version} (${license})`
  })
  return `// Contains ${listed.join(', ')}.`
}

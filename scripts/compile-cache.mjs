// Plain JavaScript, imported first: once the cache is on, Node need not load its TypeScript stripper.
import module from 'node:module'

module.enableCompileCache?.()

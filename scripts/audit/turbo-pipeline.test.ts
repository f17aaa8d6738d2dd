import { rule } from './turbo-pipeline.ts'
import { testRule } from './testing.ts'

const pkg = (turbo: string) => JSON.stringify({ name: 'demo', devDependencies: { turbo } })

testRule(rule, [
  ['with turbo 2, comments and all', { 'package.json': pkg('^2.11.11'), 'turbo.json': '{\n  // tasks\n  "pipeline": { "build": {} },\n}' }, ['turbo.json:3:3 error Turborepo 2 refuses "pipeline"; rename it to "tasks"']],
  ['version unknown', { 'package.json': pkg('catalog:'), 'turbo.json': '{"pipeline": {}}' }, ['turbo.json:1:2 warning "pipeline" is the key of Turborepo 1; version 2 wants "tasks"']],
  ['tasks, and turbo 1', { 'package.json': pkg('^1.13.0'), 'turbo.json': '{"pipeline": {}}', 'apps/a/turbo.json': '{"tasks": {}}' }, []],
])

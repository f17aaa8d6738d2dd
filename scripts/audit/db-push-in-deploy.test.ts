import { rule } from './db-push-in-deploy.ts'
import { testRule } from './testing.ts'

testRule(rule, [
  ['scripts that deploy, and force anywhere', { 'package.json': '{\n  "scripts": {\n    "deploy": "bun run db:push && fly deploy",\n    "db:push": "drizzle-kit push --force",\n    "build": "drizzle-kit push && tsc"\n  }\n}' }, [
    'package.json:3:5 error the script "deploy" runs "bun run db:push"; run reviewed migrations instead',
    'package.json:4:5 warning the script "db:push" pushes with --force, which drops data without asking; leave the option out',
    'package.json:5:5 error the script "build" runs "drizzle-kit push"; run reviewed migrations instead',
  ]],
  ['a workflow, an image, a start script', { '.github/workflows/deploy.yml': 'name: Deploy\non: push\njobs:\n  ship:\n    steps:\n      - run: bunx drizzle-kit push\n', Dockerfile: 'FROM oven/bun\nCMD bun run db:push && bun start\n' }, [
    '.github/workflows/deploy.yml:6:14 error "bunx drizzle-kit push" on the way to production; run reviewed migrations instead',
    'Dockerfile:2:5 error "bun run db:push" on the way to production; run reviewed migrations instead',
  ]],
  ['local scripts, tests, comments, migrations', { 'package.json': '{"scripts": {"db:push": "drizzle-kit push", "test:e2e:setup": "drizzle-kit push --force", "deploy": "bun run db:migrate"}}', '.github/workflows/test.yml': 'name: Test\njobs:\n  a:\n    services: { postgres: {} }\n    steps:\n      - run: bun run db:push # main\n', Dockerfile: '# never drizzle-kit push here\nCMD bun start\n' }, []],
])

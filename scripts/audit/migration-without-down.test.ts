import { rule } from './migration-without-down.ts'
import { testRule } from './testing.ts'

testRule(rule, [
  ['one migration', { 'drizzle/0000_first.sql': 'create table a (id int);' },
    ['drizzle/0000_first.sql:0:0 warning this migration has no way back; write down/0000_first.sql and test up, down, up']],
  ['none of several: one finding on the newest', { 'drizzle/0000_a.sql': 'create table a (id int);', 'drizzle/0001_b.sql': 'create table b (id int);' },
    ['drizzle/0001_b.sql:0:0 warning none of the 2 migrations here has a way back; write down/0001_b.sql and test up, down, up, from this newest one on']],
  ['some have one', { 'drizzle/0000_a.sql': 'create table a (id int);', 'drizzle/down/0000_a.sql': 'drop table a;', 'drizzle/0001_b.sql': 'create table b (id int);' },
    ['drizzle/0001_b.sql:0:0 warning this migration has no way back; write down/0001_b.sql and test up, down, up']],
  ['a folder per migration', { 'drizzle/2026_a/migration.sql': 'create table a (id int);', 'drizzle/2026_b/migration.sql': 'create table b (id int);', 'drizzle/2026_b/down.sql': 'drop table b;' },
    ['drizzle/2026_a/migration.sql:0:0 warning this migration has no way back; write 2026_a/down.sql and test up, down, up']],
  ['all have one, under each name', { 'drizzle/0000_a.sql': 'create table a (id int);', 'drizzle/down/0000_a.sql': 'drop table a;', 'migrations/1.up.sql': 'create table b (id int);', 'migrations/1.down.sql': 'drop table b;' }, []],
  ['SQL elsewhere is no migration', { 'reports/monthly.sql': 'select 1;' }, []],
])

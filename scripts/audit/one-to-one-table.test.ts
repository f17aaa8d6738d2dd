import { rule } from './one-to-one-table.ts'
import { testRule } from './testing.ts'

const head = `import { integer, pgTable, text, unique } from 'drizzle-orm/pg-core'\nexport const users = pgTable('users', { id: integer().primaryKey() })\n`
const message = (table: string, key: string) => `"${table}" extends "users" one to one (${key} is unique, nothing references this table); add its columns there`

testRule(rule, [
  ['unique foreign key', { 'db/schema.ts': `${head}export const profiles = pgTable('profiles', { id: integer().primaryKey(), userId: integer().references(() => users.id).unique(), bio: text() })` },
    [`db/schema.ts:3:33 warning ${message('profiles', 'userId')}`]],
  ['the foreign key is the primary key, or under a unique constraint', { 'db/schema.ts': `${head}export const prefs = pgTable('prefs', { userId: integer().primaryKey().references(() => users.id), theme: text() })
export const bios = pgTable('bios', { id: integer().primaryKey(), userId: integer().references(() => users.id), bio: text() }, (t) => [unique().on(t.userId)])` },
    [`db/schema.ts:3:30 warning ${message('prefs', 'userId')}`, `db/schema.ts:4:29 warning ${message('bios', 'userId')}`]],
  ['a subtype that shares the id', { 'db/schema.ts': `${head}export const admins = pgTable('admins', { id: integer().primaryKey().references(() => users.id), level: integer() })` }, []],
  ['an entity that others reference, a link table, many rows per parent', { 'db/schema.ts': `${head}export const clinics = pgTable('clinics', { id: integer().primaryKey(), ownerId: integer().references(() => users.id).unique() })
export const staff = pgTable('staff', { id: integer().primaryKey(), clinicId: integer().references(() => clinics.id) })
export const members = pgTable('members', { userId: integer().references(() => users.id).unique(), clinicId: integer().references(() => clinics.id) })` }, []],
])

import { rule } from './fk-without-index.ts'
import { testRule } from './testing.ts'

const head = "import { bigint, foreignKey, index, integer, pgTable, primaryKey, serial, text, uniqueIndex, uuid, type AnyPgColumn } from 'drizzle-orm/pg-core'\n"
const users = "export const users = pgTable('users', { id: uuid('id').primaryKey(), email: text().notNull() })\n"
const message = (table: string, key: string, column: string) =>
  `"${table}.${key}" references "users" and no index begins with it; add index('${table}_${column}_idx').on(t.${key})`

testRule(rule, [
  ['a declared reference', { 'db/schema.ts': `${head}${users}export const posts = pgTable('posts', {\n  id: uuid().primaryKey(),\n  authorId: uuid('author_id').notNull().references(() => users.id),\n})` },
    [`db/schema.ts:5:3 error ${message('posts', 'authorId', 'author_id')}`]],
  ['an index begins with it: array, object and returned forms', { 'db/schema.ts': `${head}${users}
export const a = pgTable('a', { id: uuid().primaryKey(), userId: uuid().references(() => users.id), at: integer() }, (t) => [index().on(t.userId, t.at.desc())])
export const b = pgTable('b', { id: uuid().primaryKey(), userId: uuid().references(() => users.id) }, (t) => ({ byUser: index('x').on(t.userId) }))
export const c = pgTable('c', { id: uuid().primaryKey(), userId: uuid().references(() => users.id) }, (table) => { return [uniqueIndex('x').using('btree', table.userId.asc())] })
export const d = pgTable('d', { userId: uuid().references(() => users.id), at: integer() }, (t) => [primaryKey({ columns: [t.userId, t.at] })])
export const e = pgTable('e', { id: uuid().primaryKey(), userId: uuid().references(() => users.id).unique() })` }, []],
  ['second place or a partial index does not help', { 'db/schema.ts': `${head}${users}
export const a = pgTable('a', { id: uuid().primaryKey(), at: integer(),\n userId: uuid().references(() => users.id) }, (t) => [index().on(t.at, t.userId), index().on(t.userId).where(sql\`\${t.at} > 0\`)])` },
    [`db/schema.ts:5:2 error ${message('a', 'userId', 'user_id')}`]],
  ['helpers and spreads in other files, and a reference to itself', {
    'db/columns.ts': `import { uuid } from 'drizzle-orm/pg-core'\nimport { users } from './users'\nexport const id = () => uuid().primaryKey()\nexport const owner = (name: string) => uuid(name).references(() => users.id)\nexport const owned = { ownerId: owner('owner_id') }`,
    'db/users.ts': `${head}import { id } from './columns'\nexport const users = pgTable('users', { id: id(), parentId: uuid().references((): AnyPgColumn => users.id) })`,
    'db/things.ts': `${head}import { id, owned } from './columns'\nexport const things = pgTable('things', { id: id(), ...owned })`,
  }, [
    `db/things.ts:3:31 error ${message('things', 'ownerId', 'owner_id')}`,
    `db/users.ts:3:51 error ${message('users', 'parentId', 'parent_id')}`,
  ]],
  ['foreignKey() and column builders as parameter', { 'db/schema.ts': `${head}${users}
export const a = pgTable('a', (t) => ({ id: t.uuid().primaryKey(), userId: t.uuid() }), (t) => [foreignKey({ columns: [t.userId], foreignColumns: [users.id] })])` },
    [`db/schema.ts:4:68 error ${message('a', 'userId', 'user_id')}`]],
  ['shaped like a reference', { 'db/schema.ts': `${head}
export const students = pgTable('students', { id: serial().primaryKey() })
export const leads = pgTable('leads', {\n  id: serial().primaryKey(),\n  studentId: integer(),\n  referredById: integer('referred_by_id'),\n  stripeId: text(),\n  externalStudentId: text() })` }, [
    `db/schema.ts:6:3 warning "leads.studentId" looks like a reference to "students" without references() or an index; declare it, and add index('leads_student_id_idx').on(t.studentId)`,
    `db/schema.ts:7:3 info "leads.referredById" looks like a reference to a person, without references() or an index; if it is one, declare it, and add index('leads_referred_by_id_idx').on(t.referredById)`,
  ]],
  ['a table of another package is another database', { 'a/package.json': '{"name": "a"}', 'b/package.json': '{"name": "b"}', 'a/schema.ts': `${head}export const tasks = pgTable('tasks', { id: uuid().primaryKey() })`, 'b/schema.ts': `${head}export const runs = pgTable('runs', { id: uuid().primaryKey(), taskId: uuid() })` }, []],
  ['indexed by a migration', {
    'db/schema.ts': `${head}${users}export const posts = pgTable('posts', { id: uuid().primaryKey(), authorId: uuid().references(() => users.id) })`,
    'drizzle/0001_index.sql': 'CREATE INDEX CONCURRENTLY posts_author ON posts (author_id);',
  }, []],
  ['a dropped index no longer counts', {
    'db/schema.ts': `${head}${users}export const posts = pgTable('posts', { id: uuid().primaryKey(), authorId: uuid().references(() => users.id) })`,
    'drizzle/0001_index.sql': 'CREATE INDEX posts_author ON posts (author_id);\nDROP INDEX posts_author;',
  }, [`db/schema.ts:3:66 error ${message('posts', 'authorId', 'author_id')}`]],
  ['extra configuration of an unknown form stays quiet', { 'db/schema.ts': `${head}${users}export const posts = pgTable('posts', { id: uuid().primaryKey(), authorId: uuid().references(() => users.id) }, indexesOf)` }, []],
  ['MySQL indexes foreign keys itself', { 'db/schema.ts': `import { int, mysqlTable } from 'drizzle-orm/mysql-core'\nexport const a = mysqlTable('a', { id: int().primaryKey() })\nexport const b = mysqlTable('b', { id: int().primaryKey(), aId: int().references(() => a.id) })` }, []],
])

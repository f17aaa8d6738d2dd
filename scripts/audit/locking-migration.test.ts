import { rule } from './locking-migration.ts'
import { testRule } from './testing.ts'

testRule(rule, [
  ['forms that block', { 'drizzle/0001_x.sql': `ALTER TABLE leads ADD COLUMN ref uuid DEFAULT gen_random_uuid();--> statement-breakpoint
ALTER TABLE leads ADD COLUMN name text NOT NULL;--> statement-breakpoint
CREATE INDEX leads_name ON leads (name);
ALTER TABLE "leads" ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES users (id);
ALTER TABLE leads ALTER COLUMN a SET NOT NULL, ALTER COLUMN b SET DATA TYPE bigint;
ALTER TABLE leads RENAME COLUMN a TO b;
ALTER TABLE leads DROP COLUMN a;
DROP TABLE old_leads;
ALTER TABLE leads ADD CONSTRAINT u UNIQUE (a);
ALTER TABLE leads ADD CONSTRAINT c CHECK (a > 0);` }, [
    `drizzle/0001_x.sql:1:1 warning a volatile default for "ref" rewrites "leads"; add the column, then set the default, then backfill (squawk: adding-field-with-default)`,
    `drizzle/0001_x.sql:2:1 warning "name" not null without a default fails on rows that exist; add it nullable, backfill, then constrain (squawk: adding-required-field)`,
    `drizzle/0001_x.sql:3:1 warning creating an index blocks writes to "leads"; create it concurrently, in a file of its own outside of a transaction (squawk: require-concurrent-index-creation)`,
    `drizzle/0001_x.sql:4:1 warning this foreign key locks and scans "leads" and its parent; add it not valid, validate it in a later statement (squawk: adding-foreign-key-constraint)`,
    `drizzle/0001_x.sql:5:1 warning set not null scans "leads" under the strongest lock; add check (a is not null) not valid, validate it, then set it (squawk: adding-not-nullable-field)`,
    `drizzle/0001_x.sql:5:1 warning changing the type of "b" may rewrite "leads" under the strongest lock; add a column, copy, switch (squawk: changing-column-type)`,
    `drizzle/0001_x.sql:6:1 warning renaming the column "a" breaks the running code; add, copy, switch, drop (squawk: renaming-column)`,
    `drizzle/0001_x.sql:7:1 warning dropping "a" breaks the code that still selects it; contract in a later deploy (squawk: ban-drop-column)`,
    `drizzle/0001_x.sql:8:1 warning dropping "old_leads" breaks what still reads it and cannot be undone; contract in a later deploy, after a backup (squawk: ban-drop-table)`,
    `drizzle/0001_x.sql:9:1 warning this unique constraint builds its index while "leads" is locked; create the unique index concurrently, then add it using index (squawk: disallowed-unique-constraint)`,
    `drizzle/0001_x.sql:10:1 warning this check scans "leads" under the strongest lock; add it not valid, validate it afterwards (squawk: constraint-missing-not-valid)`,
  ]],
  ['accepted in the words of squawk, or built by hand before', { 'drizzle/0001_x.sql': '-- small\n-- squawk-ignore require-concurrent-index-creation\nCREATE INDEX a_b ON a (b);\nCREATE INDEX IF NOT EXISTS a_c ON a (c);' }, []],
  ['what ran long ago is not told', Object.fromEntries([['drizzle/0001_old.sql', 'ALTER TABLE a DROP COLUMN b;'], ...[2, 3, 4, 5, 6].map((n) => [`drizzle/000${n}_x.sql`, 'ALTER TABLE a ADD COLUMN c text;'])]), []],
  ['new tables, forms that do not block, the way back', {
    'drizzle/0000_a.sql': 'CREATE TABLE a (id int primary key, b int);\nCREATE INDEX a_b ON a (b);\nALTER TABLE a ADD CONSTRAINT fk FOREIGN KEY (b) REFERENCES a (id);',
    'drizzle/0001_b.sql': "ALTER TABLE a ADD COLUMN c text;\nALTER TABLE a ADD COLUMN d int DEFAULT 0 NOT NULL;\nCREATE INDEX CONCURRENTLY a_c ON a (c);\nALTER TABLE a ADD CONSTRAINT k CHECK (d > 0) NOT VALID;\nALTER TABLE a VALIDATE CONSTRAINT k;\nALTER TABLE a ADD CONSTRAINT u UNIQUE USING INDEX a_u;",
    'drizzle/down/0001_b.sql': 'ALTER TABLE a DROP COLUMN c;',
  }, []],
])

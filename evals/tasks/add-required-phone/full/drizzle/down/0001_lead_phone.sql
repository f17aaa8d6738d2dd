-- Deploy the code without phones first. Phones entered since are lost: copy (id, phone) away before.
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE "leads" DROP COLUMN "phone";
DELETE FROM drizzle.__drizzle_migrations WHERE created_at = 1795538582101;
COMMIT;

-- Deploy the code without settings first. What customers chose is lost: keep a copy of the three columns.
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE "mentorados" DROP COLUMN "timezone", DROP COLUMN "digest_hour", DROP COLUMN "email_enabled";
DELETE FROM drizzle.__drizzle_migrations WHERE created_at = 1795538281782;
COMMIT;

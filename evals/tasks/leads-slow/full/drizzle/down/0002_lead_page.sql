-- By psql on the direct URL, without a transaction.
DROP INDEX CONCURRENTLY IF EXISTS "contacts_lead_id_created_at_idx";
DROP INDEX CONCURRENTLY IF EXISTS "imports_mentorado_id_idx";
DROP INDEX CONCURRENTLY IF EXISTS "leads_mentorado_id_created_at_id_idx";
DROP INDEX CONCURRENTLY IF EXISTS "leads_import_id_idx";
DELETE FROM drizzle.__drizzle_migrations WHERE created_at = 1795539176175;

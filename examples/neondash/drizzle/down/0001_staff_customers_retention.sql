DROP INDEX "integration_events_retained_idx";
ALTER TABLE "mentorados" DROP COLUMN "stripe_customer_id";
ALTER TABLE "users" DROP COLUMN "clinic_id";
DELETE FROM "drizzle"."__drizzle_migrations" WHERE "created_at" = 1795538242540;

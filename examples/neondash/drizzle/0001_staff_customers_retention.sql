ALTER TABLE "mentorados" ADD COLUMN "stripe_customer_id" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "clinic_id" bigint;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_clinic_id_mentorados_id_fk" FOREIGN KEY ("clinic_id") REFERENCES "public"."mentorados"("id") ON DELETE no action ON UPDATE no action NOT VALID;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_clinic_check" CHECK ("users"."clinic_id" is null or "users"."role" = 'clinica_staff') NOT VALID;--> statement-breakpoint
-- Where this table is large, build the index CONCURRENTLY by hand before the deploy; then nothing is left to do here.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX IF NOT EXISTS "integration_events_retained_idx" ON "integration_events" USING btree ("processed_at") WHERE "integration_events"."status" = 'done' and "integration_events"."payload" <> 'null';--> statement-breakpoint
-- Tables of people, one row each: these two are built in a moment.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX "mentorados_stripe_customer_id_key" ON "mentorados" USING btree ("stripe_customer_id");--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "users_clinic_id_idx" ON "users" USING btree ("clinic_id");

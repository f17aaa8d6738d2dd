ALTER TABLE "users"
	DROP CONSTRAINT "users_clinic_id_mentorados_id_fk",
	DROP CONSTRAINT "users_clinic_check",
	ADD CONSTRAINT "users_clinic_id_mentorados_id_fk" FOREIGN KEY ("clinic_id") REFERENCES "mentorados"("id") NOT VALID,
	ADD CONSTRAINT "users_clinic_check" CHECK ("clinic_id" is null or "role" = 'clinica_staff') NOT VALID;
DELETE FROM "drizzle"."__drizzle_migrations" WHERE "created_at" = 1795538257407;

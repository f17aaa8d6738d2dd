-- A deploy after 0001: in one transaction with it, the scan would run under the lock that 0001 takes.
ALTER TABLE "users" VALIDATE CONSTRAINT "users_clinic_id_mentorados_id_fk";--> statement-breakpoint
ALTER TABLE "users" VALIDATE CONSTRAINT "users_clinic_check";

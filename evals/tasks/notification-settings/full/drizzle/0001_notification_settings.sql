SET LOCAL lock_timeout = '2s';--> statement-breakpoint
ALTER TABLE "mentorados" ADD COLUMN "email_enabled" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "mentorados" ADD COLUMN "digest_hour" smallint DEFAULT 8 NOT NULL;--> statement-breakpoint
ALTER TABLE "mentorados" ADD COLUMN "timezone" text DEFAULT 'America/Sao_Paulo' NOT NULL;--> statement-breakpoint
ALTER TABLE "mentorados" ADD CONSTRAINT "mentorados_digest_hour_check" CHECK ("mentorados"."digest_hour" between 0 and 23);
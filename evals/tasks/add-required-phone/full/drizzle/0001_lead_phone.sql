SET LOCAL lock_timeout = '2s';--> statement-breakpoint
ALTER TABLE "leads" ADD COLUMN "phone" text;
CREATE TABLE "notification_settings" (
	"id" serial PRIMARY KEY NOT NULL,
	"mentorado_id" integer NOT NULL,
	"email_enabled" boolean DEFAULT true NOT NULL,
	"digest_hour" integer DEFAULT 8 NOT NULL,
	"timezone" text DEFAULT 'America/Sao_Paulo' NOT NULL,
	CONSTRAINT "notification_settings_mentorado_id_unique" UNIQUE("mentorado_id")
);
--> statement-breakpoint
ALTER TABLE "notification_settings" ADD CONSTRAINT "notification_settings_mentorado_id_mentorados_id_fk" FOREIGN KEY ("mentorado_id") REFERENCES "public"."mentorados"("id") ON DELETE no action ON UPDATE no action;
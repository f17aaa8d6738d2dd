SET LOCAL lock_timeout = '2s';--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "contacts_lead_id_created_at_idx" ON "contacts" USING btree ("lead_id","created_at");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "imports_mentorado_id_idx" ON "imports" USING btree ("mentorado_id");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "leads_mentorado_id_created_at_id_idx" ON "leads" USING btree ("mentorado_id","created_at","id");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "leads_import_id_idx" ON "leads" USING btree ("import_id");
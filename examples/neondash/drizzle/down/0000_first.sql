DROP TABLE
	"audit_log",
	"impersonation_grants",
	"idempotency_keys",
	"job_runs",
	"outbox",
	"integration_events",
	"payments",
	"leads",
	"sessions",
	"mentorados",
	"mentors",
	"users";
DROP TYPE "user_role";
DELETE FROM "drizzle"."__drizzle_migrations" WHERE "created_at" = 1795527911716;

-- Deploy the code that does not know the keys first; a retry after this may create a second lead.
DROP TABLE "idempotency_keys";

-- Refuses while messages are unsent: they would be lost.
DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM "outbox" WHERE "status" = 'pending') THEN
    RAISE EXCEPTION 'outbox holds unsent messages';
  END IF;
END $$;
DROP TABLE "outbox";

-- Refuses while events are unprocessed: they would be lost.
DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM "webhook_events" WHERE "status" = 'pending') THEN
    RAISE EXCEPTION 'webhook_events holds unprocessed events';
  END IF;
END $$;
DROP TABLE "webhook_events";
ALTER TABLE "payments" DROP COLUMN "event_at";

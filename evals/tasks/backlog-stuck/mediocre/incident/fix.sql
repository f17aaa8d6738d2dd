update webhook_events set status = 'dead', last_error = 'no mentoradoId in metadata' where id = 'evt_kAZ1DZP9kaz1pZKh';
update webhook_events set status = 'pending', leased_by = null, leased_until = null where status = 'processing';

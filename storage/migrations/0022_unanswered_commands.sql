-- A late answer names the message that it answers: the few commands without an answer are found by it.
create index commands_unanswered on commands (station_id, message_id) where status in ('sent', 'timeout', 'lost');

-- Until when all that came is counted: what did not come by then was not sent.
alter table quality_watchers drop column caught_up;
alter table quality_watchers add column heard_at timestamptz;

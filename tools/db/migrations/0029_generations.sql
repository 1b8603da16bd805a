-- A page of generations is newest first; ids tell apart those of one moment.
drop index if exists generations_created_at_idx;
create index generations_newest on generations (created_at desc, id desc);

-- What has to be drafted still: few at any time, and asked for by every worker that starts.
create index generations_open on generations (updated_at) where status in ('queued', 'drafting');

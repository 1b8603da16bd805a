-- name: create_table
-- Remembers which migration was applied with which text.
create table if not exists schema_migrations (
    name text primary key,
    checksum text not null,
    applied_at timestamptz not null default now()
);

-- name: applied
-- All applied migrations with the checksum of their text.
select name, checksum from schema_migrations order by name;

-- name: job_queue_exists
-- Whether procrastinate's tables are there already.
select to_regclass('procrastinate_jobs') is not null;

-- name: record
-- Remembers one applied migration.
insert into schema_migrations (name, checksum) values (%s, %s);

-- name: tables
-- Of whoever: a schema registry may keep its schemas in the same database.
select count(*) from pg_tables where schemaname not in ('pg_catalog', 'information_schema');

-- name: connections
-- Others' to a database by its name; Postgres itself ends what vacuums a database that is renamed.
select count(*) from pg_stat_activity
where datname = %(name)s and pid <> pg_backend_pid() and backend_type <> 'autovacuum worker';

-- name: rows
select 'sources', count(*) from sources
union all select 'products', count(*) from products
union all select 'approvals', count(*) from approvals
union all select 'alerts', count(*) from alerts
union all select 'quality_windows', count(*) from quality_windows
union all select 'audit_log', count(*) from audit_log;

-- A value is to be unique on its topic, and whoever counts one partition reads what was had first on
-- the others; so nothing is forgotten before the others had time to read it.
alter table quality_memory add column written_at timestamptz not null default now();
create index on quality_memory (cluster, topic, rule, id);

-- Bridges that the server runs by itself. Each is run by one process at a time, which says so
-- every few seconds; what it carried is kept by Kafka, here is what it told last.
create table bridges (
    consolidation_id text primary key references consolidations (id),
    wanted boolean not null,
    asked_by text not null,
    asked_at timestamptz not null default now(),
    runner text,                    -- the process that runs it
    held_until timestamptz,         -- after this another process may run it
    progress jsonb not null default '{}',   -- tools.bridge.job.BridgeProgress, since its start
    told_at timestamptz,
    error text                      -- why it does not run
);

-- When the offsets last moved, as far as scans can tell: never before the first of them.
alter table sources add column moved_at timestamptz not null default now();

create table recommendations (
    id bigint generated always as identity primary key,
    cluster text not null,
    subject text not null,          -- kind and sources: the same advice, whatever its figures
    kind text not null,
    status text not null check (status in ('open', 'accepted', 'dismissed', 'done')),
    sources text[] not null,
    proposal jsonb not null,        -- core.recommendations.recommendation.Proposal
    gist text[] not null,           -- the facts, coarsely: what must change for it to come back
    opened_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    decided_by text,
    decided_at timestamptz,
    reason text,
    reopened int not null default 0,
    unique (cluster, subject)
);
create index on recommendations using gin (sources);
create index on recommendations (cluster, status, id);

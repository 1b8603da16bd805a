-- What is wrong with sources. `document` is the whole alert; the columns are what is asked by.
create table alerts (
    id bigint generated always as identity primary key,
    cluster text not null,
    source text not null,
    cause text not null,            -- core.alerts.life.cause_of: one beginning opens it once
    status text not null check (status in ('open', 'acknowledged', 'resolved', 'reopened')),
    severity text not null,
    team text,
    held boolean not null,          -- all of its findings hold
    resolved_at timestamptz,
    document jsonb not null,        -- core.alerts.alert.Alert
    unique (cluster, source, cause)
);
create index on alerts (cluster, id);
create index on alerts (cluster, source, id);
create index on alerts (cluster, source) where status <> 'resolved';

-- Every transition, append only.
create table alert_events (
    id bigint generated always as identity primary key,
    alert_id bigint not null references alerts (id),
    number int not null,            -- within the alert, from 1
    uid uuid not null unique,       -- the same wherever it is told
    kind text not null,
    at timestamptz not null,
    by text,                        -- null: by itself
    said text not null,
    told boolean not null,          -- whether channels hear of it
    data jsonb not null,            -- core.alerts.data.AlertData: the alert as it stood then
    unique (alert_id, number)
);

-- Which of them are on the topic of alerts.
create table alert_outbox (
    event_id bigint primary key references alert_events (id),
    cluster text not null,
    source text not null,
    queued_at timestamptz not null default now(),
    published_at timestamptz
);
create index on alert_outbox (cluster, source, event_id) where published_at is null;

-- One outbox for every kind of message to a channel.
alter table notice_deliveries rename to deliveries;
alter table deliveries
    alter notice_id drop not null,
    add alert_event_id bigint references alert_events (id),
    add alert_id bigint references alerts (id),
    add check (num_nonnulls(notice_id, alert_event_id) = 1),
    add check ((alert_id is null) = (alert_event_id is null)),
    add unique (alert_event_id, channel);
create index on deliveries (alert_id, channel, id) where status = 'queued';

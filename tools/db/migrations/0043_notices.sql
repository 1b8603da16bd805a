-- What teams are told, each fact once, and the outbox that brings it to their channels.
create table notices (
    id bigint generated always as identity primary key,
    cluster text not null,
    fact text not null,             -- what it is about: said once, however often it is found
    team text not null,
    recommendation_id bigint not null references recommendations (id),
    text jsonb not null,            -- core.notices.notice.NoticeText
    created_at timestamptz not null default now(),
    answer text check (answer in ('switch', 'promote', 'explain')),
    answered_by text,
    answered_at timestamptz,
    comment text,
    unique (cluster, fact)
);
create index on notices (cluster, id);

create table notice_deliveries (
    id bigint generated always as identity primary key,
    notice_id bigint not null references notices (id),
    channel text not null,          -- tools.notifications.channel: its key, which is no secret
    status text not null default 'queued' check (status in ('queued', 'sent', 'failed')),
    attempts int not null default 0,
    next_at timestamptz not null default now(),
    sent_at timestamptz,
    error text,
    unique (notice_id, channel)
);
create index on notice_deliveries (next_at) where status = 'queued';
create index on notice_deliveries (channel, sent_at);

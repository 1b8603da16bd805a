-- What is used, by day. The counts are sums of differences of offsets: `usage_marks` is where the
-- next difference begins, and is moved in the transaction that adds it up, so nothing counts twice.
create table usage_marks (
    cluster text not null,
    topic text not null,
    reader text not null,           -- a consumer group; empty: what was written
    offsets jsonb not null,         -- partition -> next offset
    at timestamptz not null,
    primary key (cluster, topic, reader)
);

create table usage_daily (
    cluster text not null,
    topic text not null,
    day date not null,              -- in UTC, of the look that saw it
    reader text not null,           -- as above
    team text,                      -- of the group, by the naming rules of that day
    messages bigint not null,
    seconds double precision not null,  -- between the looks that the messages were counted by
    lag_first bigint,
    lag_last bigint,
    lag_most bigint,
    first_at timestamptz not null,
    last_at timestamptz not null,
    moved_at timestamptz,           -- when it was last seen to have moved
    primary key (cluster, topic, day, reader)
);
create index on usage_daily (cluster, day);
create index on usage_daily (cluster, team, day) where team is not null;

-- How often sources and products were looked up. `principal` is a kind of one and no person.
create table usage_views (
    cluster text not null,
    day date not null,
    kind text not null check (kind in ('source', 'product')),
    name text not null,
    via text not null check (via in ('api', 'console')),
    principal text not null,
    views bigint not null,
    primary key (cluster, kind, name, day, via, principal)
);
create index on usage_views (day);

-- Texts of searches, normalised; the empty one stands for those beyond the number kept of a day.
create table usage_searches (
    cluster text not null,
    day date not null,
    query text not null,
    searches bigint not null,
    nothing_found bigint not null,
    primary key (cluster, day, query)
);

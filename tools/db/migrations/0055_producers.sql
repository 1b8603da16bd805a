-- Applications that (nearly) all sampled messages of a topic name in a header as their producer.
create table topic_producers (
    cluster text not null,
    topic text not null,
    producer text not null,
    team text,
    header text not null,
    first_seen timestamptz not null default now(),
    last_seen timestamptz not null default now(),
    primary key (cluster, topic, producer)
);
create index on topic_producers (cluster, producer);

-- A POST that was sent twice under one Idempotency-Key gives the first one's result again.
create table idempotency_keys (
    operation text not null,
    key text not null,
    result text not null,
    created_at timestamptz not null default now(),
    primary key (operation, key)
);

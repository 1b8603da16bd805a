-- API keys: who a program acts as. A secret is known by its hash alone.
create table api_keys (
    id text primary key,
    name text not null,
    principal text not null,        -- an entity reference
    roles text[] not null,
    teams text[] not null default '{}',
    made_by text not null,
    made_at timestamptz not null default now(),
    expires_at timestamptz not null,
    rotated_at timestamptz,
    revoked_at timestamptz,
    revoked_by text,
    last_used_at timestamptz        -- exact to a minute
);
create index on api_keys (principal, made_at desc);

-- The secret in force (until is null) and, after a rotation, those before it until their time.
create table api_key_secrets (
    hash bytea primary key,
    key_id text not null references api_keys on delete cascade,
    made_at timestamptz not null default now(),
    until timestamptz
);
create index on api_key_secrets (key_id);

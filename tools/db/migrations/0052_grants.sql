-- Access to products for a while: one grant for each approved plan of kind `access`.
create table grants (
    id text primary key,
    number bigint generated always as identity unique,  -- the order of lists
    approval_id text not null unique references approvals (id),
    cluster text not null,
    product_id text not null,
    team text not null,
    principal text not null,        -- what Kafka calls the team
    plan jsonb not null,            -- core.grant.GrantPlan
    until timestamptz not null,
    status text not null check (
        status in ('giving', 'active', 'ending', 'expired', 'revoked', 'undone')),
    requested_by text not null,
    approved_by text not null,
    own jsonb not null,             -- permissions to take back: core.grant.Permission
    found jsonb not null,           -- permissions that were there before, and are left alone
    kept jsonb not null default '[]',   -- what stayed at its end, with why: core.grant_life.Kept
    created_at timestamptz not null default now(),
    granted_at timestamptz,
    ending_as text check (ending_as in ('expired', 'revoked')),
    ended_at timestamptz,
    ended_by text,
    reason text not null default '',
    error text                      -- why its end is not done yet
);
create index on grants (product_id, number);
create index on grants (cluster, principal) where ended_at is null;
create index on grants (until) where status in ('active', 'ending');

-- Requests are approvals of their kind; lists ask for those of a product.
create index on approvals ((plan -> 'product' ->> 'id'), created_at) where kind = 'access';

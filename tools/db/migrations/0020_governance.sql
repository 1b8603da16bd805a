-- Every version of a product, whole, with how it differs from the one before in readable lines.
alter table products
    add column documentation text not null default '',
    add column deleted_at timestamptz,
    add column deleted_reason text,
    add column deleted_by text,
    add column etag bigint not null default 1;     -- counts every write: ETag and If-Match

create table product_versions (
    product_id text not null references products on delete cascade,
    version text not null,
    content jsonb not null,         -- core.product.DataProduct
    contract jsonb,                 -- the ODCS document of that version, whole
    diff jsonb not null default '[]',
    created_by text not null,
    created_at timestamptz not null default now(),
    primary key (product_id, version)
);

-- The contract in force: an ODCS document, kept whole so that it goes out as it came in.
create table product_contracts (
    product_id text primary key references products on delete cascade,
    document jsonb not null,
    updated_at timestamptz not null default now()
);

create table quality_rules (
    cluster text not null,
    topic text not null,
    rule_id text not null,
    product_id text references products on delete cascade,
    rule jsonb not null,            -- core.quality.rule.QualityRule
    active boolean not null default true,
    since timestamptz not null default now(),
    primary key (cluster, topic, rule_id)
);

create table generations (
    id text primary key,
    request jsonb not null,
    requested_by text not null,
    status text not null,
    stage text not null default '',
    approval_id text,
    product_id text,
    summary text not null default '',
    error text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index on generations (created_at);

-- A plan that waits for a person. Claimed by `update ... where verdict is null returning`.
create table approvals (
    id text primary key,
    thread_id text not null unique, -- the graph thread that waits; one approval each
    kind text not null,
    status text not null,
    plan jsonb not null,            -- the plan in force
    plan_hash text not null,
    original jsonb,                 -- the plan as drafted, where a modification replaced it
    requested_by text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    verdict text,
    decided_by text,
    decided_via text,
    decided_at timestamptz,
    comment text not null default '',
    finished_at timestamptz,
    error text
);
create index on approvals (status, created_at);

create table provisioning_steps (
    approval_id text not null references approvals on delete cascade,
    place int not null,
    name text not null,
    status text not null,
    result jsonb not null default '{}',
    detail text,
    attempts int not null default 0,
    started_at timestamptz,
    finished_at timestamptz,
    primary key (approval_id, name)
);

-- Links by which tools outside decide: each is good once, and until it expires.
create table approval_callbacks (
    nonce text primary key,
    approval_id text not null references approvals on delete cascade,
    expires_at timestamptz not null,
    used_at timestamptz
);

-- Who did what: append only.
create table audit_log (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    actor text not null,
    action text not null,           -- product.update, approval.decide ...
    target text not null,
    before jsonb,
    after jsonb,
    request_id text
);
create index on audit_log (target, id);

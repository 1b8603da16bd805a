-- What the decider could see: what carrying out the plan would have changed then.
alter table approvals add column impact jsonb;

-- A link is for one plan and, where `decider` names someone, for one person.
alter table approval_callbacks
    add column plan_hash text not null,
    add column made_by text not null,
    add column decider text,
    add column created_at timestamptz not null default now();

-- Secrets that nobody configured, made once.
create table own_secrets (
    name text primary key,
    value bytea not null,
    created_at timestamptz not null default now()
);

-- What is being made now, and by which approved plan: of two plans for one name, one is carried
-- out. Gone when the plan has ended; from then on the thing itself is there, or it is not.
create table provisioning_claims (
    thing text primary key,             -- topic:<cluster>/<name>, subject:<name>, product:<id>
    approval_id text not null references approvals on delete cascade
);
create index on provisioning_claims (approval_id);

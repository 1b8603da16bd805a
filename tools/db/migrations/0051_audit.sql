-- The audit log takes entries and gives none back: not even this program can change one.
create function refuse_audit_change() returns trigger language plpgsql as $$
begin
    raise exception 'audit_log is append only: % is refused', lower(tg_op)
        using errcode = 'insufficient_privilege';
end
$$;

create trigger audit_log_append_only
before update or delete or truncate on audit_log
for each statement execute function refuse_audit_change();

create index on audit_log (actor, id);
create index on audit_log (action text_pattern_ops, id);
create index on audit_log (request_id, id) where request_id is not null;
create index on audit_log (at);

-- Owners hear of requests for access by the same outbox.
alter table deliveries
    add approval_id text references approvals (id),
    drop constraint deliveries_check,
    add constraint deliveries_about check (
        num_nonnulls(notice_id, alert_event_id, approval_id) = 1),
    add unique (approval_id, channel);

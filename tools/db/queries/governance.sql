-- name: approvals
select case when status = 'pending' and expires_at <= now() then 'expired' else status end
    as status, count(*)::int as count
from approvals
group by 1;

-- name: generations
select status, count(*)::int as count from generations group by status;

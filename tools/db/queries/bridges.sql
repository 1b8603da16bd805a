-- name: want
insert into bridges (consolidation_id, wanted, asked_by) values (%(id)s, %(wanted)s, %(by)s)
on conflict (consolidation_id) do update set
    wanted = excluded.wanted, asked_by = excluded.asked_by, asked_at = now(),
    error = case when bridges.wanted = excluded.wanted then bridges.error end
returning *;

-- name: get
select * from bridges where consolidation_id = %(id)s;

-- name: hold
-- Bridges that this process runs, or that nobody runs (any more).
update bridges set runner = %(runner)s, held_until = now() + %(lease)s
where wanted and (runner = %(runner)s or held_until is null or held_until < now())
returning consolidation_id;

-- name: let_go
update bridges set runner = null, held_until = null
where consolidation_id = %(id)s and runner = %(runner)s;

-- name: told
update bridges set progress = %(progress)s, told_at = now(), error = null
where consolidation_id = %(id)s and runner = %(runner)s;

-- name: failed
update bridges set error = %(error)s where consolidation_id = %(id)s and runner = %(runner)s;

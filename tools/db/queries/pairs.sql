-- name: of_source
-- Pairs of one source with sources that are there.
select p.*, l.name as left, r.name as right
from source_pairs p
join sources l on l.id = p.left_id
join sources r on r.id = p.right_id
where %(id)s in (p.left_id, p.right_id) and l.status = 'present' and r.status = 'present'
order by p.similarity desc, l.name, r.name;

-- name: listed
select p.*, l.name as left, r.name as right
from source_pairs p
join sources l on l.id = p.left_id
join sources r on r.id = p.right_id
where l.cluster = %(cluster)s and l.status = 'present' and r.status = 'present'
    and p.relation = any(%(relations)s)
order by p.similarity desc, l.name, r.name;

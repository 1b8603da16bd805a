-- The score of the last 24 hours of each source that was counted, as it was added up last: adding
-- it up goes through all windows of a day, which no request may wait for.
create table source_scores (
    cluster text not null,
    topic text not null,
    records bigint not null,
    bad bigint not null,
    score double precision generated always as (  -- core.quality.summary.share_good
        case when records > 0 then 1 - bad::double precision / records end
    ) stored,
    primary key (cluster, topic)
);

-- The main counts, once a day: of today as measured last, of earlier days as they ended. A day on
-- which nobody measured has no row.
create table dashboard_days (
    cluster text not null,
    day date not null,              -- UTC
    measured_at timestamptz not null,
    sources int not null,
    managed int not null,
    discovered int not null,
    candidates int not null,
    needs_governance int not null,
    recommendations int not null,
    errors int not null,
    warnings int not null,
    below_floor int not null,
    scored int not null,            -- sources that the average is over
    average_score double precision,
    waiting_approvals int not null,
    primary key (cluster, day)
);

create index on sources (cluster, status, kind, name);
create index on recommendations (cluster, status, kind);
create index on alerts (cluster, severity) where status <> 'resolved';

-- What open recommendations are about: said once, for counts and for lists.
create view recommended_sources as
select cluster, kind, unnest(sources) as name from recommendations where status = 'open';

-- Consolidations that are under way: their plan waits or is carried out, or their bridge is to run.
create view open_consolidations as
select c.id, c.cluster
from consolidations c
left join approvals a on a.id = c.approval_id
left join bridges b on b.consolidation_id = c.id
where a.status in ('approved', 'provisioning') or (a.status = 'pending' and a.expires_at > now())
    or b.wanted;

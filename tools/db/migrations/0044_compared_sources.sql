-- A mark of its own: as a column of the features it would have every change of it enter their
-- vectors into two indexes anew.
create table compared_sources (
    source_id bigint primary key references source_features on delete cascade
);
insert into compared_sources select source_id from source_features where compared;
alter table source_features drop column compared;

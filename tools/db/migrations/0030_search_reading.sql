-- Which version of the reader made a document's terms; the next refresh reads older ones again.
alter table search_documents add column reading int not null default 1;

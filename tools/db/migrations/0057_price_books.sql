-- Every price book that was ever in force: a version means the same prices wherever it is named.
create table price_books (
    name text not null,
    version text not null,
    digest text not null,           -- core.cost.price_book.PriceBook.digest
    content jsonb not null,
    since timestamptz not null default now(),
    primary key (name, version)
);

-- The source of library.db, a file that SQLite itself wrote:
--   cargo run -- sqlite:///tests/data/library.db < tests/data/library.sql
create table genre (id integer primary key, name text not null unique);
create table book (
    id integer primary key,
    title varchar(80) not null,
    genre_id integer not null references genre (id),
    pages integer check (pages > 0),
    price numeric(6, 2),
    cover blob
);
create index book_genre on book (genre_id);
create view long_book as select title, pages from book where pages >= 400;
insert into genre values (1, 'Novel'), (2, 'Poetry'), (3, 'Science');
insert into book values
    (1, 'Middlemarch', 1, 880, 12.5, x'89504e47'),
    (2, 'Moby-Dick', 1, 635, 9.99, null),
    (3, 'Leaves of Grass', 2, 145, 7.25, null),
    (4, 'On the Origin of Species', 3, 502, 11, x''),
    (5, 'Sonette an Orpheus – Rilke', 2, null, 6.4, null);

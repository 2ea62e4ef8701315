-- Times are microseconds UTC, 0 for none. {key} is text compared byte by byte,
-- {clustered} keeps a table's rows in its primary key where the database can.

create table counters (
	name  {key} primary key,
	value bigint not null
);

-- changes: the change sequence. papers: how many there are.
insert into counters (name, value) values ('changes', 0), ('papers', 0);

create table papers (
	id           {key} primary key,
	seq          bigint not null,           -- of the last change
	published    bigint not null,
	precision    bigint not null,           -- 1 month, 2 day, 3 time
	organization {key} not null default '',
	votes        bigint not null default 0,
	comments     bigint not null default 0,
	stars        bigint not null default 0,
	demo         bigint not null default 0, -- 1: known from the demonstration catalogue only
	date_rank    bigint not null,
	demo_mark    bigint not null default 0, -- fingerprint of what the demonstration catalogue said; 0: nothing
	hub_at       bigint not null default 0,
	hub_mark     bigint not null default 0,
	arxiv_at     bigint not null default 0,
	arxiv_mended bigint not null default 0,
	arxiv_mark   bigint not null default 0,
	title        text not null,
	abstract     text not null,
	authors      text not null,             -- JSON
	facts        text not null              -- JSON: what is read with the paper and never searched for
);

create index papers_published on papers (published, id);
-- Few rows: what goes when the demonstration catalogue goes.
create index papers_demo on papers (demo_mark) where demo_mark <> 0;
create index papers_seq on papers (seq);
create index papers_organization on papers (organization, published, id) where organization <> '';

-- Papers that are gone, so that what is derived can follow.
create table removals (
	paper {key} primary key,
	seq   bigint not null
) {clustered};

create index removals_seq on removals (seq);

create table versions (
	paper   {key} not null,
	number  bigint not null,
	created bigint not null,
	primary key (paper, number)
) {clustered};

create table authors (
	slug {key} primary key,
	name text not null
) {clustered};

create table authorships (
	author    {key} not null,
	published bigint not null,
	paper     {key} not null,
	primary key (author, published, paper)
) {clustered};

create table organizations (
	name      {key} primary key,
	key       text not null,
	full_name text not null,
	avatar    text not null,
	seen_at   bigint not null
);

create table people (
	name    {key} primary key,
	profile text not null,                  -- JSON
	seen_at bigint not null
);

create table links (
	paper   {key} not null,
	source  {key} not null,
	kind    {key} not null,
	url     {key} not null,
	grade   text not null,
	checked bigint not null,
	primary key (paper, source, kind, url)
) {clustered};

create table media (
	paper    {key} not null,
	position bigint not null,               -- -1: the thumbnail
	url      text not null,
	primary key (paper, position)
) {clustered};

create table submissions (
	paper    {key} not null,
	day      {key} not null,
	source   {key} not null,
	at       bigint not null,
	by_name  {key} not null,
	position bigint not null,
	primary key (paper, day)
) {clustered};

-- An edition: the papers of a period, which is a day, a week or a month.
create table editions (
	kind   {key} not null,                  -- day, week, month
	period {key} not null,
	papers bigint not null,
	primary key (kind, period)
) {clustered};

-- Where a paper stands in an edition: by standing (minus the votes), then by the
-- source's own order.
create table listings (
	paper    {key} not null,
	period   {key} not null,
	standing bigint not null,
	position bigint not null,
	primary key (paper, period)
) {clustered};

create index submissions_demo on submissions (source) where source = 'demo';

create index listings_order on listings (period, standing, position, paper);

-- Votes, comments and stars over time. A paper's own numbers are the newest.
create table signals (
	paper  {key} not null,
	kind   {key} not null,
	at     bigint not null,
	value  bigint not null,
	source {key} not null,
	primary key (paper, kind, at)
) {clustered};

-- Where papers come from, and how far each source was read.
create table sources (
	name    {key} primary key,
	read_at bigint not null,
	cursor  text not null
);

-- How far each derived thing has followed the change sequence.
create table cursors (
	name {key} primary key,
	seq  bigint not null
);

-- What each source has said of a paper: the observation that holds.
create table observations (
	paper       {key} not null,
	source      {key} not null,
	at          bigint not null,            -- 0: the source gives no time
	fingerprint bigint not null,            -- of the record it was read from, never 0
	repaired    bigint not null,            -- 1: the record's identifier was damaged
	fields      text,                       -- JSON: where it differs from what papers holds; null for nowhere
	primary key (paper, source)
) {clustered};

-- So far it was not kept what a source said where another's word held. It is taken for
-- the same, but where it cannot have been: arXiv says nothing of summaries, nobody else
-- says anything of what is printed, and the date was that of one source.
insert into observations (paper, source, at, fingerprint, repaired, fields)
	select id, 'arxiv', arxiv_at, arxiv_mark, arxiv_mended,
		case when hub_mark = 0 and demo_mark = 0 then null
		else '{"discussion":null,"keywords":null,"media":null,"organization":null,'
			|| case when date_rank > 0 and date_rank % 3 <> 2 then '"published":null,' else '' end
			|| '"summary":null,"thumbnail":null,"withdrawn":null}'
		end
	from papers where arxiv_mark <> 0;

insert into observations (paper, source, at, fingerprint, repaired, fields)
	select id, 'hub', hub_at, hub_mark, 0,
		case when arxiv_mark = 0 and demo_mark = 0 then null
		else '{"categories":null,"doi":null,"journal_ref":null,"license":null,'
			|| case when date_rank > 0 and date_rank % 3 <> 1 then '"published":null,' else '' end
			|| '"remarks":null,"report_no":null,"updated":null,"versions":null}'
		end
	from papers where hub_mark <> 0;

insert into observations (paper, source, at, fingerprint, repaired, fields)
	select id, 'demo', 0, demo_mark, 0,
		case when arxiv_mark = 0 and hub_mark = 0 then null
		else '{"abstract":null,"authors":null,"categories":null,"discussion":null,"doi":null,"journal_ref":null,'
			|| '"keywords":null,"license":null,"media":null,'
			|| case when hub_mark <> 0 then '"organization":null,' else '' end
			|| case when date_rank > 0 and date_rank % 3 <> 0 then '"published":null,' else '' end
			|| '"remarks":null,"report_no":null,'
			|| case when hub_mark <> 0 then '"summary":null,' else '' end
			|| '"thumbnail":null,"updated":null,"versions":null,"withdrawn":null}'
		end
	from papers where demo_mark <> 0;

create table papers_next (
	id           {key} primary key,
	seq          bigint not null,           -- of the last change
	text_seq     bigint not null,           -- of the last change of what is searched for
	published    bigint not null,
	precision    bigint not null,           -- 1 month, 2 day, 3 time
	organization {key} not null,
	votes        bigint not null,           -- votes, comments and stars as the paper shows them
	comments     bigint not null,
	stars        bigint not null,
	demo         bigint not null,           -- 1: known from the demonstration catalog only
	submitted    bigint not null default 0,
	submitter    {key} not null default '',
	title        text not null,
	abstract     text not null,
	authors      text not null,             -- JSON
	metadata     text not null              -- JSON: what is read with the paper and never searched for
);

insert into papers_next (id, seq, text_seq, published, precision, organization, votes, comments, stars, demo,
		submitted, submitter, title, abstract, authors, metadata)
	select id, seq, seq, published, precision, organization, votes, comments, stars, demo,
		submitted, submitter, title, abstract, authors, facts
	from papers;

drop table papers;
alter table papers_next rename to papers;

create index papers_published on papers (published, id);
create index papers_seq on papers (seq);
create index papers_text on papers (text_seq);
create index papers_organization on papers (organization, published, id) where organization <> '';
create index papers_submitted on papers (published, id) where submitted <> 0;
create index papers_submitter on papers (submitter, published, id) where submitter <> '';

drop index submissions_demo;

-- Votes, comments and stars over time, as each source counted them.
create table signals_next (
	paper  {key} not null,
	source {key} not null,
	kind   {key} not null,
	at     bigint not null,
	value  bigint not null,
	primary key (paper, source, kind, at)
) {clustered};

insert into signals_next (paper, source, kind, at, value) select paper, source, kind, at, value from signals;
drop table signals;
alter table signals_next rename to signals;

-- The highest milestone that a paper's votes or stars have passed.
create table milestones (
	paper   {key} not null,
	signal  {key} not null,
	reached bigint not null,
	primary key (paper, signal)
) {clustered};

-- An edition opens and closes by the feed clock. Once it is closed, its listings move no
-- more, and papers that come in later stand behind all others.
alter table editions add column opens_at bigint not null default 0;
alter table editions add column closes_at bigint not null default 0;
alter table editions add column opened_at bigint not null default 0; -- 0: not yet, or nobody was there
alter table editions add column closed_at bigint not null default 0; -- 0: not yet
create index editions_unclosed on editions (period) where closed_at = 0;

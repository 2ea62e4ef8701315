-- What this database is: identity, a random name that it keeps for ever.
create table properties (
	name  {key} primary key,
	value text not null
) {clustered};

-- One row for each transaction that took numbers of the change sequence: its last
-- number and a random token, by which a history that was lost is told from this one.
create table history (
	seq   bigint primary key,
	token bigint not null
) {clustered};

-- What happened, in the order in which it was committed.
create table events (
	seq   bigint primary key,
	at    bigint not null,
	kind  {key} not null,                    -- paper.created, edition.closed, ...
	paper {key} not null,                    -- '' when it is about none
	actor {key} not null,                    -- the source or the account; '' for the site itself
	data  text                               -- JSON
) {clustered};

insert into counters (name, value) values ('events', 0);

-- Votes that were given here.
create table votes (
	paper   {key} not null,
	account {key} not null,
	at      bigint not null,
	primary key (paper, account)
) {clustered};

create index votes_account on votes (account, at, paper);

-- Who may do a named work until when. The token grows with every holder.
create table leases (
	name       {key} primary key,
	holder     text not null,
	token      bigint not null,
	expires_at bigint not null
) {clustered};

-- Embeddings by model and text, so that no text is embedded twice by one model.
create table vectors (
	model     {key} not null,
	text_hash {bytes} not null,
	vector    {bytes} not null,
	primary key (model, text_hash)
) {clustered};

-- Random keys that all servers of this database share.
create table secrets (
	name  {key} primary key,
	value {bytes} not null
) {clustered};

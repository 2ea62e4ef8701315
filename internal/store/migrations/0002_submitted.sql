-- Whether a paper stands in any edition, and who put it into its first one: lists of
-- submitted papers by publication read these indexes.
alter table papers add column submitted bigint not null default 0;
alter table papers add column submitter {key} not null default '';

update papers set submitted = 1,
	submitter = coalesce((select s.by_name from submissions s where s.paper = papers.id order by s.day limit 1), '')
	where id in (select paper from submissions);

create index papers_submitted on papers (published, id) where submitted <> 0;
create index papers_submitter on papers (submitter, published, id) where submitter <> '';

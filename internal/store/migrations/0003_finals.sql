-- The order in which a closed edition was first published to those who follow it.
create table finals (
	period {key} primary key,
	papers text not null                    -- JSON: identifiers
) {clustered};

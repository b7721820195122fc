-- The row shows a ledger that does not hold every claim of the paper.
-- @severity error
select
    (select count(*) from reference.paper_claims) as claims,
    (select count(*) from marts.paper_claims) as judged
where (select count(*) from reference.paper_claims) != (select count(*) from marts.paper_claims)

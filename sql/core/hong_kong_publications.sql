-- One row per application that was landed for an inventor printed under the focal country's code, but has none who
-- counts for it, since all of them live in Hong Kong: what a study that takes Hong Kong as China would have as well.
-- Of a counted kind, inside the window, shown by its earliest publication; none where the study takes Hong Kong as
-- China.
-- @column publication_number | earliest publication of the application
-- @column application | application number; the publication's number where the source has none
-- @column counted_year | year it counts in: of publication, or of filing in a study that counts by it
-- @column countries | distinct countries of its other inventors, in order; may be none
-- @column fields | labels of the paper's Table 4 that its IPC symbols belong to, in order
-- @unique publication_number
-- @unique application
with landed as (
    select
        publications.publication_number,
        coalesce(publications.application_number, publications.publication_number) as application,
        if(
            study.counting_date = 'filing',
            coalesce(year(publications.filing_date), year(publications.publication_date)),
            year(publications.publication_date)
        )::integer as counted_year,
        list_sort(list_filter(
            list_distinct(list_transform(publications.inventors, lambda inventor: struct_extract(inventor, 'country'))),
            lambda code: code is not null and code != study.focal_country
        )) as countries,
        list_transform(
            publications.ipc, lambda item: regexp_extract(struct_extract(item, 'symbol'), '^[A-H][0-9]{2}')
        ) as classes
    from lake.publications as publications
    cross join reference.study as study
    anti join core.focal_publications as focal
        on coalesce(publications.application_number, publications.publication_number) = focal.application
    where
        list_contains(study.kinds, publications.kind)
        and publications.publication_date >= study.window_start
        and (study.window_end is null or publications.publication_date <= study.window_end)
    qualify
        row_number() over (
            partition by coalesce(publications.application_number, publications.publication_number)
            order by publications.publication_date, publications.publication_number, publications.source_file desc
        ) = 1
),

fields as (
    select
        landed.publication_number,
        list_sort(list(distinct classes.paper_label)) as fields
    from landed, unnest(landed.classes) as entry (ipc_class)
    inner join reference.ipc_classes as classes on entry.ipc_class = classes.ipc_class
    group by landed.publication_number
)

select
    landed.publication_number,
    landed.application,
    landed.counted_year,
    landed.countries,
    coalesce(fields.fields, []) as fields
from landed
left join fields using (publication_number)
order by landed.publication_number

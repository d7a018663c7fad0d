-- One row per place name: the town that a name on a claim, a roster or an address
-- means. A town's own name wins over a village of that name elsewhere (D54 to D56).
with towns as (
    select * from {{ ref('towns') }}
),

town_aliases as (
    select * from {{ ref('town_aliases') }}
),

names as (
    select
        town as place_name,
        town,
        1 as name_rank
    from towns

    union all

    select
        alias as place_name,
        town,
        2 as name_rank
    from town_aliases
),

ranked as (
    select
        *,
        row_number() over (
            partition by place_name
            order by name_rank, town
        ) as choice
    from names
),

final as (
    select
        ranked.place_name,
        ranked.town,
        towns.hsa
    from ranked
    inner join towns
        on ranked.town = towns.town
    where ranked.choice = 1
)

select * from final

{{ audited_rows(
    'program_report',
    references={'administrative_entity_id': 'administrative_entity'}
) }}

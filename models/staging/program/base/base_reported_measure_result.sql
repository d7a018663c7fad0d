{{ audited_rows('reported_measure_result') }}

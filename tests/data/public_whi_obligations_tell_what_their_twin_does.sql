{{ test_tells_what_its_twin_does(
    ref('whi_obligations'),
    ref('restricted_whi_obligations'),
    key=['practice_id', 'obligation', 'due_date'],
    figures=['done_date', 'status', 'days_late', 'required', 'reported'],
    withheld=[],
) }}

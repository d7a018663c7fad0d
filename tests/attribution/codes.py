"""The codes that make a claim line count, as the manual prints them.

Belongs here: the lists of the four appendices, copied by hand from the manual, and what
became of their codes (rules, section 5.13), for the reference alone. Does not belong
here: the seeds that the warehouse reads; this file shares nothing with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

# Appendix 4, steps 3 and 4, without its three Medicare visits; all the others have it.
VISITS = """
    99201-99205 99211-99215 99241-99245 99304-99306 99307-99310 99324-99328
    99334-99337 99341-99345 99347-99350 99354 99355 99358 99359 99381-99387
    99391-99397 99401-99404 99406-99409 99411 99412 99420 99429
"""
NEWBORN = " 99460-99463 99464 99465 "
WOMEN = """
    87081 87084 87086 87088 96040 77052 77055-77057 77063 G0202 A4281-A4286 E0602-E0604
    S9443 88141-88143 88147 88148 88150 88152-88154 88164-88167 88174 88175 G0101 G0123
    G0141 G0143-G0145 G0147 G0148 Q0091 86631 86632 87110 87270 87490 87491 87800 A4261
    A4264 A4266 A4268 J7297 J7298 J1050 J7300 J7301 J7303 J7304 J7306 J7307 S4981 S4989
    S4993 11976 11980-11983 57170 58300 58301 58565 58600 58605 58611 58615 58661 58671
    96372 82947 83036 77080 59400 59425 59426 59430 59510 59610 59614 59618 59622 82950
    82951 87850 87590 87591 87340 86803 86689 86701-86703 87390 87534-87536 G0432-G0435
    87620-87625 80055 85013 85014 85018 85025 85027 86901 86593 86695 86696 G0445 86592
    86780 S0610 S0612 S0613
"""
PROCEDURES: Mapping[str, str] = {
    "app2_total_unique": VISITS + NEWBORN + "G0404 G0438 G0439",
    "app2_whi": VISITS + NEWBORN + WOMEN,
    "app3_commercial_medicaid": VISITS + NEWBORN,
    "app4_medicare": VISITS + "G0402 G0438 G0439",
    "app_whi": VISITS + NEWBORN + WOMEN,
}
REVENUES: Mapping[str, str] = {
    "app2_total_unique": "0521 0522 0525",
    "app2_whi": "0521 0522 0525",
    "app3_commercial_medicaid": "0521 0522 0525",
    "app4_medicare": "0521 0522",
    "app_whi": "0521 0522 0525",
}

# Maintained: the codes that end, the first day without them, and what follows then.
# What follows 99324-99328 and 99334-99337 (99341-99350) is listed anyway.
ENDED = (
    ("87620-87622", date(2015, 1, 1), "87623-87625"),
    ("77052 77055-77057", date(2017, 1, 1), "77065-77067"),
    ("99420", date(2017, 1, 1), "96160 96161"),
    ("G0202", date(2018, 1, 1), "77067"),
    ("99201", date(2021, 1, 1), ""),
    ("99241", date(2023, 1, 1), ""),
    ("99324-99328 99334-99337 99343", date(2023, 1, 1), ""),
    ("99354 99355", date(2023, 1, 1), "99417 G2212"),
    ("96040", date(2025, 1, 1), "96041"),
)


@cache
def expand(text: str) -> frozenset[str]:
    """Every code of ranges such as `99354 A4281-A4286`."""
    codes = set()
    for word in text.split():
        low, _, high = word.partition("-")
        letter, digits = (low[0], low[1:]) if low[0].isalpha() else ("", low)
        last = int((high or low)[len(letter) :])
        for number in range(int(digits), last + 1):
            codes.add(f"{letter}{number:0{len(digits)}d}")
    return frozenset(codes)


@cache
def procedure_codes(algorithm: str, code_policy: str, on: date) -> frozenset[str]:
    """The procedure codes of an algorithm on a service date.

    Args:
        algorithm: one of PROCEDURES.
        code_policy: verbatim (what is printed counts on every date) or maintained.
        on: the service date, which matters to maintained codes only.
    """
    listed = expand(PROCEDURES[algorithm])
    if code_policy == "verbatim":
        return listed
    valid = set(listed)
    for ended, gone_on, followed_by in ENDED:
        if on >= gone_on and listed & expand(ended):
            valid = (valid - expand(ended)) | expand(followed_by)
    if algorithm == "app2_total_unique":
        valid = (valid - {"G0404"}) | {"G0402"}
    return frozenset(valid)


def revenue_codes(algorithm: str) -> frozenset[str]:
    """The revenue codes of an algorithm."""
    return expand(REVENUES[algorithm])

"""How long texts may be, in characters."""

QUESTION = 10_000
ANSWER_FIELD = 50_000
CONCLUSION = 1_200  # a few sentences; it stands on the team sheet, which is one page
MESSAGE = 10_000
REASON = 2_000
TITLE = 300
REMARK = 500  # beside an acceptance criterion
TEAM = 1_200  # a part of the team sheet, which is one page

"""The sectors of education and the functions people have in them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sector(TextChoices):
    PO = "po", _("primary education (po)")
    VO = "vo", _("secondary education (vo)")
    MBO = "mbo", _("vocational education (mbo)")
    SO = "so", _("special education (so)")
    HO = "ho", _("higher education (ho)")
    OTHER = "other", _("another sector")


class Role(TextChoices):
    TEACHER = "teacher", _("teacher")
    SCHOOL_LEADER = "school_leader", _("school leader")
    CARE_COORDINATOR = "care_coordinator", _("care coordinator")
    TEACHING_ASSISTANT = "teaching_assistant", _("teaching assistant")
    STUDENT_TEACHER = "student_teacher", _("student teacher")
    BOARD = "board", _("board member")
    RESEARCHER = "researcher", _("researcher")
    PARENT = "parent", _("parent")
    OTHER = "other", _("something else")

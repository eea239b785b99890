"""What the operator of this desk declares: accessibility, privacy, and whom to tell of a weakness."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from frontend.declared import ACCESSIBILITY, OPERATOR, PRIVACY, day, missing
from questions import retention, sought

EXPIRES = timedelta(days=180)
DRAFT = 7  # days that ask.js keeps what was typed


@dataclass(frozen=True)
class Statement:
    """What the operator filled in, by the end of the setting's name in lower case; "" where nothing."""

    name: str
    address: str
    contact: str
    complaints: str
    day: date | None
    is_complete: bool


@dataclass(frozen=True)
class Accessibility(Statement):
    status: str
    sentence: str
    known: str
    tested: str


@dataclass(frozen=True)
class Kept:
    """One kind of data: what, what for, how long, and who sees it."""

    what: str
    why: str
    how_long: str
    who: str


@dataclass(frozen=True)
class Privacy(Statement):
    ground: str
    cases: str
    helpers: str
    kept: list[Kept]
    cookies: list[tuple[str, str, str]]


def accessibility() -> Accessibility:
    sentences = {
        "full": _("This site meets all of WCAG 2.2, level A and AA."),
        "partial": _(
            "This site meets most of WCAG 2.2, level A and AA, but not all of it. What does not hold is listed below."
        ),
        "none": _("This site does not meet WCAG 2.2, level A and AA, or it was not examined yet."),
    }
    status = settings.ACCESSIBILITY_STATUS
    return Accessibility(
        name=settings.OPERATOR_NAME,
        address=settings.OPERATOR_ADDRESS,
        contact=settings.ACCESSIBILITY_CONTACT,
        complaints=settings.ACCESSIBILITY_COMPLAINTS,
        day=day(settings.ACCESSIBILITY_DATE),
        is_complete=not set(missing()) & {*OPERATOR, *ACCESSIBILITY},
        status=status,
        sentence=sentences.get(status, ""),
        known=settings.ACCESSIBILITY_KNOWN,
        tested=settings.ACCESSIBILITY_TESTED,
    )


def privacy() -> Privacy:
    return Privacy(
        name=settings.OPERATOR_NAME,
        address=settings.OPERATOR_ADDRESS,
        contact=settings.PRIVACY_CONTACT,
        complaints=settings.PRIVACY_COMPLAINTS,
        day=day(settings.PRIVACY_DATE),
        is_complete=not set(missing()) & {*OPERATOR, *PRIVACY},
        ground=settings.PRIVACY_GROUND,
        cases=settings.PRIVACY_KEPT,
        helpers=settings.PRIVACY_HELPERS,
        kept=kept(),
        cookies=cookies(),
    )


def kept() -> list[Kept]:
    """What the desk keeps. The days are those that `questions.retention` holds to."""
    return [*of_askers(), *of_others(), *of_nobody()]


def until_erased() -> str:
    return _("Until you erase it, on the page behind your link.")


def of_askers() -> list[Kept]:
    return [
        Kept(
            _("A question whose address was not confirmed"),
            _("So that you can still confirm it."),
            _("%(days)s days, then it is removed by itself.") % {"days": retention.UNCONFIRMED.days},
            _("Nobody."),
        ),
        set_aside(),
        Kept(
            _("Your e-mail address, and your name if you gave it"),
            _("To write to you about your question."),
            until_erased(),
            _("Kept apart from your question. People of the desk do not see it; whoever manages the system can."),
        ),
        Kept(
            _("Your question, what you tell about it, your sector and your function"),
            _("To answer it, and to see what is asked in education."),
            _(
                "Until you erase it. What stays then: the sharpened question if there is one, its answer, the sector, the function and the dates. While somebody else waits for the same answer, the question itself stays too."
            ),
            _("People of the desk. Everybody reads the sharpened question once its answer is public."),
        ),
        Kept(
            _("What you and the desk write to each other"),
            _("To understand your question."),
            until_erased(),
            _("People of the desk."),
        ),
        *([replies()] if settings.REPLY_MAILBOX else []),
        Kept(
            _("What you say when we ask, after six weeks and after six months, what became of the answer"),
            _("To see what our answers are good for."),
            until_erased(),
            _(
                "People of the desk see numbers, and what several people wrote without names. Numbers under five are not shown."
            ),
        ),
        Kept(
            _("What you typed of a question that you did not send yet"),
            _("So that you can go on when the page was closed."),
            _(
                "%(days)s days, on your own device only, and gone when you send it. There is a box to switch this off. Your name and address are never part of it."
            )
            % {"days": DRAFT},
            _("Whoever uses your device. We do not get it."),
        ),
    ]


def set_aside() -> Kept:
    return Kept(
        _("What the desk set aside as spam, and the address it came from"),
        _("To take it up again when that was a mistake."),
        _("%(days)s days, then words and address are removed by themselves.") % {"days": settings.SPAM_KEPT_DAYS},
        _("People of the desk; not the address."),
    )


def replies() -> Kept:
    return Kept(
        _("An e-mail with which you reply to ours"),
        _("To give your words to the desk as a message."),
        _(
            "The message: until you erase it. The e-mail is removed from our mailbox then. One that we cannot use is put aside there, for the operator to remove. A code by which we know it again goes after %(days)s days."
        )
        % {"days": retention.HANDLED.days},
        _("People of the desk."),
    )


def of_others() -> list[Kept]:
    return [
        Kept(
            _("If you follow something by e-mail: your address, what you follow and how often"),
            _("To write to you when there is news."),
            _(
                "Until you stop it, which takes one click. What you did not confirm goes after %(unconfirmed)s days, and a copy of our e-mails after %(told)s days."
            )
            % {"unconfirmed": retention.UNCONFIRMED.days, "told": retention.TOLD.days},
            _("Nobody of the desk; whoever manages the system can."),
        ),
        Kept(
            _("If you thought along as an expert: your name, your function, and when and how you agreed"),
            _("To say on whose knowledge an answer rests."),
            _("Until you no longer agree. Then your name goes from every version."),
            _("Everybody reads name and function; the desk sees the rest."),
        ),
        Kept(
            _("What you say about an answer, or a mistake you report"),
            _("To make answers better."),
            _("As long as the answer, without your name or address."),
            _("People of the desk."),
        ),
    ]


def of_nobody() -> list[Kept]:
    """Codes and numbers that name no person."""
    return [
        Kept(
            _("How often something is sent from your part of the internet, as a code that names nobody"),
            _("To stop misuse."),
            _("%(days)s days.") % {"days": retention.COUNTED.days},
            _("Nobody."),
        ),
        Kept(
            _("How often something was done on a day, such as a choice on the signpost"),
            _("To see where people get stuck."),
            _("Always: it is a number, without any person."),
            _("People of the desk."),
        ),
        sought_in_vain(),
    ]


def sought_in_vain() -> Kept:
    return Kept(
        _("The words of a search that found nothing, each by itself and as a code, unless your browser asks not to"),
        _("To see what is missing here."),
        _(
            "%(days)s days. A word that was typed in at least %(places)s places on the internet becomes readable and stays for %(months)s months. Long searches, and those with a name or a number by which somebody can be known, leave no word."
        )
        % {"days": retention.SOUGHT.days, "places": sought.PLACES, "months": round(retention.SOUGHT_KNOWN.days / 30.4)},
        _("Nobody reads the codes. People of the desk see the words that became readable, and not who typed them."),
    )


def cookies() -> list[tuple[str, str, str]]:
    """Name, what for and how long; there are no others."""
    hours, days = settings.SESSION_COOKIE_AGE // 3600, settings.CSRF_COOKIE_AGE // 86_400
    return [
        (
            settings.CSRF_COOKIE_NAME,
            _("So that nobody else can send a form in your name."),
            _("Kept for %(days)s days.") % {"days": days},
        ),
        (
            settings.SESSION_COOKIE_NAME,
            _("Only for people of the desk: so that they stay logged in."),
            _("Kept for %(hours)s hours.") % {"hours": hours},
        ),
        ("messages", _("To say on the next page that something was sent."), _("Gone when that page was shown.")),
    ]


def security_txt() -> str:
    """Whom to tell of a weakness, after RFC 9116; "" when the operator names nobody."""
    contact = settings.SECURITY_CONTACT
    if not contact:
        return ""
    uri = contact if ":" in contact else f"mailto:{contact}"
    expires = (timezone.now() + EXPIRES).replace(microsecond=0)
    return f"Contact: {uri}\nExpires: {expires.isoformat()}\nPreferred-Languages: nl, en\n"

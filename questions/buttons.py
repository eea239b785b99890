"""What stands around the words of a letter: its button, and whether one can reply or stop it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

# What stands on the button; every letter has one.
OPEN_QUESTION, OPEN_CASE = _("Open your question"), _("Open the case")
BUTTONS: dict[str, Any] = {
    "confirm": _("Confirm your question"),
    "confirm_me_too": _("Yes, keep me informed"),
    "follow_confirm": _("Confirm what you follow"),
    "follow_known": _("See what you follow"),
    "digest": _("See what you follow"),
    "links": _("Open your newest question"),
    "after_6w": _("Answer two questions"),
    "after_6m": _("Answer two questions"),
    "propose": _("Agree or change it"),
    "message_to_asker": _("Read the message"),
    "asks_you": _("Read the message"),
    "reminder": _("See what we asked"),
    "closed_silent": _("Go on with my question"),
    "notices": _("See all your notices"),
    "answered": _("Read the answer"),
    "published": _("Read the answer"),
    "revised": _("Read the answer"),
    "message_to_broker": _("Read the message"),
    "review": _("Open the answer"),
    "invited": _("Read the answer"),
    "invited_again": _("Read the answer"),
    "uninvited": _("To Rotonde"),
}

# The first line of a letter that can be replied to: what comes below it in a reply is ours.
REPLY_ABOVE = _("Reply above this line")
MAY_REPLY = _("You can also just reply to this mail: the desk reads it.")
MAY_REPLY_DESK = _("You can also just reply to this mail: your words go to the asker.")
MAY_NOT_REPLY = _("Please do not reply to this mail: nobody reads that. Write what you have to say at the link.")
NOBODY_READS = _("Please do not reply to this mail: nobody reads that.")  # whose link has ended
MAY_STOP_FOLLOWING = _("You get this mail because you follow something here. You can stop each of them, or all.")
MAY_STOP = _("You get this mail because you asked a question. No more mail about it? You can say so at the link.")

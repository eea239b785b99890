"""The words of the mail: kind of letter → subject and paragraphs, in plain language.

The only place with words: the plain text and the HTML of a letter are both made from them.
A paragraph that is a placeholder alone is what a person wrote, and is set apart as such.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

# Placeholders: number, title, broker, why, alternative, desk, into; points: remarks of reviewers; to invited
# reviewers: inviter, kind, until; to followers: names, first, news. Lists of links: links, choices, stop, elsewhere
# (questions/enclosed.py).
LETTERS: dict[str, tuple[Any, list[Any]]] = {
    # --- to askers
    "confirm": (
        _("Please confirm your question"),
        [
            _("You asked us:"),
            "%(title)s",
            _("Is this your question? Open the link below and press the button. Only then do we start on it."),
            _("Did you not ask this? Then do nothing: we will remove it."),
        ],
    ),
    "confirm_me_too": (
        _("Do you want to know this too?"),
        [
            _("You told us that you want to know this as well:"),
            "%(title)s",
            _("Open the link below and press the button. From then on you hear from us, and you get the answer too."),
            _("Did you not ask for this? Then do nothing: we will remove your address."),
        ],
    ),
    "joined": (
        _("You follow question %(number)s"),
        [
            _("From now on you hear how far we are with this question, and you get the answer:"),
            "%(title)s",
            _("Keep this link to yourself: it opens your page without a password."),
        ],
    ),
    "received": (
        _("Your question has number %(number)s"),
        [
            _("Thank you, we have your question. It has number %(number)s."),
            _("A coordinator reads it first. At the link below you can always see how far we are."),
            _("Keep this link to yourself: it opens your question without a password."),
        ],
    ),
    "taken": (
        _("%(broker)s is working on your question %(number)s"),
        [
            _(
                "%(broker)s, one of our knowledge brokers, is working on your question. At the link below you can write to each other."
            )
        ],
    ),
    "propose": (
        _("Question %(number)s: is this what you want to know?"),
        [
            _("To find good research we have sharpened your question:"),
            "%(title)s",
            "%(why)s",
            _("Is this what you want to know? Open the link below to agree, or to change the words. Then we go on."),
        ],
    ),
    "message_to_asker": (
        _("A message about question %(number)s"),
        [_("Our broker wrote you a message. Open the link below to read it and to reply.")],
    ),
    "asks_you": (
        _("A question to you about question %(number)s"),
        [
            _(
                "Our broker needs an answer from you before we can go on. Open the link below to read the message and to reply."
            ),
            _("Until then your question waits."),
        ],
    ),
    "reminder": (
        _("Question %(number)s: do you still want to know?"),
        [
            _("We wait for an answer from you before we can go on with your question:"),
            "%(title)s",
            _("Open the link below to see what we asked. Do you need more time? Then tell us in one line."),
            _("If we do not hear from you, we close your question on %(until)s. You can open it again at any time."),
        ],
    ),
    "closed_silent": (
        _("Question %(number)s is closed for now"),
        [
            _("We have not heard from you, so we closed your question for now:"),
            "%(title)s",
            _(
                "Nothing is lost. Do you still want to know? Open the link below and press the button, or send us a message."
            ),
            _("Then we go on where we stopped."),
        ],
    ),
    "answered": (
        _("The answer to your question %(number)s"),
        [
            _("Your question has been answered:"),
            "%(title)s",
            _("You are the first to read the answer. After that we publish it, without anything about you."),
        ],
    ),
    "published": (
        _("The answer to question %(number)s is public"),
        [_("Everybody can now read the answer to this question:"), "%(title)s"],
    ),
    "revised": (
        _("The answer to question %(number)s has been revised"),
        [_("There is a new version of the answer to this question:"), "%(title)s"],
    ),
    "retracted": (
        _("The answer to question %(number)s no longer holds"),
        [_("We have taken back the answer to this question:"), "%(title)s", "%(why)s"],
    ),
    "referred": (
        _("Question %(number)s: this already exists"),
        [
            _("There is something that helps with your question:"),
            "%(why)s",
            _("Open the link below to read it, and tell us whether it answers your question."),
        ],
    ),
    "merged": (
        _("Question %(number)s is asked by more people"),
        [
            _("Somebody else asks the same. We work on it as one question and keep you informed of the answer."),
            _("That question has number %(into)s: in our next letters you see that number."),
        ],
    ),
    "sharpened": (
        _("Question %(number)s in sharper words"),
        [_("We have put the question in sharper words. This is what we look for now:"), "%(title)s"],
    ),
    "handed_over": (
        _("Question %(number)s: %(desk)s goes on with it"),
        [
            _("The desk %(desk)s can help you better with your question. They have it now and go on with it."),
            "%(why)s",
            _("You do not have to do anything. Your number and your link stay the same."),
            _("Do you not want this? Then open the link below and withdraw your question."),
        ],
    ),
    "sent_on": (
        _("Question %(number)s: %(desk)s can help you better"),
        [
            "%(why)s",
            _("Where you can ask your question:"),
            "%(elsewhere)s",
            _("We sent them nothing: not your question and not your address. You decide whether you ask it there."),
            _("At the link below you find your own words, to copy."),
        ],
    ),
    "declined": (
        _("We cannot answer question %(number)s"),
        ["%(why)s", _("Where you can go instead:"), "%(alternative)s"],
    ),
    "reopened": (_("We look at question %(number)s again"), [_("Your question is open again. You will hear from us.")]),
    "dropped": (
        _("Question %(number)s has been withdrawn"),
        [
            _(
                "The person who asked this first has withdrawn it. Do you still want to know? Then ask it again and we go on."
            )
        ],
    ),
    # --- about a reply by mail that could not be taken over, to askers and people of the desk
    "reply_elsewhere": (
        _("Question %(number)s: a reply from another address"),
        [
            _("We got a reply to our mail about question %(number)s, but from another address than this one."),
            _(
                "So we did not add it to your question. Was it you? Then open the link below and write it there, or reply from this address."
            ),
            _("Was it not you? Then somebody else has read our mail. Do not pass on mail with your link."),
        ],
    ),
    "reply_closed": (
        _("Question %(number)s: we could not use your reply"),
        [
            _("You replied to our mail, but nobody reads messages about this question any more."),
            _("At the link below you see what became of it."),
        ],
    ),
    "reply_unread": (
        _("Question %(number)s: we could not read your reply"),
        [
            _("You replied to our mail, but we could not read your words."),
            _("Perhaps it was empty, very long or encrypted. Please open the link below and write there."),
        ],
    ),
    # --- to who follows something
    "follow_confirm": (
        _("Please confirm what you want to follow"),
        [
            _("You asked us to send you an e-mail when there is news about:"),
            "%(names)s",
            _("Is this right? Open the link below and press the button. Only then do we write to you."),
            _("Did you not ask for this? Then do nothing: we will forget it."),
        ],
    ),
    "follow_known": (
        _("You follow this already"),
        [
            _(
                "You asked us to send you an e-mail about something that you follow already. You do not have to confirm."
            ),
            _("At the link below you see what you follow and how often we write to you."),
        ],
    ),
    "digest": (
        _("News in what you follow: %(first)s"),
        [
            _("This is new since our last e-mail to you."),
            "%(news)s",
            _("Open the link below to see all that you follow, to change how often we write, or to stop everything."),
        ],
    ),
    "links": (
        _("The links to your questions"),
        [
            _("You asked us for the links to your questions. Here they are:"),
            "%(links)s",
            _("Keep these links to yourself: they open your questions without a password."),
            _("Did you not ask for this? Then you do not have to do anything."),
        ],
    ),
    "after_6w": (
        _("Did you use the answer to question %(number)s?"),
        [
            _("Six weeks ago you got an answer from us:"),
            "%(title)s",
            _("To whom did you show the answer, or what did you use it for?"),
            "%(choices)s",
            _("One click and one button are enough. We look at the numbers only, never at who said what."),
            _("Is more than one true? Choose them at the link below."),
            "%(stop)s",
        ],
    ),
    "after_6m": (
        _("Half a year later: did you use the answer to question %(number)s?"),
        [
            _("Half a year ago you got an answer from us:"),
            "%(title)s",
            _("To whom did you show the answer, or what did you use it for?"),
            "%(choices)s",
            _("One click and one button are enough. We look at the numbers only, never at who said what."),
            _("Is more than one true? Choose them at the link below."),
            "%(stop)s",
        ],
    ),
    # --- to who was asked from outside to review an answer
    "invited": (
        _("Will you read an answer for us? (question %(number)s)"),
        [
            _("%(inviter)s asks you to look at an answer before it is published. It answers this question:"),
            "%(title)s",
            _("You are asked to look at one thing: %(kind)s."),
            "%(why)s",
            _(
                "You can do so until %(until)s. Open the link, write a remark where you have one, and say what you think."
            ),
            _("The link is for you alone and opens this answer and nothing else. Please do not pass it on."),
        ],
    ),
    "invited_again": (
        _("The answer you read for us has changed (question %(number)s)"),
        [
            _("You were asked to look at the answer to this question:"),
            "%(title)s",
            _("The text has changed. Will you look at it once more? At the link below you see what is different."),
            _("You can do so until %(until)s."),
        ],
    ),
    "uninvited": (
        _("You need not read the answer to question %(number)s any more"),
        [
            _("You were asked to look at the answer to this question:"),
            "%(title)s",
            _("That is not needed any more, and the link in our earlier e-mail has ended. Thank you for your help."),
        ],
    ),
    # --- to people of the desk
    "assigned": (_("Case %(number)s is yours"), ["%(title)s"]),
    "left": (_("Case %(number)s is no longer yours"), ["%(title)s", "%(why)s"]),
    "took": (
        _("%(broker)s took over case %(number)s while you are away"),
        ["%(title)s", _("Nothing you wrote is lost: you find it in the case.")],
    ),
    "agreed": (_("Case %(number)s: the asker agreed"), ["%(title)s"]),
    "message_to_broker": (_("Case %(number)s: the asker wrote"), ["%(title)s"]),
    "withdrawn": (_("Case %(number)s: the asker withdrew the question"), ["%(title)s"]),
    "not_helped": (_("Case %(number)s: the referral did not help"), ["%(title)s"]),
    "answer_did_not_do": (_("Case %(number)s: the answer did not help, or only partly"), ["%(title)s"]),
    "review": (_("Case %(number)s: an answer waits for review"), ["%(title)s"]),
    "changes": (_("Case %(number)s: changes needed"), ["%(title)s", "%(why)s", "%(points)s"]),
    "reviewed": (_("Case %(number)s: a review was given"), ["%(title)s", "%(why)s", "%(points)s"]),
    "unscheduled": (
        _("Case %(number)s: the planned publication is off"),
        ["%(title)s", _("The answer changed, or somebody works on it again. When it is ready, choose a new moment.")],
    ),
    "not_published": (
        _("Case %(number)s could not be made public"),
        ["%(title)s", _("You had chosen this moment, but something was missing:"), "%(why)s"],
    ),
    "approved": (_("Case %(number)s: the answer is approved"), ["%(title)s"]),
    "notices": (_("Cases that need you: %(count)s"), [_("This is new for you at the desk:"), "%(links)s"]),
}

# Which of them go to people of the desk; those about a reply go to either side.
TO_DESK = {
    "assigned",
    "left",
    "took",
    "agreed",
    "message_to_broker",
    "withdrawn",
    "not_helped",
    "answer_did_not_do",
    "review",
    "changes",
    "approved",
    "reviewed",
    "unscheduled",
    "not_published",
    "notices",
}
TO_INVITED = {"invited", "invited_again", "uninvited"}

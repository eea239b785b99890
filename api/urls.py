"""The addresses of the API: nouns, no trailing slash."""

from django.urls import path, re_path

from api import people, queue, research, reviewing, triage, views
from api.docs import Docs, Schema
from api.insight import Insight

urlpatterns = [
    path("questions", views.Questions.as_view()),
    path("questions/together", queue.Together.as_view()),
    path("questions/next", queue.Next.as_view()),
    path("questions/<uuid:pk>", views.OneQuestion.as_view()),
    path("questions/<uuid:pk>/transitions/<str:name>", views.QuestionTransition.as_view()),
    path("questions/<uuid:pk>/transitions/<str:name>/letters", triage.Letters.as_view()),
    path("questions/<uuid:pk>/criteria", triage.Checks.as_view()),
    path("questions/<uuid:pk>/texts", triage.CaseTexts.as_view()),
    path("texts", triage.ReadyTexts.as_view()),
    path("questions/<uuid:pk>/answer", views.Answer.as_view()),
    path("questions/<uuid:pk>/answer/transitions/<str:name>", views.AnswerTransition.as_view()),
    path("questions/<uuid:pk>/answer/remarks", reviewing.Remarks.as_view()),
    path("questions/<uuid:pk>/answer/remarks/<int:remark>", reviewing.OneRemark.as_view()),
    path("questions/<uuid:pk>/answer/remarks/<int:remark>/outcome", reviewing.RemarkOutcome.as_view()),
    path("questions/<uuid:pk>/answer/invitations", reviewing.Invitations.as_view()),
    path("questions/<uuid:pk>/answer/invitations/<uuid:invitation>", reviewing.OneInvitation.as_view()),
    path("questions/<uuid:pk>/answer/invitations/<uuid:invitation>/person", reviewing.InvitedPerson.as_view()),
    path("questions/<uuid:pk>/brokers", people.Fitting.as_view()),
    path("questions/<uuid:pk>/messages", views.Messages.as_view()),
    path("questions/<uuid:pk>/searches", research.Searches.as_view()),
    path("questions/<uuid:pk>/searches/library", research.LibrarySearch.as_view()),
    path("questions/<uuid:pk>/searches/<int:entry>/again", research.SearchAgain.as_view()),
    path("questions/<uuid:pk>/searches/<int:entry>/correction", research.SearchCorrection.as_view()),
    path("questions/<uuid:pk>/ledger", research.Ledger.as_view()),
    path("questions/<uuid:pk>/ledger/<int:entry>", research.LedgerSource.as_view()),
    path("views", queue.Views.as_view()),
    path("brokers", people.Brokers.as_view()),
    path("brokers/me", people.Me.as_view()),
    path("brokers/<int:pk>", people.OneBroker.as_view()),
    path("sources", views.Sources.as_view()),
    path("sources/<str:ref>", views.OneSource.as_view()),
    path("suggestions", views.Suggest.as_view()),
    path("search", views.Search.as_view()),
    path("answers", views.Answers.as_view()),
    path("answers/<int:number>", views.OneAnswer.as_view()),
    path("insight", Insight.as_view()),
    path("openapi.json", Schema.as_view(), name="openapi"),
    path("docs", Docs.as_view(), name="api-docs"),
    re_path(r"^(?P<path>.*)$", views.Unknown.as_view()),
]

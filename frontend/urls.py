"""The addresses people see. Other rooms build links from these names: they stay."""

from allauth.account import views as account
from django.urls import include, path, re_path

from frontend.views import asking, case, desk, following, machines, public, tracking

# Not all that allauth has: whoever could change their own address here could take that of a colleague.
ACCOUNTS = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("2fa/", include("allauth.mfa.urls")),
]

urlpatterns = [
    path("", public.home, name="home"),
    path("search", public.search, name="search"),
    path("search/feed", machines.feed, name="search-feed"),
    path("search/numbers", public.search_numbers, name="search-numbers"),
    path("answers/<int:number>", public.answer, name="answer-number"),
    path("answers/<int:number>/feedback", public.feedback, name="feedback"),
    path("answers/<int:number>/correction", public.correction, name="correction"),
    path("answers/<int:number>/cite.<str:form>", public.citation, name="cite"),
    path("answers/<int:number>/<slug:slug>", public.answer, name="answer"),
    path("sources/<slug:key>", public.source, name="source"),
    path("themes/<slug:slug>", public.theme, name="theme"),
    path("ask", asking.ask, name="ask"),
    path("ask/sent", asking.asked, name="asked"),
    path("ask/helped", asking.helped, name="helped"),
    path("confirm/<str:token>", tracking.confirm, name="confirm"),
    path("track/<str:token>", tracking.track, name="track"),
    path("track/<str:token>/do/<str:name>", tracking.move, name="track-move"),
    path("track/<str:token>/messages", tracking.say, name="track-message"),
    path("track/<str:token>/withdraw", tracking.withdraw, name="track-withdraw"),
    path("track/<str:token>/erase", tracking.erase, name="track-erase"),
    path("track/<str:token>/export", tracking.export, name="track-export"),
    path("follow", following.follow, name="follow"),
    path("follow/sent", following.sent, name="follow-sent"),
    path("follow/confirm/<str:token>", following.confirm, name="follow-confirm"),
    path("follow/stop/<str:token>", following.stop, name="follow-stop"),
    path("follow/<str:token>", following.follows, name="follows"),
    path("follow/<str:token>/export", following.export, name="follows-export"),
    path("erased", tracking.erased, name="erased"),
    path("desk", desk.queue, name="desk"),
    path("desk/next", desk.claim_next, name="claim-next"),
    path("desk/cases/<uuid:pk>", case.show, name="case"),
    path("desk/cases/<uuid:pk>/do/<str:name>", case.move, name="case-move"),
    path("desk/cases/<uuid:pk>/answer", case.write, name="case-answer"),
    path("desk/cases/<uuid:pk>/answer/do/<str:name>", case.move_answer, name="case-answer-move"),
    path("desk/cases/<uuid:pk>/messages", case.say, name="case-message"),
    path("desk/cases/<uuid:pk>/searches", case.log_search, name="case-search"),
    path("accounts/", include(ACCOUNTS)),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("opensearch.xml", machines.opensearch, name="opensearch"),
]

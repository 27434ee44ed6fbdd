"""The addresses of the pretend world."""

from django.urls import path

from codetrack.demo.views import account, index, mailbox, platform

app_name = "demo"

urlpatterns = [
    path("demo/", index.index, name="index"),
    path("demo/break/", index.break_all, name="break_all"),
    path("demo/mailbox/", mailbox.mails, name="mailbox"),
    path("demo/mailbox/manner/", mailbox.manner, name="manner"),
    path("demo/mailbox/clear/", mailbox.clear, name="clear"),
    path("demo/mailbox/<int:number>/", mailbox.mail, name="mail"),
    path("demo/mailbox/<int:number>/html/", mailbox.body, name="mail_html"),
    path("demo/<slug:key>/", platform.accounts, name="platform"),
    path("demo/<slug:key>/break/", platform.break_it, name="break"),
    path("demo/<slug:key>/round/", platform.club_round, name="club_round"),
    path("demo/<slug:key>/new/", platform.new, name="new"),
    path("demo/<slug:key>/account/<str:handle>/", account.profile, name="account"),
    path("demo/<slug:key>/account/<str:handle>/play/", account.play, name="play"),
    path("demo/<slug:key>/account/<str:handle>/revise/", account.revise, name="revise"),
    path("demo/<slug:key>/account/<str:handle>/submit/", account.submit, name="submit"),
    path("demo/<slug:key>/account/<str:handle>/rename/", account.rename, name="rename"),
    path("demo/<slug:key>/account/<str:handle>/delete/", account.delete, name="delete"),
    path("demo/<slug:key>/<str:handle>/", account.short, name="account_short"),
]

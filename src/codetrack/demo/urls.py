"""The addresses of the pretend world."""

from django.urls import path

from codetrack.demo.views import index, mailbox, platform

app_name = "demo"

urlpatterns = [
    path("demo/", index.index, name="index"),
    path("demo/mailbox/", mailbox.mails, name="mailbox"),
    path("demo/mailbox/manner/", mailbox.manner, name="manner"),
    path("demo/mailbox/clear/", mailbox.clear, name="clear"),
    path("demo/mailbox/<int:number>/", mailbox.mail, name="mail"),
    path("demo/mailbox/<int:number>/html/", mailbox.body, name="mail_html"),
    path("demo/codeforces/", platform.accounts, name="codeforces"),
    path("demo/codeforces/break/", platform.break_it, name="break"),
    path("demo/codeforces/round/", platform.club_round, name="club_round"),
    path("demo/codeforces/new/", platform.new, name="new"),
    path("demo/codeforces/account/<str:handle>/", platform.account, name="account"),
    path("demo/codeforces/account/<str:handle>/play/", platform.play, name="play"),
    path("demo/codeforces/account/<str:handle>/submit/", platform.submit, name="submit"),
]

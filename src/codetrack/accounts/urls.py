"""The addresses of accounts; those under /accounts/ stand before allauth's of the same path."""

from django.urls import path
from django.views.generic import RedirectView

from codetrack.accounts.views import (
    entrance,
    follows,
    institutes,
    invited,
    outbox,
    people,
    roster,
    settings,
)

app_name = "accounts"

MEMBER = "institutes/<slug:slug>/members/<int:pk>/<slug:action>/"

urlpatterns = [
    path("setup/", entrance.setup, name="setup"),
    path("join/<slug:invitation>/", entrance.join, name="join"),
    path("invited/<str:token>/", invited.invited, name="invited"),
    path("accounts/signup/", entrance.SignupView.as_view(), name="signup"),
    path("accounts/confirm-email/", entrance.CheckMailView.as_view(), name="check_mail"),
    path("accounts/confirm-email/resend/", entrance.resend, name="resend"),
    path("accounts/confirm-email/go-on/", entrance.go_on, name="go_on"),
    path("accounts/confirm-email/<str:key>/", entrance.ConfirmEmailView.as_view(), name="confirm"),
    path("members/", institutes.members, name="members"),
    path("following/", follows.following, name="following"),
    path("following/unseen/unfollow/", follows.unfollow_unseen, name="unfollow_unseen"),
    path("followers/", follows.followers, name="followers"),
    path("followers/unseen/remove/", follows.remove_unseen, name="remove_unseen"),
    path("members/<str:username>/following/", follows.following, name="following_of"),
    path("members/<str:username>/followers/", follows.followers, name="followers_of"),
    path("members/<str:username>/follow/", follows.follow, name="follow"),
    path("members/<str:username>/unfollow/", follows.unfollow, name="unfollow"),
    path("members/<str:username>/remove/", follows.remove, name="remove_follower"),
    path("members/<str:username>/block/", follows.block, name="block"),
    path("members/<str:username>/unblock/", follows.unblock, name="unblock"),
    path("institutes/", institutes.institutes, name="institutes"),
    path("institutes/invitations/<int:pk>/", invited.accept, name="accept"),
    path("institutes/<slug:slug>/people/", people.people, name="people"),
    path("institutes/<slug:slug>/people/act/", people.act, name="people_act"),
    path("institutes/<slug:slug>/people.csv", people.export, name="export"),
    path("institutes/<slug:slug>/roster/", roster.roster, name="roster"),
    path("institutes/<slug:slug>/roster/<int:pk>/", roster.report, name="roster_report"),
    path("institutes/<slug:slug>/roster/<int:pk>.csv", roster.report_csv, name="roster_csv"),
    path("institutes/<slug:slug>/roster/<int:pk>/invite/", roster.invite, name="roster_invite"),
    path("institutes/<slug:slug>/roster/<int:pk>/cancel/", roster.cancel, name="roster_cancel"),
    path("institutes/<slug:slug>/ask/", institutes.ask, name="ask"),
    path("institutes/<slug:slug>/withdraw/", institutes.withdraw, name="withdraw"),
    path("institutes/<slug:slug>/leave/", institutes.leave, name="leave"),
    path("institutes/<slug:slug>/invitation/", institutes.rotate_invitation, name="rotate"),
    path("institutes/<slug:slug>/domains/", institutes.add_domain, name="add_domain"),
    path(
        "institutes/<slug:slug>/domains/<int:pk>/remove/",
        institutes.remove_domain,
        name="remove_domain",
    ),
    path(MEMBER, institutes.act_on_member, name="act_on_member"),
    path("settings/", RedirectView.as_view(pattern_name="accounts:settings_profile")),
    path("settings/profile/", settings.profile, name="settings_profile"),
    path("settings/privacy/", settings.privacy, name="settings_privacy"),
    path("settings/security/", settings.security, name="settings_security"),
    path("settings/security/sessions/", settings.end_sessions, name="end_sessions"),
    path("settings/tokens/", settings.tokens, name="settings_tokens"),
    path("settings/tokens/<int:pk>/revoke/", settings.revoke_token, name="revoke_token"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<int:pk>/", outbox.mail, name="mail"),
    path("outbox/<int:pk>/again/", outbox.again, name="mail_again"),
]

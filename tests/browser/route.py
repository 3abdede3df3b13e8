"""Which pages there are, and who looks at them: an address' name, the word for its arguments in `World.at`, a query."""

from django.urls import reverse

from tests.browser.world import World

VISITOR = """
    problems:list | problems:list ?q=zzzz | problems:detail problem | problems:detail problem ?language=cpp17
    standing:statistics problem | standing:statistics untouched | talk:discussion problem | talk:discussion untouched
    talk:thread comment | solutions:list problem | lists:index | lists:detail another's list | users:leaderboard
    users:profile solver | users:profile newcomer | dataset:page | languages | api-docs | account_login | account_signup
    account_reset_password | account_reset_password_done | account_reset_password_from_key_done | account_inactive
    account_email_verification_sent
"""
# Those that ask for the password again when somebody has been there for long come first.
SOLVER = """
    accounts:delete | tokens:new | mfa_activate_totp | accounts:overview | tokens:list | mfa_index | account_email
    account_change_password | account_reauthenticate | usersessions_list | socialaccount_connections | account_logout
    problems:list | problems:detail problem | problems:detail problem ?list | problems:detail untouched
    submissions:list | submissions:list ?verdict=AC&language=rust | submissions:detail AC | submissions:detail WA
    submissions:detail TLE | submissions:detail MLE | submissions:detail OLE | submissions:detail RE
    submissions:detail CE | submissions:detail IE | submissions:detail queued | submissions:detail judging
    submissions:detail cancelled | submissions:compare ?two | standing:statistics problem | talk:discussion problem
    talk:discussion problem ?sort=new | talk:thread comment | talk:edit own comment | talk:delete own comment
    talk:report comment | solutions:list problem | solutions:list tried | solutions:give_up tried
    solutions:detail solution | solutions:publish second | solutions:publish AC
    tickets:report untouched | tickets:mine | tickets:detail ticket | lists:index | lists:create | lists:detail list
    lists:detail empty list | lists:edit list | users:leaderboard | users:profile solver
"""
NEWCOMER = """
    submissions:list | tickets:mine | lists:index | users:profile newcomer | tokens:list | solutions:list problem
    submissions:compare
"""
CURATOR = """
    dataset:page | dataset:imports | dataset:quarantine | dataset:run queued run | dataset:run running run
    dataset:run failed run | dataset:run finished run | dataset:run_undo finished run | dataset:run_rows finished run
    dataset:row rejected row | dataset:row large row | dataset:row quarantined row | problems:detail quarantined problem
    problems:list ?state=quarantined | tickets:desk | tickets:desk ?state=all | tickets:detail waiting ticket
    talk:discussion problem | talk:thread comment | solutions:list problem | submissions:detail RE
    lists:detail another's list
"""
GUARDED = "mfa_index | mfa_view_recovery_codes | mfa_generate_recovery_codes | mfa_deactivate_totp"
NOT_WALKED = {
    "leads on to another page": "home next_problem api account_set_password",
    "changes something by POST and leads on": """
        standing:keep lists:delete lists:entry users:visibility talk:vote talk:moderate solutions:vote
        solutions:moderate solutions:withdraw dataset:run_cancel dataset:run_resume dataset:row_mend dataset:row_publish
        submissions:submit submissions:case_new submissions:cancel submissions:draft_drop accounts:export tokens:revoke
        set_language
    """,
    "a part of a page, which is looked at there": """
        dataset:run_live submissions:run submissions:run_live submissions:live submissions:case solutions:program
        talk:preview
    """,
    "no page but data": """
        dataset:row_raw submissions:download submissions:source submissions:draft submissions:draft_version kodjudge
        mfa_download_recovery_codes
    """,
    "needs a step before it: looked at in test_account": "mfa_authenticate mfa_reauthenticate",
    "needs a key from a letter": "account_confirm_email account_reset_password_from_key account_confirm_login_code",
    "of providers, which the site has where they are configured": """
        socialaccount_login_cancelled socialaccount_login_error socialaccount_signup
    """,
}


def stops(route: str) -> list[str]:
    """The pages of a route, one a string."""
    return [stop.strip() for line in route.strip().splitlines() for stop in line.split("|")]


def address(stop: str, world: World) -> str:
    """Where the page is in this world."""
    where, _, query = stop.partition("?")
    name, _, word = where.strip().partition(" ")
    query = {"two": world.two, "list": f"list={world.at['list'][0]}"}.get(query, query)
    return reverse(name, args=world.at[word] if word else ()) + (f"?{query}" if query else "")

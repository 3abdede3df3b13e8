"""What curators send in to verify a problem is no attempt of theirs: its verdicts are not noted, and those that were
are taken back by changes of the opposite sign. And the owner of what people have left behind is none of the people who
solve problems: what was kept of it goes.
"""

from django.db import migrations

_FUNCTION = """
CREATE OR REPLACE FUNCTION community_judged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.verdict NOT IN ('', 'IE'){old} THEN
        INSERT INTO community_change (user_id, problem_id, verdict, language, created_at, number)
        VALUES (OLD.user_id, OLD.problem_id, OLD.verdict, OLD.language, OLD.created_at, -1);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.verdict NOT IN ('', 'IE'){new} THEN
        INSERT INTO community_change (user_id, problem_id, verdict, language, created_at, number)
        VALUES (NEW.user_id, NEW.problem_id, NEW.verdict, NEW.language, NEW.created_at, 1);
    END IF;
    RETURN NULL;
END $$;
"""
# Whoever moves a submission from one lane to the other makes an attempt of it, or no longer one.
_TRIGGER = """
DROP TRIGGER community_judged ON submissions_submission;
CREATE TRIGGER community_judged AFTER UPDATE ON submissions_submission
FOR EACH ROW WHEN (
    (OLD.verdict, OLD.user_id, OLD.problem_id, OLD.language, OLD.time_ms, OLD.created_at{old}) IS DISTINCT FROM
    (NEW.verdict, NEW.user_id, NEW.problem_id, NEW.language, NEW.time_ms, NEW.created_at{new})
) EXECUTE FUNCTION community_judged();
"""
_NOTED = """
INSERT INTO community_change (user_id, problem_id, verdict, language, created_at, number)
SELECT user_id, problem_id, verdict, language, created_at, {number} FROM submissions_submission
WHERE verdict NOT IN ('', 'IE') AND lane = 'batch';
"""
_NOBODYS = """
DELETE FROM community_day WHERE user_id IN (SELECT id FROM accounts_user WHERE username = '[deleted]');
DELETE FROM community_languageuse WHERE user_id IN (SELECT id FROM accounts_user WHERE username = '[deleted]');
DELETE FROM community_standing WHERE user_id IN (SELECT id FROM accounts_user WHERE username = '[deleted]');
INSERT INTO community_change (user_id, problem_id, verdict, language, number)
SELECT user_id, problem_id, '', '', 0 FROM community_progress
WHERE user_id IN (SELECT id FROM accounts_user WHERE username = '[deleted]');
"""

FORWARDS = (
    _FUNCTION.format(old=" AND OLD.lane <> 'batch'", new=" AND NEW.lane <> 'batch'")
    + _TRIGGER.format(old=", OLD.lane", new=", NEW.lane")
    + _NOTED.format(number=-1)
    + _NOBODYS
)
BACKWARDS = _FUNCTION.format(old="", new="") + _TRIGGER.format(old="", new="") + _NOTED.format(number=1)


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0002_talk"),
        ("submissions", "0005_runs_and_drafts"),
        ("accounts", "0003_unread_answers"),
    ]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]

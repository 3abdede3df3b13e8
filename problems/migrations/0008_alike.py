"""Words of titles that are like typed ones, asked for in one query.

The function sets its own threshold for how alike two words must be (0 to 1, by trigrams): the default leaves out what
one letter has made of a short word. Its plan is kept by the connection.
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION problems_alike(given text[], most int) RETURNS TABLE (typed text, word text, problems int)
LANGUAGE plpgsql STABLE SET pg_trgm.similarity_threshold = 0.2 AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT t.typed, near.word::text, near.problems::int FROM unnest(given) AS t(typed)
    CROSS JOIN LATERAL (
        SELECT w.word, w.problems FROM problems_word w WHERE w.word % t.typed
        ORDER BY similarity(w.word, t.typed) DESC, w.problems DESC, w.word LIMIT most
    ) near
    WHERE NOT EXISTS (SELECT FROM problems_word known WHERE known.word = t.typed);
END $$;
"""
BACKWARDS = "DROP FUNCTION problems_alike;"


class Migration(migrations.Migration):
    dependencies = [
        ("problems", "0007_for_solvers"),
    ]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]

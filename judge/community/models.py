"""The community's tables, one module a subject."""

from judge.community.talk_models import Comment as Comment
from judge.community.talk_models import CommentReport as CommentReport
from judge.community.talk_models import CommentVote as CommentVote

"""The community's tables, one module a subject."""

from judge.community.solutions_models import GivenUp as GivenUp
from judge.community.solutions_models import Solution as Solution
from judge.community.solutions_models import SolutionVote as SolutionVote
from judge.community.talk_models import Comment as Comment
from judge.community.talk_models import CommentReport as CommentReport
from judge.community.talk_models import CommentVote as CommentVote
from judge.community.tickets_models import Ticket as Ticket
from judge.community.tickets_models import TicketMessage as TicketMessage

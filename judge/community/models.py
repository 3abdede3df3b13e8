"""The community app's tables, each family in a file of its own."""

from judge.community.list_models import ListEntry as ListEntry
from judge.community.list_models import ProblemList as ProblemList
from judge.community.list_models import Visibility as Visibility
from judge.community.solutions_models import GivenUp as GivenUp
from judge.community.solutions_models import Solution as Solution
from judge.community.solutions_models import SolutionVote as SolutionVote
from judge.community.standing_models import Change as Change
from judge.community.standing_models import Day as Day
from judge.community.standing_models import LanguageUse as LanguageUse
from judge.community.standing_models import ProblemTally as ProblemTally
from judge.community.standing_models import Progress as Progress
from judge.community.standing_models import Standing as Standing
from judge.community.talk_models import Comment as Comment
from judge.community.talk_models import CommentReport as CommentReport
from judge.community.talk_models import CommentVote as CommentVote
from judge.community.tickets_models import Ticket as Ticket
from judge.community.tickets_models import TicketMessage as TicketMessage

"""The community's pages in the admin, one module a subject."""

from judge.community import lists_admin as lists_admin
from judge.community import solutions_admin as solutions_admin
from judge.community import talk_admin as talk_admin

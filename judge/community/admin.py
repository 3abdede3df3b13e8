"""The community's pages in the admin, one module a subject."""

from judge.community import lists_admin as lists_admin

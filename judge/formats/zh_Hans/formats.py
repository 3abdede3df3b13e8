"""Thousands are parted, as people who read tables of numbers are used to; Django's own formats part nothing."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3

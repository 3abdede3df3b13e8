"""Small inputs grown from samples, and a search for one that a program answers wrongly.

`forms.py` says what a form of input is, `inferring.py` reads it off samples, `writing.py` writes new inputs of it from
a tape of numbers, `search.py` looks for the smallest that tells a program from the reference. Nothing here knows of any
input but the samples that it is given.
"""
